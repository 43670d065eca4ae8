package dev.panoptes.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The rules in packaging/prometheus against what a running server tells, and against the runbook. */
@ExtendWith(TestPostgres.class)
class AlertRulesTest {
    private static final Path RULES = Path.of("../packaging/prometheus/panoptes.rules.yml");

    @TempDir
    Path directory;

    @Test
    void everyFigureThatARuleNamesIsToldByAServerWhoseChannelFails(Databases databases)
            throws IOException, InterruptedException {
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), """
                version: '1.0'
                agents:
                  one: {name: ONE, connection: {url: 'http://one:18020'}}
                  two: {name: TWO, connection: {url: 'http://two:18020'}}
                """);
        Map<String, String> settings =
                Map.of("registry", registry.toString(), "observe.local", "true", "hermes.url", nobody());
        try (TestServer server = TestServer.start(databases, directory, settings)) {
            server.call("POST", "/api/v1/session", "{\"name\": \"admin\", \"password\": \"wrong\"}", Map.of());
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            String figures = server.get("/metrics").body();
            while (!figures.matches("(?s).*panoptes_alert_channel_failures\\{channel=\"hermes\"} [1-9].*")) {
                assertThat(System.nanoTime()).as(figures).isLessThan(end);
                figures = server.get("/metrics").body();
            }
            // A name with a value behind it: one that is only announced would never raise an alert.
            assertThat(names("(?m)^(panoptes_\\w+)[{ ]", figures)).containsAll(named());
            assertThat(figures)
                    .contains("panoptes_database_up 1.0\n")
                    .contains("panoptes_outbox_given_up_messages{channel=\"hermes\"} 0.0\n")
                    .contains("panoptes_host_snapshot_time_seconds{host=\"local\"} ")
                    .contains("panoptes_job_due_time_seconds{name=\"watch\"} ")
                    .contains("panoptes_login_locks 0.0\n")
                    .containsPattern("panoptes_outbox_messages\\{channel=\"hermes\"} [1-9]")
                    .containsPattern("panoptes_outbox_oldest_time_seconds\\{channel=\"hermes\"} \\d")
                    .doesNotContain("panoptes_alert_channel_sent_time_seconds{");
        }
    }

    @Test
    void everyAlertHasItsHeadingInTheRunbook() throws IOException {
        Set<String> headings = names("(?m)^### (Panoptes\\w+)$", Files.readString(Path.of("../docs/runbook.md")));
        assertThat(headings).isEqualTo(names("alert: (\\w+)", Files.readString(RULES)));
    }

    /** Jobs have neither begun nor ended when a server is a second old, and no call has failed; promtool tests those rules. */
    private static Set<String> named() throws IOException {
        Set<String> named = names("(panoptes_\\w+)", Files.readString(RULES));
        assertThat(named).hasSizeGreaterThan(15);
        named.removeAll(Set.of("panoptes_job_started_time_seconds", "panoptes_job_completed_time_seconds"));
        return named;
    }

    private static Set<String> names(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Where nobody listens. */
    private static String nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }
}
