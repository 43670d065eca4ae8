package dev.panoptes.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.agents.Enrolled;
import dev.panoptes.server.detections.SentAttack;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who has an issue, how regularly agents beat, how far back one looks, and who the servers are, in a real browser. */
@ExtendWith({TestPostgres.class, Chromium.class})
class OverviewChromiumTest {
    private static final String LONG = "O".repeat(200);
    private static final String RIGHT_TO_LEFT = "مريم 🦉 אב";

    @TempDir
    Path directory;

    private Map<String, String> settings() throws IOException {
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), """
            version: '1.0'
            agents:
              one: {name: ONE, host: a, connection: {url: 'http://one:18020'}}
              two: {name: TWO, host: a, connection: {url: 'http://two:18020'}}
            """);
        return Map.of("registry", registry.toString(), "observe.local", "false", "limits.streams_per_caller", "1000");
    }

    /** Both colour schemes, wide and narrow, and every width between. */
    private static void fits(Visitor visitor) {
        List<String> wrong = new ArrayList<>();
        if (!visitor.tooWide().isEmpty()) {
            wrong.add("too wide at " + visitor.tooWide());
        }
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            visitor.page()
                    .emulateMedia(new Page.EmulateMediaOptions()
                            .setColorScheme(scheme)
                            .setReducedMotion(ReducedMotion.REDUCE));
            for (int width : new int[] {390, 1440}) {
                visitor.page().setViewportSize(width, 1000);
                // What the bar at the top covers while one scrolls is not judged by its size.
                visitor.page().evaluate("scrollTo(0, 0)");
                String unfit = visitor.unfit();
                if (!unfit.isEmpty()) {
                    wrong.add(scheme + " " + width + ": " + unfit);
                }
            }
        }
        assertThat(wrong).as(visitor.page().url()).isEmpty();
    }

    @Test
    void anIssueHasAnOwnerAndWhatIsMineIsAFilter(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, settings());
                Visitor visitor = Visitor.admin(chromium, server)) {
            visitor.open("/integrity");
            assertThat(visitor.find(".rows details [data-l=Owner]").first().innerText())
                    .isEqualTo("Nobody");
            visitor.find(".rows details summary").first().click();
            assertThat(visitor.find(".rows details[open] .cmd code").first().innerText())
                    .startsWith("panoptes plan port-conflict-");
            visitor.press(".rows details[open] [data-key=a]", "Mine 1");
            assertThat(visitor.find(".rows details [data-l=Owner]").first().innerText())
                    .isEqualTo("admin");
            visitor.find("#issues a:has-text('Mine')").click();
            visitor.page().waitForURL("**/integrity?owner=admin");
            visitor.says("owner: admin");
            assertThat(visitor.find(".rows > details").count()).isEqualTo(1);
            fits(visitor);

            // T leads to the ticket of what is open.
            visitor.find(".rows details summary").first().click();
            visitor.page().keyboard().press("t");
            visitor.page().waitForURL("**/integrity/issues/*#tracked");
            String issue = visitor.page().url().replaceAll("^.*(/integrity/issues/[0-9a-f]+).*$", "$1");
            visitor.says("admin has it");
            for (String owner : List.of(LONG, RIGHT_TO_LEFT)) {
                visitor.page().fill("#act [name=owner]", owner);
                visitor.page().fill("#act [name=note]", "yours now");
                visitor.press("#act button", "Saved.");
                visitor.says("for " + owner + ": yours now");
                fits(visitor);
                visitor.open("/integrity");
                assertThat(visitor.find(".rows details [data-l=Owner]").first().innerText())
                        .isEqualTo(owner);
                fits(visitor);
                visitor.open(issue);
            }
            visitor.open("/integrity");
            visitor.says("Mine 0");
            visitor.isQuiet();
        }
    }

    @Test
    void howFarBackStaysInTheAddressThroughEveryFilter(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, settings());
                Visitor visitor = Visitor.admin(chromium, server)) {
            server.post("/scan", "");
            visitor.open("/integrity");
            visitor.find("#score nav a:has-text('7d')").click();
            visitor.page().waitForURL("**/integrity?range=7d#score");
            visitor.find("#issues nav[aria-label=State] a:has-text('Taken up')").click();
            visitor.until("location.search.includes('range=7d')");
            visitor.until("location.search.includes('state=acknowledged')");
            visitor.find("#fq").fill("port");
            visitor.until("location.search.includes('text=port')");
            assertThat(visitor.page().url()).contains("range=7d");
            assertThat(visitor.find("#score nav a[aria-current]").innerText()).isEqualTo("7d");
            assertThat(server.get("/integrity?range=1y").status()).isEqualTo(400);
            // Two scans of a minute ago are no line of last year's.
            server.database()
                    .execute(transaction ->
                            transaction.update("UPDATE scans SET completed_at = completed_at - interval '8 days'"));
            server.post("/scan", "");
            visitor.open("/integrity?range=7d");
            visitor.says("Fewer than two scans");
            visitor.open("/integrity?range=90d");
            assertThat(visitor.find("#score polyline").count()).isEqualTo(1);

            SentAttack.incident(server);
            visitor.open("/detections");
            assertThat(visitor.find("#worst .ilanes li").count()).isPositive();
            visitor.says("Why ");
            // The matrix comes when somebody scrolls down to it.
            assertThat(visitor.find(".mx").count()).isZero();
            visitor.find("#coverage").scrollIntoViewIfNeeded();
            visitor.until("document.querySelectorAll('#coverage .mx a.mc.d').length > 0");
            fits(visitor);
            visitor.find("header nav a:has-text('1h')").click();
            visitor.page().waitForURL("**/detections?range=1h");
            visitor.says("findings in the last hour");
            assertThat(visitor.find("#incidents tbody tr").count()).isEqualTo(1);
            visitor.find("#findings nav a:has-text('Investigating')").click();
            visitor.until("location.search.includes('range=1h') && location.search.includes('status=INVESTIGATING')");
            server.database().transaction(transaction -> {
                transaction.update("UPDATE findings SET last_seen = last_seen - interval '2 hours'");
                return transaction.update("UPDATE incidents SET last_at = last_at - interval '2 hours'");
            });
            visitor.open("/detections?range=1h");
            visitor.says("No incident is open in the last hour.");
            visitor.says("Nothing was found in the last hour.");
            assertThat(visitor.find("#worst section").count()).isZero();
            fits(visitor);
            visitor.open("/detections?range=24h");
            visitor.until("document.querySelectorAll('#incidents tbody tr').length === 1");
            assertThat(server.get("/detections?range=2h").status()).isEqualTo(400);
            assertThat(server.get("/api/v1/findings?from=yesterday").status()).isEqualTo(400);
            assertThat(server.get("/api/v1/incidents?from=yesterday").status()).isEqualTo(400);
            visitor.isQuiet();
        }
    }

    @Test
    void heartbeatsAreBarsAndATable(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, settings());
                Visitor visitor = Visitor.admin(chromium, server);
                Visitor plain = new Visitor(chromium, server.url(), false)) {
            Enrolled agent = Enrolled.on(server, "ONE");
            visitor.open("/fleet/agent?id=one");
            visitor.says("It never sent one.");
            agent.fillIn(server);
            visitor.open("/fleet/agent?id=one");
            visitor.says("The first quarter of an hour is still being counted.");
            fits(visitor);
            server.database().transaction(transaction -> {
                transaction.update(
                        "INSERT INTO agent_beat_days (agent_id, day, received, expected) VALUES (?, current_date, 57,"
                                + " 60)",
                        agent.id());
                return transaction.update("""
                    INSERT INTO agent_beat_quarters (agent_id, until, counted_at, beats, quarters)
                    VALUES (?, date_trunc('hour', now()), now(), 1, '{100,100,40,0,0,-1,95}')
                    ON CONFLICT (agent_id) DO UPDATE SET until = excluded.until, quarters = excluded.quarters
                    """, agent.id());
            });
            visitor.open("/fleet/agent?id=one");
            visitor.says("55.8 %");
            visitor.says("57 of 60 came");
            visitor.says("30 min");
            assertThat(visitor.find(".beats.day").getAttribute("aria-label"))
                    .isEqualTo("7 quarters of an hour: 3 whole, 1 with some missing, 2 silent, 1 not listened to");
            visitor.find("details:has([aria-label^=Heartbeats]) summary").click();
            assertThat(visitor.find("[aria-label^=Heartbeats] tbody td.num").allInnerTexts())
                    .containsExactly("95 %", "nobody listened", "0 %", "0 %", "40 %", "100 %", "100 %");
            visitor.says("Config v2");
            visitor.says("compared with v1");
            fits(visitor);
            visitor.find("#facts nav a:has-text('7d')").click();
            visitor.page().waitForURL("**range=7d#h-mo");

            visitor.open("/fleet");
            visitor.until("document.querySelectorAll('.vrow svg.beats').length === 1");
            assertThat(visitor.find(".vrow svg.beats").getAttribute("aria-label"))
                    .isEqualTo("7 quarters of an hour, 1 with some missing, 2 silent");
            fits(visitor);
            visitor.isQuiet();
            plain.logIn("admin", Visitor.PASSWORD);
            plain.page().navigate(server.url() + "/fleet");
            assertThat(plain.page().locator("tbody svg.beats").count()).isEqualTo(1);
        }
    }

    @Test
    void theServersOfADatabaseSayWhoDiffers(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        DatabaseAddress address = databases.freshAddress();
        Path other = Files.createDirectory(directory.resolve("other"));
        Path registry = Files.writeString(
                other.resolve("another.yaml"),
                "version: '1.0'\nagents:\n  three: {name: THREE, connection: {url: 'http://three:18022'}}\n");
        try (TestServer server = TestServer.start(databases, address, directory, settings(), null);
                Visitor visitor = Visitor.admin(chromium, server)) {
            visitor.open("/settings/servers");
            visitor.says("One server answers.");
            visitor.says("shares the work");
            assertThat(visitor.find("#servers tbody tr").count()).isEqualTo(1);
            assertThat(visitor.find("#parts tbody tr").count()).isGreaterThan(3);
            try (TestServer _ = TestServer.start(
                    databases,
                    address,
                    other,
                    Map.of("registry", registry.toString(), "observe.local", "false"),
                    null)) {
                visitor.open("/settings/servers");
                visitor.says("Not all servers are alike.");
                assertThat(visitor.find("#servers tbody tr").count()).isEqualTo(2);
                visitor.says("It reads another registry");
                fits(visitor);
            }
            visitor.isQuiet();
        }
    }

    @Test
    void whereNothingIsThereItIsSaid(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(
                        databases,
                        directory,
                        Map.of("registry", directory.resolve("none.yaml").toString(), "observe.local", "false"));
                Visitor visitor = Visitor.admin(chromium, server)) {
            for (String path : List.of(
                    "/dashboard",
                    "/integrity?range=24h",
                    "/integrity?owner=admin",
                    "/detections?range=7d",
                    "/settings/servers",
                    "/fleet")) {
                assertThat(visitor.open(path).status()).as(path).isEqualTo(200);
                fits(visitor);
            }
            visitor.open("/dashboard");
            visitor.says("panoptes demo");
            visitor.isQuiet();
        }
    }
}
