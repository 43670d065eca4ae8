package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kill -9 of the server and of its database while an attack is told event by event, as a sensor's spool does it: what was not
 * acknowledged is sent again. No finding is lost or doubled, and what needs many events counts on over every kill.
 */
@Tag("e2e")
class DetectionCrashTest {
    private static final int KILLS = 3;
    private static final long SEED = Long.getLong("panoptes.crash.seed", System.nanoTime() & 0xffff_ffffL);

    @TempDir
    Path directory;

    private final Instant start = Instant.now().minusSeconds(3_600).truncatedTo(ChronoUnit.SECONDS);
    private final List<String> events = new ArrayList<>();
    private final String stream = UUID.randomUUID().toString();
    private final AtomicInteger acknowledged = new AtomicInteger();

    private void add(int second, String dataset, String fields) {
        events.add("{\"@timestamp\":\"" + start.plusSeconds(second) + "\",\"event\":{\"id\":\"e" + events.size()
                + "\",\"dataset\":\"panoptes." + dataset + "\"," + fields.substring(1)
                + ",\"host\":{\"name\":\"web-1\"}}");
    }

    private void login(int second, boolean success) {
        add(
                second,
                "auth",
                "{\"action\":\"" + (success ? "login" : "login_failed")
                        + "\"},\"user\":{\"name\":\"deploy\"},\"source\":{\"ip\":\"203.0.113.9\"},\"auth\":{\"method\":"
                        + "\"password\"},\"process\":{\"name\":\"sshd\",\"pid\":" + (4_000 + second) + "}");
    }

    private void attack() {
        for (int i = 0; i < 60; i++) {
            login(i * 5, false);
        }
        login(310, true);
        for (int i = 0; i < 60; i++) {
            String name =
                    UUID.nameUUIDFromBytes(new byte[] {(byte) i}).toString().replace("-", "");
            add(
                    400 + i,
                    "dns",
                    "{\"action\":\"query\"},\"source\":{\"ip\":\"10.0.0.7\"},\"dns\":{\"question\":{\"name\":\"" + name
                            + ".t.evil-data.net\",\"type\":\"TXT\"}}");
        }
        add(
                500,
                "proc",
                "{\"action\":\"process_started\"},\"user\":{\"name\":\"deploy\"},\"process\":{\"executable\":"
                        + "\"/usr/bin/cat\",\"command_line\":\"cat /etc/shadow\"}");
    }

    /** Sends until all is acknowledged or the server is gone. */
    private Boolean send(StartedServer server, String token) throws InterruptedException {
        while (acknowledged.get() < events.size()) {
            int next = acknowledged.get();
            String batch = "{\"stream\":\"" + stream + "\",\"sensor\":\"auth\",\"first\":" + (next + 1)
                    + ",\"count\":1,\"lost\":[]}\n" + events.get(next) + "\n";
            try {
                StartedServer.Answer answer = server.call(
                        "POST",
                        "/api/v1/telemetry",
                        batch,
                        Map.of("Authorization", "Bearer " + token, "Content-Type", "application/x-ndjson"));
                int status = answer.status();
                if (status == 200) {
                    acknowledged.incrementAndGet();
                } else {
                    assertThat(status)
                            .as("while its database is away: " + answer.body())
                            .isIn(429, 503);
                    Thread.sleep(50);
                }
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    @Test
    void noFindingIsLostOrDoubledAndWindowsGoOn() throws IOException, InterruptedException, ExecutionException {
        String where = "seed " + SEED;
        Random random = new Random(SEED);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        attack();
        StartedServer server = ServerSetup.in(directory)
                .environment("PANOPTES_OBSERVE_LOCAL", "false")
                .environment("PANOPTES_LIMITS_REQUESTS_PER_SECOND", "0")
                .start();
        try {
            String token = server.post("/api/v1/tokens", "{\"name\":\"o\",\"role\":\"observer\",\"host\":\"web-1\"}")
                    .json()
                    .path("token")
                    .asString();
            for (int kill = 0; kill < KILLS; kill++) {
                StartedServer on = server;
                FutureTask<Boolean> sending = new FutureTask<>(() -> send(on, token));
                Thread.ofVirtual().start(sending);
                int until = Math.min(events.size() - 1, acknowledged.get() + 5 + random.nextInt(20));
                Await.until(where + ": some are told", () -> acknowledged.get() >= until || sending.isDone());
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(40)).toNanos());
                if (kill % 2 == 1) {
                    server.killPostgres9();
                }
                server.kill9();
                assertThat(sending.get()).as(where).isFalse();
                server = server.again();
            }
            assertThat(send(server, token)).as(where).isTrue();
            assertThat(acknowledged.get()).isEqualTo(events.size());

            Set<String> names = new HashSet<>();
            for (JsonNode finding :
                    server.get("/api/v1/findings?limit=200").json().path("items")) {
                String name = finding.path("name").asString();
                assertThat(names.add(name)).as(where + ", twice: " + name).isTrue();
            }
            assertThat(names)
                    .as(where)
                    .contains("brute_force_detected", "credential_access", "dns_tunnel", "shadow_file_read_low");
            JsonNode incidents = server.get("/api/v1/incidents").json().path("items");
            assertThat(incidents.size()).as(where + " " + incidents).isEqualTo(1);
            JsonNode details = server.get(
                            "/api/v1/incidents/" + incidents.get(0).path("id").asString())
                    .json()
                    .path("details");
            assertThat(details.path("timeline").toString())
                    .as(where)
                    .contains("60 failed logins from 203.0.113.9", "60 different names below evil-data.net");
            assertThat(server.get("/api/v1/health/system")
                            .json()
                            .path("events_last_24h")
                            .asInt())
                    .as(where)
                    .isEqualTo(events.size());
        } finally {
            server.close();
        }
    }
}
