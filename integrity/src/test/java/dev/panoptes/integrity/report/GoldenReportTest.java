package dev.panoptes.integrity.report;

import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every format, from fixed reports. File names carry the exit code. */
final class GoldenReportTest {
    @ParameterizedTest
    @CsvSource({
        "text,1,txt",
        "text,2,txt",
        "text,0,txt",
        "json,1,json",
        "json,0,json",
        "sarif,1,sarif",
        "junit,1,xml",
        "junit,2,xml",
        "nagios,1,nagios.txt",
        "nagios,2,nagios.txt",
        "nagios,0,nagios.txt",
        "prometheus,1,prom",
        "prometheus,0,prom",
        "html,1,html",
        "html,0,html"
    })
    void reportIsAsReviewed(String format, int exit, String suffix) throws IOException {
        Golden.check("report." + exit + "." + suffix, written(format, exit, TextStyle.PLAIN));
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void coloursAreAsReviewed(int exit) throws IOException {
        Golden.check("colours." + exit + ".txt", written("text", exit, new TextStyle(true, true, 100)));
    }

    private static String written(String format, int exit, TextStyle style) throws IOException {
        ScanReport report = switch (exit) {
            case 0 -> SampleReport.passed();
            case 1 -> SampleReport.failed();
            default -> SampleReport.incomplete();
        };
        Verdict verdict = SampleReport.verdict(report);
        StringWriter out = new StringWriter();
        Formats.named(format, style).orElseThrow().write(report, verdict, out);
        return out.toString();
    }
}
