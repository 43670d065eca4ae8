package dev.panoptes.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.detections.SentAttack;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The pages in a real browser: every one of them, every action, both colour schemes, wide and narrow. */
@ExtendWith({TestPostgres.class, Chromium.class})
class ChromiumTest {
    private static final List<String> PAGES = List.of(
            "/dashboard",
            "/status",
            "/integrity",
            "/integrity?state=resolved",
            "/integrity?range=7d&owner=nobody",
            "/fleet",
            "/fleet?q=nothing-is-called-this",
            "/fleet/agent?id=one",
            "/fleet/agent?id=one&tab=config",
            "/fleet/agent?id=one&tab=tickets",
            "/fleet/agent?id=one&tab=history",
            "/fleet/host?name=a",
            "/fleet/host?name=a&tab=processes",
            "/fleet/host?name=a&tab=sensors",
            "/detections",
            "/detections?incidents=resolved",
            "/detections?range=1h",
            "/detections/rules",
            "/detections/rules?level=high&search=shell",
            "/detections/rules?rule=auth_account_created",
            "/detections/attack",
            "/events",
            "/tickets",
            "/settings",
            "/settings/users",
            "/settings/channels",
            "/settings/waivers",
            "/settings/silences",
            "/settings/suppressions",
            "/settings/schemas",
            "/settings/servers",
            "/settings/audit",
            "/api",
            "/api/try",
            "/password",
            "/login",
            "/scan/last");

    @TempDir
    Path directory;

    private Map<String, String> settings() throws IOException {
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), """
            version: '1.0'
            agents:
              one: {name: '<script>alert(1)</script>', host: a, connection: {url: 'http://one:18020'}}
              two: {name: 'TWO', host: a, connection: {url: 'http://two:18020'}}
              three: {name: 'مرحبا 🦉 אב', host: b, connection: {url: 'http://three:18021'}}
              four: {name: '%s', host: b, connection: {url: 'http://four:18022'}}
            """.formatted("X".repeat(255)));
        return Map.of("registry", registry.toString(), "observe.local", "false", "limits.streams_per_caller", "1000");
    }

    @Test
    void everyPageFitsEverybodyAndEveryWidth(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, settings());
                Visitor visitor = Visitor.admin(chromium, server)) {
            List<String> wrong = new ArrayList<>();
            for (String path : PAGES) {
                visitor.open(path);
                if (!visitor.tooWide().isEmpty()) {
                    wrong.add(path + " is too wide for its window at " + visitor.tooWide());
                }
                for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
                    visitor.page()
                            .emulateMedia(new Page.EmulateMediaOptions()
                                    .setColorScheme(scheme)
                                    // Colours are judged as they stay, not on their way from one scheme to the other.
                                    .setReducedMotion(ReducedMotion.REDUCE));
                    for (int width : new int[] {1440, 390}) {
                        visitor.page().setViewportSize(width, 900);
                        String unfit = visitor.unfit();
                        if (!unfit.isEmpty()) {
                            wrong.add(path + " " + scheme + " " + width + ": " + unfit);
                        }
                    }
                }
                visitor.page().setViewportSize(1440, 1000);
                visitor.complaints().forEach(complaint -> wrong.add(path + " complains: " + complaint));
                visitor.complaints().clear();
            }
            assertThat(wrong).isEmpty();
        }
    }

    @Test
    void anOpenPageFollowsTheFirstScanAndThoseAfterIt(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        Path registry = directory.resolve("later.yaml");
        String agent = "  %s: {name: %s, host: a, connection: {url: 'http://one:%d'}}\n";
        try (TestServer server = TestServer.start(
                        databases, directory, Map.of("registry", registry.toString(), "observe.local", "false"));
                Visitor visitor = Visitor.admin(chromium, server)) {
            visitor.open("/dashboard");
            visitor.says("Declare your fleet");
            String one = "version: '1.0'\nagents:\n" + String.format(Locale.ROOT, agent, "one", "one", 18020);
            Files.writeString(registry, one);
            assertThat(server.post("/scan", "").status()).isEqualTo(200);
            visitor.until("document.querySelector('#vitals')?.innerText.includes('of 1 healthy')");
            Files.writeString(registry, one + String.format(Locale.ROOT, agent, "two", "two", 18021));
            assertThat(server.post("/scan", "").status()).isEqualTo(200);
            visitor.until("document.querySelector('#vitals').innerText.includes('of 2 healthy')");
            visitor.open("/status");
            visitor.until("/2\\sagents/.test(document.querySelector('#whole').innerText)");
            Files.writeString(registry, one);
            assertThat(server.post("/scan", "").status()).isEqualTo(200);
            visitor.until("/1\\sagent/.test(document.querySelector('#whole').innerText)");
            visitor.isQuiet();
        }
    }

    @Test
    void anEmptyServerSaysWhatToDo(Databases databases, Chromium.Running chromium) throws InterruptedException {
        Path nothing = directory.resolve("nothing.yaml");
        try (TestServer server = TestServer.start(
                        databases, directory, Map.of("registry", nothing.toString(), "observe.local", "false"));
                Visitor visitor = Visitor.admin(chromium, server)) {
            visitor.open("/dashboard");
            visitor.says("Declare your fleet");
            visitor.says("panoptes adopt --output " + nothing);
            assertThat(visitor.unfit()).isEmpty();
            assertThat(visitor.tooWide()).isEmpty();
            for (String path : List.of("/integrity", "/fleet", "/detections", "/tickets", "/status")) {
                assertThat(visitor.open(path).status()).as(path).isEqualTo(200);
                assertThat(visitor.unfit()).as(path).isEmpty();
            }
            visitor.isQuiet();
        }
    }

    @Test
    void anIssueIsTakenUpWaivedAndSilencedByHand(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, settings());
                Visitor visitor = Visitor.admin(chromium, server);
                Visitor second = new Visitor(chromium, server.url(), true)) {
            second.logIn("admin", Visitor.PASSWORD);
            second.open("/integrity");
            visitor.open("/integrity");
            visitor.find(".rows details summary").first().click();
            visitor.press(".rows details[open] [data-key=a]", "Acknowledged.");
            visitor.says("Taken up 1");
            visitor.says("Mine 1");
            // The other one sees what the first has done, without doing anything.
            second.until("document.body.innerText.includes('Taken up 1')");

            visitor.find(".rows details[open] .note a").first().click();
            visitor.page().waitForURL("**/integrity/issues/**");
            visitor.page().fill("#act input[name=note]", "I look at it");
            visitor.press("#act button", "Saved.");
            visitor.says("I look at it");
            visitor.find("form[data-call*='/waive'] [name=reason]").fill("moves next week");
            visitor.press("form[data-call*='/waive'] button", "Waived.");
            visitor.says("moves next week");
            visitor.open("/settings/waivers");
            visitor.says("moves next week");
            visitor.press("button[data-call^='DELETE /api/v1/waivers/']", "Sure? Revoke it");
            visitor.press("button[data-call^='DELETE /api/v1/waivers/']", "Revoked.");

            visitor.open("/settings/silences");
            visitor.page().fill("[name='matcher.check']", "port-*");
            visitor.page().fill("[name=reason]", "night work");
            visitor.press("form[data-call] button", "Silenced.");
            visitor.says("check: port-*");
            visitor.isQuiet();
            assertThat(server.get("/api/v1/audit").body())
                    .contains("issue.acknowledge")
                    .contains("waiver.create")
                    .contains("waiver.revoke")
                    .contains("silence.create");
        }
    }

    @Test
    void aScanIsStartedAndEverythingIsFoundByTheKeyboard(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, settings());
                Visitor visitor = Visitor.admin(chromium, server)) {
            visitor.open("/dashboard");
            visitor.press("[data-scan]", "finished in");
            visitor.page().keyboard().press("Control+k");
            visitor.page().keyboard().type("two");
            visitor.until("document.querySelector('#pal-l li')?.textContent.includes('TWO')");
            assertThat(visitor.unfit()).isEmpty();
            visitor.page().keyboard().press("Enter");
            visitor.page().waitForURL("**/fleet/agent?id=two");
            visitor.page().keyboard().press("g");
            visitor.page().keyboard().press("f");
            visitor.page().waitForURL("**/fleet");
            visitor.until("document.querySelectorAll('.vrow .nm').length === 4");
            visitor.page().fill("#fq", "host:b");
            visitor.until("document.querySelector('#vt').getAttribute('aria-rowcount') === '3'");
            assertThat(visitor.page().url()).contains("q=host%3Ab");
            visitor.find("#vt").focus();
            visitor.page().keyboard().press("j");
            assertThat(visitor.find(".vrow[aria-selected=true]").getAttribute("aria-rowindex"))
                    .isEqualTo("3");
            visitor.page().keyboard().press("Enter");
            visitor.page().waitForURL("**/fleet/agent?id=**");
            visitor.isQuiet();
        }
    }

    @Test
    void anAgentIsEnrolledConfiguredAndItsFindingBecomesATicket(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, settings());
                Visitor visitor = Visitor.admin(chromium, server)) {
            visitor.open("/settings/tokens");
            visitor.page().fill("form[data-call='POST /api/v1/enrollment-tokens'] [name=name]", "web");
            visitor.press("form[data-call='POST /api/v1/enrollment-tokens'] button", "shown this once");
            String command = visitor.find("form[data-call='POST /api/v1/enrollment-tokens'] .result code")
                    .textContent();
            String token = command.replaceAll("(?s).*Bearer ([A-Za-z0-9_-]+).*", "$1");
            TestServer.Answer made = server.call(
                    "POST",
                    "/api/v1/agents/register",
                    "{\"agent_name\": \"herald\", \"version\": \"1.0.0\"}",
                    Map.of("Authorization", "Bearer " + token));
            assertThat(made.status()).as(made.body()).isEqualTo(201);
            String id = made.json().path("id").asString();

            visitor.open("/fleet/agent?id=" + id + "&tab=config");
            visitor.page()
                    .fill("textarea[name=body]", "{\"rules\": [], \"settings\": {\"interval\": 10}, \"limits\": {}}");
            visitor.press("[data-preview]", "\"interval\": 10");
            visitor.press("form[data-json] button.pri", "Saved.");
            visitor.says("Config v1");
            visitor.page()
                    .fill("textarea[name=body]", "{\"rules\": [], \"settings\": {\"interval\": 20}, \"limits\": {}}");
            visitor.page().selectOption("select[name=_stages]", "?stages=1,10,100");
            visitor.press("form[data-json] button.pri", "Roll-outs");
            visitor.says("Running");
            visitor.press("button[data-done^='Cancelled']", "Sure? Everything goes back");
            visitor.press("button[data-done^='Cancelled']", "Cancelled; it goes back.");
            visitor.open("/fleet/agent?id=" + id + "&tab=permissions");
            visitor.page().fill("[name=permissions]", "read_logs write_findings");
            visitor.press("form[data-call*=permissions] button", "Set.");

            assertThat(server.post(
                                    "/api/v1/findings",
                                    "{\"type\": \"brute_force\", \"severity\": \"high\", \"title\": \"Many failed"
                                            + " logins\", \"description\": \"40 in a minute\", \"details\":"
                                            + " {\"technique\": \"T1110\"}}")
                            .status())
                    .isEqualTo(201);
            visitor.open("/detections");
            visitor.find(".rows details summary").first().click();
            visitor.says("T1110");
            visitor.press(".rows details[open] [data-key=a]", "It is being looked into.");
            visitor.find(".rows details[open] form button").click();
            visitor.page().waitForURL("**/tickets/*");
            visitor.page().fill("[name=body]", "somebody forgot a password");
            visitor.press("form[data-call*=comments] button", "somebody forgot a password");
            visitor.press("main .acts button.pri", "Closed.");
            visitor.open("/fleet/agent?id=" + id);
            visitor.press("button[data-call='DELETE /api/v1/agents/" + id + "']", "Sure?");
            visitor.find("button[data-call='DELETE /api/v1/agents/" + id + "']").click();
            visitor.until("document.querySelector('#toast').textContent === 'Decommissioned.'");
            assertThat(visitor.complaints().stream()
                            .filter(each -> !each.contains("404"))
                            .toList())
                    .isEmpty();
        }
    }

    @Test
    void anIncidentIsUnderstoodTakenUpAndClosed(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, settings());
                Visitor visitor = Visitor.admin(chromium, server)) {
            visitor.open("/dashboard");
            visitor.says("No sensor reports.");
            assertThat(SentAttack.incident(server)).startsWith("inc-");
            visitor.open("/dashboard");
            visitor.says("attacked-1 shows signs of intrusion");
            visitor.says("1 incident, the worst: ");
            // What the level of threat is made of.
            visitor.find("#threat-why summary").click();
            visitor.says("points: ");
            visitor.says("in all.");
            assertThat(visitor.find("#needs a.incident .chain .tag").count()).isPositive();
            visitor.find("#needs a.incident").click();
            visitor.until("location.search.startsWith('?incident=')");
            String incident = visitor.page().url().replaceFirst("^.*(?=/detections)", "");
            visitor.says("What happened");
            assertThat(visitor.find(".ilanes li").count()).isPositive();
            assertThat(visitor.find("#main table tbody tr").count()).isPositive();
            assertThat(visitor.unfit()).isEmpty();
            assertThat(visitor.tooWide()).isEmpty();
            visitor.press("main [data-key=a]", "Acknowledged.");
            visitor.press("main .life", "Acknowledged");
            visitor.open("/dashboard");
            visitor.until("!document.body.innerText.includes('shows signs of intrusion')");

            visitor.open(incident);
            visitor.find("main form[data-call='POST /api/v1/tickets'] button").click();
            visitor.until("location.pathname.startsWith('/tickets/')");
            visitor.says("Incident inc-");
            visitor.open(incident);
            visitor.press("button[data-done='Marked as a false alarm.']", "Sure? Not a threat");
            visitor.press("button[data-done='Marked as a false alarm.']", "Marked as a false alarm.");
            visitor.open("/detections");
            visitor.says("No incident is open.");
            visitor.open("/detections?incidents=false_positive");
            assertThat(visitor.find("#incidents tbody tr").count()).isEqualTo(1);

            visitor.open("/settings/suppressions");
            visitor.page().fill("form [name=rule]", "reverse_shell_netcat");
            visitor.page().fill("form [name=reason]", "a drill");
            visitor.press("main form button", "a drill");
            visitor.press("button[data-done='Ended.']", "Sure? End it");
            visitor.press("button[data-done='Ended.']", "Over");

            visitor.open("/detections/rules");
            visitor.page().fill("#rq", "nothing is called this");
            visitor.says("No rule matches.");
            visitor.open("/detections/attack");
            assertThat(visitor.find("a.mc.d").count()).isPositive();
            visitor.find("a.mc.d").first().click();
            visitor.until("location.search.startsWith('?technique=')");
            visitor.find("#rules tbody a").first().click();
            visitor.says("What it is");
            visitor.says("As it is written");
            assertThat(visitor.find(".cases li").count()).isPositive();
            assertThat(visitor.unfit()).isEmpty();
            assertThat(visitor.tooWide()).isEmpty();
            visitor.open("/detections/rules?rule=reverse_shell_netcat");
            visitor.says("attacked-1");
            visitor.open("/detections/attack?host=attacked-1");
            visitor.says("Who watches where");
            assertThat(visitor.find("#watch tbody tr").count()).isEqualTo(1);
            assertThat(visitor.unfit()).isEmpty();
            assertThat(visitor.tooWide()).isEmpty();
            visitor.isQuiet();
        }
    }

    @Test
    void aPageThatIsOpenSurvivesARestart(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        DatabaseAddress address = databases.freshAddress();
        Map<String, String> settings = settings();
        TestServer server = TestServer.start(databases, address, directory, settings, null);
        try (Visitor visitor = Visitor.admin(chromium, server)) {
            visitor.open("/integrity");
            int port = URI.create(server.url()).getPort();
            server.close();
            visitor.until("document.querySelector('#live span').textContent.startsWith('Reconnecting. Data from ')");
            Map<String, String> again = new java.util.HashMap<>(settings);
            again.put("listen", "127.0.0.1:" + port);
            Files.writeString(directory.resolve("agent-registry.yaml"), """
                version: '1.0'
                agents:
                  one: {name: ONE, connection: {url: 'http://one:18020'}}
                """);
            try (TestServer _ = TestServer.start(databases, address, directory, again, null)) {
                visitor.until("document.querySelector('#live span').textContent === 'Live'");
                // What was resolved while nobody could tell is right again without a hand on the page.
                visitor.until("document.body.innerText.includes('Resolved 4')");
            }
        }
    }

    @Test
    void thePagesReadWithoutAScript(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, settings());
                Visitor admin = Visitor.admin(chromium, server);
                Visitor visitor = new Visitor(chromium, server.url(), false)) {
            assertThat(admin.page().url()).endsWith("/dashboard");
            visitor.logIn("admin", Visitor.PASSWORD);
            for (String path : PAGES) {
                if (path.equals("/login") || path.equals("/scan/last")) {
                    continue;
                }
                assertThat(visitor.page().navigate(server.url() + path).status())
                        .as(path)
                        .isEqualTo(200);
                assertThat(visitor.page().locator("main h1").first().innerText())
                        .as(path)
                        .isNotBlank();
                assertThat(visitor.page().locator(".js-only:visible").count())
                        .as(path)
                        .isZero();
            }
            visitor.page().navigate(server.url() + "/fleet");
            visitor.page().click("thead >> text=Port");
            assertThat(visitor.page().url()).contains("sort=port");
            assertThat(visitor.page().locator("tbody tr").count()).isEqualTo(4);
        }
    }
}
