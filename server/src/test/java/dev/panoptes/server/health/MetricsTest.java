package dev.panoptes.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestPostgres.class)
class MetricsTest {
    @TempDir
    Path directory;

    @Test
    void theLastScanAndTheCallsAreTold(Databases databases) throws IOException, InterruptedException {
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), """
            version: '1.0'
            agents:
              one: {name: ONE, connection: {url: 'http://one:18020'}}
              two: {name: TWO, connection: {url: 'http://two:18020'}}
            """);
        Map<String, String> settings = Map.of("registry", registry.toString(), "observe.local", "false");
        try (TestServer server = TestServer.start(databases, directory, settings)) {
            server.post("/scan", "");
            server.get("/nowhere/at/all");
            List<String> lines = server.get("/metrics").body().lines().toList();
            assertThat(lines)
                    .contains("panoptes_build_info{version=\"1.2.3\"} 1")
                    .contains("panoptes_issues{severity=\"critical\"} 1.0")
                    .contains("panoptes_registered_agents 2.0")
                    .contains("panoptes_http_requests_total{method=\"POST\",status=\"2xx\"} 1.0")
                    .contains("panoptes_http_request_duration_seconds_count 2");
            assertThat(lines)
                    .allMatch(line -> line.matches("# (HELP|TYPE) panoptes_\\w+ .+")
                            || line.matches("panoptes_\\w+(\\{(\\w+=\"[^\"]*\",?)+})? -?[0-9.E+Inf-]+"));
        }
    }

    @Test
    void aJobThatRanTellsWhenItBeganAndEnded(Databases databases) throws IOException, InterruptedException {
        Map<String, String> settings = Map.of("observe.local", "false", "watch.interval", "100ms");
        try (TestServer server = TestServer.start(databases, directory, settings)) {
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            String figures = "";
            while (!figures.contains("panoptes_job_completed_time_seconds{name=\"watch\"} ")) {
                assertThat(System.nanoTime()).as(figures).isLessThan(end);
                figures = server.get("/metrics").body();
            }
            assertThat(figures)
                    .contains("panoptes_job_started_time_seconds{name=\"watch\"} ")
                    .contains("panoptes_watch_interval_seconds 0.1\n");
        }
    }

    @Test
    void aLabelIsEscapedAsTheFormatSays() {
        Exposition out = new Exposition();
        out.metric("panoptes_x", "gauge", "An x.").value("panoptes_x", Map.of("b", "1\n\"2\"\\", "a", "z"), 0.5);
        assertThat(out.text()).endsWith("panoptes_x{a=\"z\",b=\"1\\n\\\"2\\\"\\\\\"} 0.5\n");
    }
}
