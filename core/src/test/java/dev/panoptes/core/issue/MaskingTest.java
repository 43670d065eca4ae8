package dev.panoptes.core.issue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DB_PASSWORD=hunter2|DB_PASSWORD=***",
                "api-key: 'a b'|api-key: ***",
                "SECRET_KEY_BASE=abc|SECRET_KEY_BASE=***",
                "jwtSecret = abc|jwtSecret = ***",
                "http://me:pw@db:5432/x|http://***@db:5432/x",
                "GET http://a/?x=1&access_token=abc&y=2|GET http://a/?x=1&access_token=***&y=2",
                "Authorization: Bearer abcdefgh|Authorization: ***",
                "-H 'Authorization: Basic YWJjOmRlZg=='|-H 'Authorization: ***'",
                "X-Api-Key: abc|X-Api-Key: ***",
                "Cookie: a=b; c=d|Cookie: ***",
                "sent Bearer abcdefgh.ijk to it|sent Bearer *** to it",
                "uses ghp_abcdefghij0123456789 there|uses *** there",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc|***",
                "AKIAABCDEFGHIJKLMNOP|***",
                "sk-ant-REDACTED|***"
            })
    void secretsAreHidden(String text, String masked) {
        assertThat(Masking.mask(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "monkey: url http://a:1",
                "keyboard-driver: no actions",
                "keycloak=on",
                "turkey = 4",
                "listens on 8014 (dual stack)",
                "the basic idea of it"
            })
    void otherWordsAreLeftAlone(String text) {
        assertThat(Masking.mask(text)).isEqualTo(text);
    }

    @Test
    void namesOfTheRegistryAndWordsOfParsersAreNoKeysOfSecrets() {
        for (String text : new String[] {
            "token: url http://a:1",
            "api-key: no actions",
            "password-manager: url http://b:2",
            "while scanning for the next token: found character '\\t'"
        }) {
            assertThat(new Evidence("registry", "r.yaml", 1, text).text()).isEqualTo(text);
        }
        assertThat(new Evidence("registry", "r.yaml", 1, "a: url http://x:y@a:1/?key=z").text())
                .isEqualTo("a: url http://***@a:1/?key=***");
    }

    @Test
    void whatCannotBeSeenBecomesABlank() {
        assertThat(Masking.mask("a\u202eb\u200bc\u0007d\u2066e")).isEqualTo("a b c d e");
    }

    /** One token for each alternative of the pattern: a prefix that is added to it must be added to the texts looked for first. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "eyJhbGciOiJI.eyJzdWIiOiIx.c2ln",
                "ghp_",
                "gho_",
                "ghu_",
                "ghs_",
                "ghr_",
                "github_pat_",
                "glpat-",
                "gldt-",
                "xoxa-",
                "xoxb-",
                "xoxo-",
                "xoxs-",
                "xoxr-",
                "xoxp-",
                "xapp-",
                "sk-",
                "sk-proj-",
                "sk-ant-",
                "sk_live_",
                "sk_test_",
                "rk_live_",
                "rk_test_",
                "whsec_",
                "hf_",
                "npm_",
                "pypi-",
                "dop_v1_",
                "SG.",
                "AIza",
                "ya29.",
                "hvs.",
                "dckr_pat_",
                "shpat_",
                "lin_api_",
                "nvapi-",
                "tskey-",
                "AKIA",
                "ASIA",
                "-----BEGIN RSA PRIVATE KEY-----"
            })
    void tokensOfKnownFormsAreHidden(String prefix) {
        String token = prefix + "ABCDEFGHIJKLMNOP";
        assertThat(Masking.maskOwnWords("it says " + token))
                .doesNotContain("ABCDEFGHIJ")
                .startsWith("it says ");
    }
}
