package dev.panoptes.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.oidc.TestProvider.Misbehaviour;
import dev.panoptes.server.oidc.TestProvider.Person;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What forged tokens, other sites, other browsers and a provider that is broken get: no session, and a sentence that says why. */
@ExtendWith(TestPostgres.class)
class OidcAttackTest {
    private static final String PUBLIC = "http://panoptes.test";
    private static final String DISCOVERY = "/.well-known/openid-configuration";

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T00:00:00Z"));
    private final TestProvider provider = new TestProvider("127.0.0.1", now::get);

    @AfterEach
    void close() {
        provider.close();
    }

    private TestServer start(Databases databases) throws InterruptedException {
        return TestServer.start(databases, directory, provider.settings(PUBLIC), now::get);
    }

    private void later(Duration time) {
        now.set(now.get().plus(time));
    }

    private static void isNobody(OidcBrowser browser, Answer answer, int status, String why) {
        assertThat(answer.body()).contains("role=\"alert\">").contains(why).contains("name=\"password\"");
        assertThat(answer.status()).as(why).isEqualTo(status);
        assertThat(browser.cookies).as(why).doesNotContainKey("panoptes_session");
    }

    private String rewritten(String token, UnaryOperator<JWTClaimsSet> change, Signing signing) {
        try {
            return signing.sign(change.apply(SignedJWT.parse(token).getJWTClaimsSet()));
        } catch (ParseException | JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Signing {
        String sign(JWTClaimsSet claims) throws JOSEException;
    }

    private UnaryOperator<String> signed(Signing signing) {
        return token -> rewritten(token, claims -> claims, signing);
    }

    @Test
    void aForgedTokenOpensNothing(Databases databases) throws IOException, InterruptedException, JOSEException {
        RSAKey own = TestProvider.newKey("key-1");
        RSAKey stranger = TestProvider.newKey("key-of-mine");
        RSAKey real = provider.keys.getLast();
        byte[] known = real.toPublicJWK().toRSAPublicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(known)
                + "\n-----END PUBLIC KEY-----\n";
        Map<String, UnaryOperator<String>> tokens = new LinkedHashMap<>();
        tokens.put("the ID token is no signed token", signed(claims -> new PlainJWT(claims).serialize()));
        tokens.put("is no signed token", _ -> "x.y.z");
        tokens.put(
                "an algorithm that is not taken",
                signed(claims -> TestProvider.sign(
                        claims, JWSAlgorithm.HS256, JOSEObjectType.JWT, "key-1", new MACSigner(known))));
        tokens.put(
                "algorithm that is not taken",
                signed(claims -> TestProvider.sign(
                        claims,
                        JWSAlgorithm.HS256,
                        JOSEObjectType.JWT,
                        "key-1",
                        new MACSigner(pem.getBytes(StandardCharsets.US_ASCII)))));
        tokens.put(
                "signed with an algorithm that is not taken",
                signed(claims -> TestProvider.sign(
                        claims,
                        JWSAlgorithm.HS256,
                        JOSEObjectType.JWT,
                        "key-1",
                        new MACSigner(TestProvider.SECRET.repeat(2)))));
        tokens.put("the signature of the ID token is wrong", signed(claims -> TestProvider.sign(claims, own)));
        tokens.put("a key that the provider does not name", signed(claims -> TestProvider.sign(claims, stranger)));
        tokens.put("signature of the ID token is wrong", token -> {
            String[] parts = token.split("\\.");
            String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                    .replace("staff", "chiefs");
            return parts[0] + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                    + "." + parts[2];
        });
        tokens.put(
                "no ID token but another kind of token",
                signed(claims -> TestProvider.sign(
                        claims, JWSAlgorithm.RS256, new JOSEObjectType("at+jwt"), "key-1", new RSASSASigner(real))));
        tokens.put("the ID token is too long", token -> token + "x".repeat(70_000));
        try (TestServer server = start(databases)) {
            provider.person = new Person("s-1", "ada", List.of("staff"));
            for (Map.Entry<String, UnaryOperator<String>> each : tokens.entrySet()) {
                provider.idToken = each.getValue();
                OidcBrowser browser = new OidcBrowser(server);
                isNobody(browser, browser.logIn(), 503, each.getKey());
            }
            provider.idToken = UnaryOperator.identity();
            assertThat(server.get("/api/v1/users").json().path("items").size()).isEqualTo(1);
            OidcBrowser browser = new OidcBrowser(server);
            browser.logIn();
            assertThat(browser.role()).as("a good one does").isEqualTo("viewer");
        }
    }

    private static Date date(Instant instant) {
        return Date.from(instant);
    }

    @Test
    void aTokenIsForThisLoginByThisProviderAtThisTime(Databases databases) throws IOException, InterruptedException {
        Instant at = now.get();
        Map<String, UnaryOperator<JWTClaimsSet.Builder>> wrong = new LinkedHashMap<>();
        wrong.put("the ID token is of another provider", set -> set.issuer(provider.issuer() + "/"));
        wrong.put("is of another provider", set -> set.issuer(null));
        wrong.put("the ID token is for another client", set -> set.audience("somebody"));
        wrong.put("is for another client", set -> set.audience(List.of()));
        wrong.put(
                "the ID token was given to another client", set -> set.audience(List.of(TestProvider.CLIENT, "other")));
        wrong.put("was given to another client", set -> set.claim("azp", "other"));
        wrong.put("the ID token has expired", set -> set.expirationTime(date(at.minusSeconds(90))));
        wrong.put("the ID token has no exp", set -> set.expirationTime(null));
        wrong.put("the ID token has no iat", set -> set.issueTime(null));
        wrong.put("the ID token is from the future", set -> set.issueTime(date(at.plusSeconds(90))));
        wrong.put("one of the two clocks is wrong", set -> set.notBeforeTime(date(at.plusSeconds(90))));
        wrong.put("the ID token is for another login", set -> set.claim("nonce", "another"));
        wrong.put("is for another login", set -> set.claim("nonce", null));
        wrong.put(
                "the ID token belongs to another access token", set -> set.claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"));
        wrong.put("the ID token names nobody", set -> set.subject(null));
        wrong.put("names nobody", set -> set.subject("x".repeat(256)));
        Map<String, UnaryOperator<JWTClaimsSet.Builder>> right = new LinkedHashMap<>();
        right.put("a clock that is slow", set -> set.expirationTime(date(at.minusSeconds(30))));
        right.put("a clock that is fast", set -> set.issueTime(date(at.plusSeconds(30))));
        right.put(
                "several audiences",
                set -> set.audience(List.of("other", TestProvider.CLIENT)).claim("azp", TestProvider.CLIENT));
        right.put("no hash", set -> set.claim("at_hash", null));
        try (TestServer server = start(databases)) {
            for (Map.Entry<String, UnaryOperator<JWTClaimsSet.Builder>> each : wrong.entrySet()) {
                provider.claims = each.getValue();
                OidcBrowser browser = new OidcBrowser(server);
                isNobody(browser, browser.logIn(), 503, each.getKey());
            }
            for (Map.Entry<String, UnaryOperator<JWTClaimsSet.Builder>> each : right.entrySet()) {
                provider.claims = each.getValue();
                OidcBrowser browser = new OidcBrowser(server);
                browser.logIn();
                assertThat(browser.role()).as(each.getKey()).isEqualTo("operator");
            }
        }
    }

    @Test
    void aNewKeyCountsAtOnceAndAWithdrawnOneSoonNotAnyMore(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            RSAKey old = provider.keys.getLast();
            new OidcBrowser(server).logIn();
            later(Duration.ofSeconds(11));
            provider.keys.add(TestProvider.newKey("key-2"));
            OidcBrowser browser = new OidcBrowser(server);
            browser.logIn();
            assertThat(browser.role()).isEqualTo("operator");
            assertThat(provider.calls.stream().filter("GET /keys"::equals)).hasSize(2);

            provider.keys.remove(old);
            provider.idToken = signed(claims -> TestProvider.sign(claims, old));
            later(Duration.ofMinutes(5));
            OidcBrowser late = new OidcBrowser(server);
            isNobody(late, late.logIn(), 503, "a key that the provider does not name");
        }
    }

    @Test
    void aLoginComesBackOnceToTheBrowserThatBeganIt(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            OidcBrowser attacker = new OidcBrowser(server);
            String theirs = OidcBrowser.visit(attacker.away("/fleet"));
            OidcBrowser victim = new OidcBrowser(server);
            String over = "was not begun in this browser, or is over";
            isNobody(victim, victim.get(theirs), 403, over);
            String mine = OidcBrowser.visit(victim.away("/fleet"));
            isNobody(victim, victim.get(theirs), 403, over);
            isNobody(victim, victim.get("/login/oidc/callback"), 403, over);
            isNobody(victim, victim.get(mine.replaceAll("state=[^&]*", "state=")), 403, over);

            String state = mine.replaceAll(".*state=([^&]*).*", "$1");
            isNobody(
                    victim,
                    victim.get(theirs.replaceAll("state=[^&]*", "state=" + state)),
                    503,
                    "the provider gave no token for the login: invalid_grant");
            isNobody(victim, victim.get(mine), 403, over);

            String cookie = Objects.requireNonNull(attacker.cookies.get("panoptes_oidc"));
            for (String other : new String[] {
                "",
                "x",
                cookie.substring(1),
                (cookie.startsWith("A") ? "B" : "A") + cookie.substring(1),
                "A".repeat(9_000)
            }) {
                attacker.cookies.put("panoptes_oidc", other);
                Answer answer = attacker.get(theirs);
                assertThat(answer.status()).isIn(403, 431);
            }
            attacker.cookies.put("panoptes_oidc", cookie);
            later(Duration.ofMinutes(10));
            isNobody(attacker, attacker.get(theirs), 403, over);
            assertThat(attacker.get(mine + "&state=again").status()).isEqualTo(400);
        }
    }

    @Test
    void anAnswerSaysWhoGivesIt(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            for (Consumer<Map<String, String>> change : List.<Consumer<Map<String, String>>>of(
                    back -> back.remove("iss"), back -> back.put("iss", "https://evil.example"))) {
                provider.answer = change;
                OidcBrowser browser = new OidcBrowser(server);
                isNobody(browser, browser.logIn(), 503, "came from another provider");
            }
            assertThat(provider.calls).doesNotContain("POST /token");
            provider.answer = back -> {
                back.remove("code");
                back.put("error", "access_denied");
            };
            OidcBrowser browser = new OidcBrowser(server);
            isNobody(browser, browser.logIn(), 403, "The provider did not let you in.");
            provider.answer = back -> {
                back.remove("code");
                back.put("error", "<b>call 555</b>");
                back.put("error_description", "<b>call 555</b>");
            };
            Answer strange = browser.logIn();
            isNobody(browser, strange, 403, "The provider could not log you in.");
            assertThat(strange.body()).doesNotContain("555");
            provider.answer = back -> back.remove("code");
            isNobody(browser, browser.logIn(), 503, "holds no code");
        }
    }

    @Test
    void aLoginLeadsToPagesOfOurOwnOnly(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            for (String next : new String[] {
                "https://evil.example/", "//evil.example", "/\\evil.example", "/status/../../x", "javascript:alert(1)"
            }) {
                OidcBrowser browser = new OidcBrowser(server);
                String back = OidcBrowser.visit(browser.away(next));
                String more = "&next=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
                Answer in = browser.get(back + more);
                assertThat(in.header("Refresh")).as(next).isEqualTo("0; url=/dashboard");
                assertThat(in.body()).doesNotContain("evil");
            }
        }
    }

    @Test
    void aProviderThatIsAnotherOrCannotDoWhatIsNeededIsNotUsed(Databases databases)
            throws IOException, InterruptedException {
        Map<String, Consumer<Map<String, Object>>> wrong = new LinkedHashMap<>();
        wrong.put(
                "the provider calls itself &#39;https://evil.example&#39;",
                all -> all.put("issuer", "https://evil.example"));
        wrong.put("letter by letter", all -> all.put("issuer", provider.issuer() + "/"));
        wrong.put("has no token_endpoint", all -> all.remove("token_endpoint"));
        wrong.put(
                "token_endpoint of the provider is no https URL",
                all -> all.put("token_endpoint", "http://192.0.2.1/t"));
        wrong.put("jwks_uri of the provider is no https URL", all -> all.put("jwks_uri", "file:///etc/passwd"));
        wrong.put(
                "authorization_endpoint of the provider is no",
                all -> all.put("authorization_endpoint", "javascript:1"));
        wrong.put("has no S256 in", all -> all.put("code_challenge_methods_supported", List.of("plain")));
        wrong.put(
                "has no code in response_types_supported",
                all -> all.put("response_types_supported", List.of("id_token")));
        wrong.put(
                "signs with [HS256, none] only",
                all -> all.put("id_token_signing_alg_values_supported", List.of("HS256", "none")));
        wrong.put(
                "takes no client secret",
                all -> all.put("token_endpoint_auth_methods_supported", List.of("private_key_jwt")));
        try (TestServer server = start(databases)) {
            for (Map.Entry<String, Consumer<Map<String, Object>>> each : wrong.entrySet()) {
                provider.metadata = each.getValue();
                OidcBrowser browser = new OidcBrowser(server);
                isNobody(browser, browser.get("/login/oidc"), 503, each.getKey().replace("&#39;", "'"));
                later(Duration.ofSeconds(4));
            }
        }
    }

    @Test
    void aProviderThatIsBrokenHoldsUpNobodyElse(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Map<Misbehaviour, String> says = new LinkedHashMap<>();
            says.put(Misbehaviour.ERROR, "was answered with 500");
            says.put(Misbehaviour.REDIRECT, "was answered with 303");
            says.put(Misbehaviour.GARBAGE, "is no JSON");
            says.put(Misbehaviour.HUGE, "cannot be had");
            says.put(Misbehaviour.HANG, "did not come within 5 s");
            for (Map.Entry<Misbehaviour, String> each : says.entrySet()) {
                provider.misbehaviour.put(DISCOVERY, each.getKey());
                OidcBrowser browser = new OidcBrowser(server);
                isNobody(browser, browser.get("/login/oidc"), 503, each.getValue());
                int calls = provider.calls.size();
                isNobody(browser, browser.get("/login/oidc"), 503, each.getValue());
                assertThat(provider.calls).as("not asked again at once").hasSize(calls);
                later(Duration.ofSeconds(4));
            }
            provider.misbehaviour.clear();
            for (String path : new String[] {"/keys", "/token", "/userinfo"}) {
                provider.groupsInToken = !path.equals("/userinfo");
                for (Misbehaviour each : path.equals("/keys") ? says.keySet() : List.of(Misbehaviour.HUGE)) {
                    provider.misbehaviour.put(path, each);
                    later(Duration.ofMinutes(6));
                    OidcBrowser browser = new OidcBrowser(server);
                    isNobody(browser, browser.logIn(), 503, "The provider could not be used: ");
                }
                provider.misbehaviour.clear();
            }
            assertThat(provider.calls).doesNotContain("GET /elsewhere");
            provider.groupsInToken = true;
            OidcBrowser browser = new OidcBrowser(server);
            browser.logIn();
            assertThat(browser.role()).isEqualTo("operator");
        }
    }
}
