package dev.panoptes.integrity.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.integrity.verdict.ScanReport;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class WholeReportTest {
    @Test
    void whatWasWrittenIsReadBackWhole() throws IOException {
        for (ScanReport report : List.of(SampleReport.failed(), SampleReport.passed(), SampleReport.incomplete())) {
            String json = written("json", report);
            ScanReport again = WholeReport.read(json.getBytes(StandardCharsets.UTF_8));
            assertThat(written("json", again)).isEqualTo(json);
            // JSON gives the time of detection where nobody knows an earlier one.
            assertThat(page(again)).isEqualTo(page(report));
        }
    }

    @Test
    void somethingElseIsRefused() {
        assertThatThrownBy(() -> WholeReport.read("{\"report_id\": 5}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("report_id");
    }

    @Test
    void aServedPageHasNoStyleOfItsOwnAndSaysWhatItLeavesOut() throws IOException {
        StringWriter out = new StringWriter();
        ScanReport report = SampleReport.failed();
        new HtmlReport(new HtmlReport.Frame("/style.css", "<nav>here</nav>", "All of them: there."))
                .write(report, SampleReport.verdict(report), out);
        assertThat(out.toString())
                .contains("<link rel=\"stylesheet\" href=\"/style.css\">")
                .contains("<nav>here</nav>")
                .doesNotContain("<style")
                .doesNotContain("style=\"")
                .doesNotContain("Content-Security-Policy")
                .doesNotContain("All of them");
    }

    private static String page(ScanReport report) throws IOException {
        return written("html", report).replaceAll("<dt>first seen</dt><dd>[^<]*</dd>", "");
    }

    private static String written(String format, ScanReport report) throws IOException {
        StringWriter out = new StringWriter();
        Formats.named(format, TextStyle.PLAIN).orElseThrow().write(report, SampleReport.verdict(report), out);
        return out.toString();
    }
}
