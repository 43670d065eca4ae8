package dev.panoptes.integrity.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.verdict.ReportDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stored report says of an issue that it does not hold. */
class StoredReportTest {
    @TempDir
    private Path directory;

    private StoredReport report(String fields) throws IOException {
        Path file = directory.resolve("r.json");
        Files.writeString(
                file,
                "{\"schema\": 1, \"report_id\": \"0a1b2c3d\", \"scan_completed\": \"2026-03-01T12:00:00Z\","
                        + " \"issues\": []"
                        + fields + "}");
        return ((ReportReader.Result.Read) new ReportReader().read(file)).report();
    }

    private static final String JUDGED = ", \"checks\": [{\"check\": \"port-not-listening\", \"group\": \"host\","
            + " \"passed\": 2, \"failed\": 0, \"unknown\": 0}]";

    private static Issue silent() {
        return SampleReport.caused().issues().getFirst();
    }

    private List<List<Issue>> diff(String later) throws IOException {
        StoredReport after = report(later);
        ReportDiff diff = ReportDiff.between(List.of(silent()), after.issues(), after::judged);
        return List.of(diff.resolved(), diff.notLookedAt());
    }

    @Test
    void anIssueIsResolvedOnlyWhereItsCheckJudgedItsSubject() throws IOException {
        assertThat(diff(JUDGED)).containsExactly(List.of(silent()), List.of());
        assertThat(diff("")).containsExactly(List.of(), List.of(silent()));
        assertThat(diff(JUDGED + ", \"unknowns\": [{\"check\": \"port-not-listening\", \"subject\": \"8014\"}]"))
                .containsExactly(List.of(), List.of(silent()));
        assertThat(diff(JUDGED + ", \"unknowns\": [{\"check\": \"port-not-listening\", \"subject\": \"9\"}]"))
                .containsExactly(List.of(silent()), List.of());
        assertThat(diff(JUDGED + ", \"registry\": {\"readable\": false}"))
                .containsExactly(List.of(), List.of(silent()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|is no report of Panoptes: it is no JSON object",
                "''|is no report of Panoptes: it is empty",
                "{|is no JSON",
                "{\"schema\": 7, \"issues\": []}|is no report of Panoptes: its schema is 7, and this version reads"
                        + " schema 1",
                "{\"schema\": \"x\"}|is no report of Panoptes: its schema is no number, and this version reads schema"
                        + " 1",
                "{\"schema\": 1}|is no report of Panoptes: it has no issues"
            })
    void whatIsNoReportIsRefusedInWords(String text, String reason) throws IOException {
        Path file = directory.resolve("x.json");
        Files.writeString(file, text);
        assertThat(new ReportReader().read(file)).isEqualTo(new ReportReader.Result.Refused(reason));
    }
}
