package dev.panoptes.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.oidc.TestProvider.Person;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Logging in by way of a provider, as people do it and as an admin sees it. */
@ExtendWith(TestPostgres.class)
class OidcLoginTest {
    private static final String PUBLIC = "http://panoptes.test";

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

    private static JsonNode user(TestServer server, String name) throws IOException, InterruptedException {
        for (JsonNode each : server.get("/api/v1/users").json().path("items").values()) {
            if (each.path("name").asString().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("there is nobody called " + name);
    }

    private static Answer change(TestServer server, String name, String body) throws IOException, InterruptedException {
        return server.call(
                "PATCH", "/api/v1/users/" + user(server, name).path("id").asString(), body);
    }

    @Test
    void aPersonComesInWithTheRoleOfTheirGroupsAndStandsAmongTheUsers(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            OidcBrowser browser = new OidcBrowser(server);
            assertThat(browser.get("/login?next=%2Ftickets").body())
                    .contains("href=\"/login/oidc?next=%2Ftickets\"")
                    .contains("Log in with Example ID")
                    .contains("name=\"password\"");
            URI away = browser.away("/tickets");
            assertThat(away.toString()).startsWith(provider.issuer() + "/authorize?tenant=one&response_type=code&");
            assertThat(TestProvider.query(away))
                    .containsEntry("scope", "openid profile email")
                    .containsEntry("redirect_uri", PUBLIC + "/login/oidc/callback")
                    .containsEntry("code_challenge_method", "S256");

            Answer in = browser.get(OidcBrowser.visit(away));
            assertThat(in.status()).as(in.body()).isEqualTo(200);
            assertThat(in.header("Refresh"))
                    .as("the session's cookie is strict: a page of our own leads on")
                    .isEqualTo("0; url=/tickets");
            assertThat(in.body()).contains("href=\"/tickets\"");
            assertThat(in.header("Set-Cookie"))
                    .startsWith("panoptes_session=")
                    .contains("HttpOnly; SameSite=Strict; Max-Age=28800");
            assertThat(browser.role()).isEqualTo("operator");
            JsonNode ada = user(server, "ada");
            assertThat(ada.path("login").asString()).isEqualTo("oidc");
            assertThat(user(server, "admin").path("login").asString()).isEqualTo("password");
            assertThat(ada.path("password_change_required").asBoolean()).isFalse();
            String audit = server.get("/api/v1/audit").body();
            assertThat(audit).contains("\"action\":\"session.create\"").contains("\"by\": \"oidc\"");

            now.set(now.get().plus(Duration.ofHours(1)));
            browser.logIn();
            assertThat(server.get("/api/v1/users").json().path("items").size())
                    .as("the same person, whatever is changed in their name")
                    .isEqualTo(2);
        }
    }

    @Test
    void aRoleThatTheProviderTakesAwayIsGone(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            provider.person = new Person("s-1", "ada", List.of("chiefs", "staff"));
            OidcBrowser first = new OidcBrowser(server);
            first.logIn();
            assertThat(first.role()).isEqualTo("admin");

            provider.person = new Person("s-1", "ada", List.of("staff"));
            OidcBrowser second = new OidcBrowser(server);
            second.logIn();
            assertThat(second.role()).isEqualTo("viewer");
            assertThat(first.role()).as("also where they were in already").isEqualTo("viewer");
            assertThat(server.get("/api/v1/audit").body()).contains("\"action\":\"user.update\"");

            provider.person = new Person("s-1", "ada", List.of("others"));
            Answer refused = new OidcBrowser(server).logIn();
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("None of your groups has a role here");
            assertThat(first.role()).as("nobody stays in who may not come in").isEqualTo("401");
            assertThat(second.role()).isEqualTo("401");
            assertThat(server.get("/api/v1/audit").body()).contains("\"why\": \"none of the groups has a role\"");
        }
    }

    @Test
    void aSessionEndsAfterTheTimeThatIsSet(Databases databases) throws IOException, InterruptedException {
        Map<String, String> settings = new LinkedHashMap<>(provider.settings(PUBLIC));
        settings.put("oidc.session", "15m");
        try (TestServer server = TestServer.start(databases, directory, settings, now::get)) {
            OidcBrowser browser = new OidcBrowser(server);
            browser.logIn();
            now.set(now.get().plus(Duration.ofMinutes(14)));
            assertThat(browser.role()).isEqualTo("operator");
            now.set(now.get().plus(Duration.ofMinutes(2)));
            assertThat(browser.role()).isEqualTo("401");
        }
    }

    @Test
    void whoIsShutOutHereStaysOut(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            OidcBrowser browser = new OidcBrowser(server);
            browser.logIn();
            assertThat(change(server, "ada", "{\"disabled\": true}").status()).isEqualTo(200);
            assertThat(browser.role()).isEqualTo("401");
            provider.person = new Person("s-1", "ada", List.of("chiefs"));
            Answer refused = new OidcBrowser(server).logIn();
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("An admin has shut you out here.");
            assertThat(user(server, "ada").path("role").asString()).isEqualTo("operator");
        }
    }

    @Test
    void nobodyBecomesALocalUserByBearingTheName(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            server.post("/api/v1/users", "{\"name\": \"Ada\", \"role\": \"admin\"}");
            change(server, "Ada", "{\"disabled\": true}");
            for (String name : new String[] {"ada", "ADMIN"}) {
                provider.person = new Person("s-" + name, name, List.of("chiefs"));
                Answer refused = new OidcBrowser(server).logIn();
                assertThat(refused.status()).isEqualTo(403);
                assertThat(refused.body()).contains("There is a local user called " + name);
            }

            assertThat(change(server, "Ada", "{\"login\": \"oidc\"}").status()).isEqualTo(200);
            provider.person = new Person("s-ada", "ada", List.of("chiefs"));
            assertThat(new OidcBrowser(server).logIn().body()).contains("An admin has shut you out here.");
            change(server, "Ada", "{\"disabled\": false}");
            OidcBrowser browser = new OidcBrowser(server);
            browser.logIn();
            assertThat(browser.role()).isEqualTo("admin");
            provider.person = new Person("another", "ada", List.of("chiefs"));
            assertThat(new OidcBrowser(server).logIn().status())
                    .as("it has been claimed")
                    .isEqualTo(403);
        }
    }

    @Test
    void aLocalAdminIsAlwaysTheWayBackIn(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            provider.person = new Person("s-1", "ada", List.of("chiefs"));
            new OidcBrowser(server).logIn();
            for (String body :
                    new String[] {"{\"disabled\": true}", "{\"role\": \"viewer\"}", "{\"login\": \"oidc\"}"}) {
                assertThat(change(server, "admin", body).status()).as(body).isEqualTo(409);
            }
            for (String body : new String[] {"{\"role\": \"viewer\"}", "{\"reset_password\": true}"}) {
                assertThat(change(server, "ada", body).status())
                        .as("what the provider says is not said here")
                        .isEqualTo(409);
            }
            Answer local = change(server, "ada", "{\"login\": \"password\"}");
            assertThat(local.json().path("one_time_password").asString()).hasSize(24);
            assertThat(local.json().path("login").asString()).isEqualTo("password");
            assertThat(new OidcBrowser(server).logIn().status()).isEqualTo(403);
            assertThat(change(server, "admin", "{\"disabled\": true}").status()).isEqualTo(200);
            assertThat(change(server, "ada", "{\"login\": \"sideways\"}").status())
                    .isEqualTo(400);
        }
    }

    @Test
    void groupsAndNameComeFromUserinfoWhereTheTokenHasNone(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            provider.groupsInToken = false;
            OidcBrowser browser = new OidcBrowser(server);
            browser.logIn();
            assertThat(browser.role()).isEqualTo("operator");
            assertThat(user(server, "ada").path("login").asString()).isEqualTo("oidc");

            provider.userinfo = all -> all.put("sub", "somebody else");
            assertThat(new OidcBrowser(server).logIn().body())
                    .contains("userinfo is about another person than its ID token");
        }
    }

    @Test
    void aNestedClaimAndAClientThatIsKnownByItsForm(Databases databases) throws IOException, InterruptedException {
        Map<String, String> settings = new LinkedHashMap<>(provider.settings(PUBLIC));
        settings.put("oidc.roles_claim", "realm_access.roles");
        settings.put("oidc.name_claim", "email");
        settings.put("oidc.roles.viewer", "*");
        provider.metadata = all ->
                all.put("token_endpoint_auth_methods_supported", List.of("private_key_jwt", "client_secret_post"));
        provider.claims = set ->
                set.claim("realm_access", Map.of("roles", List.of("chiefs"))).claim("email", "ada@id.example");
        try (TestServer server = TestServer.start(databases, directory, settings, now::get)) {
            OidcBrowser browser = new OidcBrowser(server);
            browser.logIn();
            assertThat(browser.role()).isEqualTo("admin");
            assertThat(user(server, "ada@id.example").path("role").asString()).isEqualTo("admin");
            provider.person = new Person("s-2", "bea", List.of());
            provider.claims = set -> set.claim("email", "bea@id.example");
            OidcBrowser other = new OidcBrowser(server);
            other.logIn();
            assertThat(other.role()).as("everybody may look").isEqualTo("viewer");
        }
    }

    @Test
    void aLoginBegunAtOneReplicaEndsAtAnotherAndOnlyOnce(Databases databases) throws IOException, InterruptedException {
        DatabaseAddress address = databases.freshAddress();
        Map<String, String> settings = provider.settings(PUBLIC);
        try (TestServer one = TestServer.start(databases, address, directory.resolve("one"), settings, now::get);
                TestServer two = TestServer.start(databases, address, directory.resolve("two"), settings, now::get)) {
            OidcBrowser browser = new OidcBrowser(one);
            String back = OidcBrowser.visit(browser.away("/fleet"));
            browser.movesTo(two);
            assertThat(browser.get(back).header("Refresh")).isEqualTo("0; url=/fleet");
            assertThat(browser.role()).isEqualTo("operator");
            for (TestServer replica : List.of(two, one)) {
                browser.movesTo(replica);
                Answer replayed = browser.get(back);
                assertThat(replayed.status()).isEqualTo(403);
                assertThat(replayed.body()).contains("is over");
            }
            assertThat(provider.calls.stream().filter("POST /token"::equals)).hasSize(1);
        }
    }

    @Test
    void aLogoutEndsTheSessionHereAndAtTheProvider(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            OidcBrowser browser = new OidcBrowser(server);
            browser.logIn();
            assertThat(browser.post("/logout", Map.of()).status())
                    .as("another site cannot log anybody out")
                    .isEqualTo(403);
            assertThat(browser.role()).isEqualTo("operator");
            Map<String, String> before = new LinkedHashMap<>(browser.cookies);
            Answer out = browser.logOut();
            URI farewell =
                    URI.create(Objects.requireNonNull(out.header("Refresh")).replace("0; url=", ""));
            assertThat(farewell.toString()).startsWith(provider.issuer() + "/end?id_token_hint=ey");
            assertThat(TestProvider.query(farewell))
                    .containsEntry("client_id", TestProvider.CLIENT)
                    .containsEntry("post_logout_redirect_uri", PUBLIC + "/login");
            browser.cookies.putAll(before);
            assertThat(browser.role()).as("the session itself has ended").isEqualTo("401");
            assertThat(OidcBrowser.visit(farewell)).startsWith("/login");
        }
    }

    @Test
    void aLogoutDoesNotNeedTheProvider(Databases databases) throws IOException, InterruptedException {
        provider.metadata = all -> all.remove("end_session_endpoint");
        try (TestServer server = start(databases)) {
            OidcBrowser browser = new OidcBrowser(server);
            browser.logIn();
            assertThat(browser.logOut().header("Location")).isEqualTo("/login");
            browser.logIn();
            now.set(now.get().plus(Duration.ofHours(2)));
            provider.misbehaviour.put("/.well-known/openid-configuration", TestProvider.Misbehaviour.ERROR);
            assertThat(browser.logOut().header("Location")).isEqualTo("/login");
            assertThat(browser.role()).isEqualTo("401");
        }
    }
}
