package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.shell.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Logs of ten hosts on a day without an attack, written by somebody who had read neither rules nor analytics.
 * docs/detection-quality.md tells the first figures.
 */
final class OrdinaryDaysTest {
    private static final Path DAYS = Path.of("..", "detection", "src", "test", "resources", "evaluation", "third_days")
            .toAbsolutePath();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"day01", "day02", "day03", "day04", "day05", "day06", "day07", "day08", "day09", "day10"})
    void nothingIsAccused(String day) throws Exception {
        Run run = new Session(directory)
                .run(
                        "investigate",
                        "--year",
                        "2026",
                        "--timezone",
                        "UTC",
                        "--output",
                        "json",
                        DAYS.resolve(day).toString());
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        JsonNode told = new JsonMapper().readTree(run.out());
        assertThat(told.path("unreadable").size()).isZero();
        assertThat(told.path("summary").path("events").asInt()).isGreaterThan(150);
        List<String> accused = new ArrayList<>();
        for (JsonNode finding : told.path("findings")) {
            String severity = finding.path("severity").asString();
            if (!List.of("informational", "low").contains(severity)) {
                accused.add(severity + " " + finding.path("name").asString());
            }
        }
        assertThat(accused).isEmpty();
    }

    /** Records of audit without a node are of the host that the logs beside them name; beside two hosts of one without a name. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void recordsOfAuditAreOfTheHostThatTheLogsBesideThemName(int hosts) throws Exception {
        Path folder = Files.createDirectories(directory.resolve("logs"));
        StringBuilder logins = new StringBuilder();
        for (int i = 0; i < hosts; i++) {
            logins.append("2026-03-01T10:10:02+00:00 db-" + i
                    + " useradd[11]: new user: name=eve, UID=0, GID=0, home=/root, shell=/bin/bash, from=/dev/pts/0\n");
        }
        Files.writeString(folder.resolve("auth.log"), logins);
        Files.writeString(
                folder.resolve("audit.log"),
                "type=CONFIG_CHANGE msg=audit(1772359810.123:3): op=set audit_enabled=0 old=1 auid=1000 ses=3 res=1\n");
        Run run = new Session(directory).run("investigate", "--output", "json", "logs");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        JsonNode told = new JsonMapper().readTree(run.out());
        List<String> named = new ArrayList<>();
        for (JsonNode finding : told.path("findings")) {
            if (finding.path("name").asString().equals("audit_config_changed")) {
                finding.path("entities").forEach(entity -> {
                    if (entity.path("type").asString().equals("host")) {
                        named.add(entity.path("id").asString());
                    }
                });
            }
        }
        assertThat(named).isEqualTo(hosts == 1 ? List.of("db-0") : List.of("unnamed host of logs"));
        assertThat(told.path("incidents").size() == 1).isEqualTo(hosts == 1);
    }
}
