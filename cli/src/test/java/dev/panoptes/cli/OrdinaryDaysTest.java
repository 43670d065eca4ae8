package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.shell.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /** What the first run accused at medium or above; a new account of a person is one for the declarations to excuse. */
    private static final Map<String, List<String>> ACCUSED = Map.of(
            "day04", List.of("medium auth_account_created", "medium audit_service_stop_security"),
            "day09", List.of("high audit_shadow_access"),
            "day10", List.of("medium auth_account_created"));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"day01", "day02", "day03", "day04", "day05", "day06", "day07", "day08", "day09", "day10"})
    void nothingElseIsAccusedThanAtTheFirstRun(String day) throws Exception {
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
        assertThat(accused).isSubsetOf(ACCUSED.getOrDefault(day, List.of()));
    }
}
