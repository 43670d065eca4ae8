package dev.panoptes.integrity.observed;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.panoptes.integrity.observed.CardSignature.Outcome;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CardVerifierTest {
    private static final String ORIGIN = "https://agents.example:8443";
    private static final String CARD =
            "{\"version\":\"2.1\", \"name\":\"W\u00e4tter\", \"skills\":[{\"id\":\"f\",\"tags\":[]}], \"n\": 1.0e1, \"x\":\"\"%s}";

    private static String url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static JsonNode card(String more) {
        return ForeignJson.object(CARD.formatted(more).getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode signed(String header, PrivateKey key, String algorithm, boolean dropped)
            throws GeneralSecurityException {
        String head = url(header.getBytes(StandardCharsets.UTF_8));
        String payload = url(CanonicalJson.of(card(""), dropped).getBytes(StandardCharsets.UTF_8));
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update((head + "." + payload).getBytes(StandardCharsets.US_ASCII));
        return card(",\"signatures\":[{\"protected\":\"" + head + "\",\"signature\":\"" + url(signer.sign()) + "\"}]");
    }

    private static KeyPair pair(String kind) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        if (kind.equals("EC")) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        }
        return generator.generateKeyPair();
    }

    private static String declared(KeyPair pair) {
        byte[] encoded = pair.getPublic().getEncoded();
        return "ed25519:"
                + Base64.getEncoder().encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    private static CardVerifier verifier(String declaredKey, Map<String, String> documents) {
        return new CardVerifier(ORIGIN, declaredKey, path -> {
            String document = documents.get(path);
            return document == null ? null : document.getBytes(StandardCharsets.UTF_8);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theKeyThatTheRegistryDeclaresDecides(boolean dropped) throws GeneralSecurityException {
        KeyPair pair = pair("Ed25519");
        JsonNode card = signed("{\"alg\":\"EdDSA\"}", pair.getPrivate(), "Ed25519", dropped);
        assertThat(verifier(declared(pair), Map.of()).verify(card).outcome()).isEqualTo(Outcome.RIGHT);
        assertThat(verifier(declared(pair("Ed25519")), Map.of()).verify(card))
                .isEqualTo(new CardSignature(
                        Outcome.WRONG, "has a signature that the key that the registry declares did not make"));
        assertThat(verifier("nonsense", Map.of()).verify(card).outcome()).isEqualTo(Outcome.UNVERIFIED);
    }

    private static String keys(String firstId, KeyPair first, String secondId, KeyPair second) {
        return "{\"keys\":["
                + new ECKey.Builder(Curve.P_256, (ECPublicKey) first.getPublic())
                        .keyID(firstId)
                        .build() + ","
                + new ECKey.Builder(Curve.P_256, (ECPublicKey) second.getPublic())
                        .keyID(secondId)
                        .build() + "]}";
    }

    @Test
    void keysOfItsOwnOriginAreTaken() throws GeneralSecurityException {
        KeyPair pair = pair("EC");
        KeyPair other = pair("EC");
        for (String jku : new String[] {ORIGIN + "/keys.json", "/keys.json"}) {
            JsonNode card = signed(
                    "{\"alg\":\"ES256\",\"kid\":\"k1\",\"jku\":\"" + jku + "\"}",
                    pair.getPrivate(),
                    "SHA256withECDSAinP1363Format",
                    true);
            assertThat(verifier(null, Map.of("/keys.json", keys("k1", pair, "k2", other)))
                            .verify(card)
                            .outcome())
                    .isEqualTo(Outcome.RIGHT);
            assertThat(verifier(null, Map.of("/keys.json", keys("k3", pair, "k1", other)))
                            .verify(card)
                            .outcome())
                    .isEqualTo(Outcome.WRONG);
            assertThat(verifier(null, Map.of("/keys.json", "[]")).verify(card).outcome())
                    .isEqualTo(Outcome.UNVERIFIED);
            assertThat(verifier(null, Map.of()).verify(card).outcome()).isEqualTo(Outcome.UNVERIFIED);
        }
    }

    @Test
    void aKeyOfAnotherKindIsNotTried() throws GeneralSecurityException {
        KeyPair rsa = pair("RSA");
        String keys = "{\"keys\":[" + new RSAKey.Builder((RSAPublicKey) rsa.getPublic()).build() + "]}";
        JsonNode right = signed("{\"alg\":\"RS256\",\"jku\":\"/k\"}", rsa.getPrivate(), "SHA256withRSA", false);
        assertThat(verifier(null, Map.of("/k", keys)).verify(right).outcome()).isEqualTo(Outcome.RIGHT);
        JsonNode confused = signed("{\"alg\":\"ES256\",\"jku\":\"/k\"}", rsa.getPrivate(), "SHA256withRSA", false);
        assertThat(verifier(null, Map.of("/k", keys)).verify(confused).outcome())
                .isEqualTo(Outcome.UNVERIFIED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/keys",
                "http://agents.example:8443/keys",
                "https://agents.example:8443.evil.example/keys",
                "https://agents.example:8443@evil.example/keys",
                "//evil.example/keys",
                "file:///etc/passwd",
                "/keys\\r\\nHost: evil",
                ""
            })
    void noOtherOriginIsAsked(String jku) throws GeneralSecurityException {
        JsonNode card = signed(
                "{\"alg\":\"ES256\",\"jku\":\"" + jku + "\"}",
                pair("EC").getPrivate(),
                "SHA256withECDSAinP1363Format",
                false);
        CardVerifier verifier = new CardVerifier(ORIGIN, null, path -> {
            throw new AssertionError("asked for " + path);
        });
        assertThat(verifier.verify(card).outcome()).isEqualTo(Outcome.UNVERIFIED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"alg\":\"none\"}|WRONG",
                "{}|WRONG",
                "no header|WRONG",
                "{\"alg\":\"HS256\",\"jku\":\"/k\"}|UNVERIFIED",
                "{\"alg\":\"ES256\",\"crit\":[\"exp\"],\"jku\":\"/k\"}|UNVERIFIED"
            })
    void whatIsNoSignatureIsWrong(String header, Outcome outcome) {
        JsonNode card = card(",\"signatures\":[{\"protected\":\"" + url(header.getBytes(StandardCharsets.UTF_8))
                + "\",\"signature\":\"AAAA\"}]");
        assertThat(verifier(null, Map.of("/k", "{\"keys\":[]}")).verify(card).outcome())
                .isEqualTo(outcome);
    }

    @Test
    void aChangedCardIsWrongAndAnUnsignedOneIsUnsigned() throws GeneralSecurityException {
        KeyPair pair = pair("Ed25519");
        String text = signed("{\"alg\":\"EdDSA\"}", pair.getPrivate(), "Ed25519", false)
                .toString();
        JsonNode changed = ForeignJson.object(text.replace("2.1", "2.2").getBytes(StandardCharsets.UTF_8));
        assertThat(verifier(declared(pair), Map.of()).verify(changed).outcome()).isEqualTo(Outcome.WRONG);
        assertThat(verifier(null, Map.of()).verify(card("")).outcome()).isEqualTo(Outcome.UNSIGNED);
        assertThat(verifier(null, Map.of()).verify(card(",\"signatures\":[]")).outcome())
                .isEqualTo(Outcome.UNSIGNED);
        assertThat(verifier(null, Map.of()).verify(card(",\"signatures\":[7]")).outcome())
                .isEqualTo(Outcome.WRONG);
    }

    /** RFC 8785, section 3.2.2 and appendix B. */
    @ParameterizedTest
    @CsvSource({
        "1E30,1e+30",
        "4.50,4.5",
        "2e-3,0.002",
        "0.000000000000000000000000001,1e-27",
        "333333333.33333329,333333333.3333333",
        "-0,0",
        "5e-324,5e-324",
        "1.7976931348623157e308,1.7976931348623157e+308",
        "9007199254740992,9007199254740992",
        "295147905179352830000,295147905179352830000",
        "1e21,1e+21",
        "1e-7,1e-7",
        "0.000001,0.000001"
    })
    void numbersAreWrittenAsEcmaScriptDoes(double value, String text) {
        assertThat(CanonicalJson.number(value)).isEqualTo(text);
    }

    @Test
    void fieldsAreSortedAndTextsEscaped() {
        JsonNode node = ForeignJson.object(
                "{\"\\u20ac\":1,\"\\r\":2,\"1\":[true,null,\"\\u000f\\u00e9/\\\"\"],\"\\ud83d\\ude00\":3,\"\\ufb33\":4}"
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(CanonicalJson.of(node, false))
                .isEqualTo(
                        "{\"\\r\":2,\"1\":[true,null,\"\\u000f\u00e9/\\\"\"],\"\u20ac\":1,\"\ud83d\ude00\":3,\"\ufb33\":4}");
    }
}
