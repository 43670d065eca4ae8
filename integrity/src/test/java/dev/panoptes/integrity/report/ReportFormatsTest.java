package dev.panoptes.integrity.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.panoptes.integrity.verdict.ScanReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** What other programs demand of the formats that they read. */
final class ReportFormatsTest {
    @Test
    void sarifIsValidBySchema() throws IOException {
        for (ScanReport report : List.of(SampleReport.failed(), SampleReport.incomplete(), SampleReport.passed())) {
            assertThat(sarifErrors(written("sarif", report))).isEmpty();
        }
    }

    @Test
    void theSchemaRefusesWhatIsNoSarif() throws IOException {
        String valid = written("sarif", SampleReport.failed());

        assertThat(sarifErrors(valid.replace("\"level\": \"error\"", "\"level\": \"severe\"")))
                .isNotEmpty();
        assertThat(sarifErrors(valid.replace("\"uri\": \"agents/gendry/ma%20in%231.py\"", "\"uri\": \"a b\"")))
                .isNotEmpty();
    }

    @Test
    void junitIsWellFormedAndCountsItsCases() throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(
                        written("junit", SampleReport.failed()).getBytes(StandardCharsets.UTF_8)));
        Element root = document.getDocumentElement();

        assertThat(root.getAttribute("tests"))
                .isEqualTo(String.valueOf(root.getElementsByTagName("testcase").getLength()));
        assertThat(root.getAttribute("failures"))
                .isEqualTo(String.valueOf(root.getElementsByTagName("failure").getLength()))
                .isEqualTo("3");
        // Jenkins' schema knows no count of those that were skipped for all suites together.
        assertThat(root.hasAttribute("skipped")).isFalse();
        assertThat(root.getElementsByTagName("skipped").getLength()).isEqualTo(4);
    }

    @Test
    void whatFollowsFromAnIssueIsFoldedBelowIt() throws IOException {
        ScanReport report = SampleReport.caused();

        assertThat(written("text", report)).contains("1 cause, 2 issues").contains("From this follows:");
        assertThat(written("html", report)).contains("2 open from 1 cause").contains("From this follows");
        assertThat(written("json", report))
                .contains("\"cause\": \"service-not-running-hermes\"")
                .contains("\"consequences\": [\n        \"port-not-listening-8014\"");
        assertThat(written("sarif", report))
                .contains("Follows from service-not-running-hermes.")
                .contains("cause: ");
    }

    @Test
    void whereNothingWasJudgedThereIsNoScore() throws IOException {
        ScanReport report = SampleReport.nothing();

        assertThat(written("json", report)).contains("\"health_score\": null");
        assertThat(written("text", report)).contains("score none").contains("There was nothing to judge.");
        assertThat(written("html", report)).contains("Score none");
        assertThat(written("nagios", report)).contains("score=U;");
        assertThat(written("prometheus", report)).doesNotContain("\npanoptes_integrity_score_ratio ");
    }

    @Test
    void nagiosSaysOneLineWithOneBar() throws IOException {
        String line = written("nagios", SampleReport.failed());

        assertThat(line).endsWith("\n").containsOnlyOnce("\n").containsOnlyOnce("|");
    }

    @Test
    void noLineOfTheTextIsWiderThanItIsToBe() throws IOException {
        for (int columns : new int[] {60, 80}) {
            for (ScanReport report : List.of(SampleReport.failed(), SampleReport.caused(), SampleReport.nothing())) {
                StringWriter out = new StringWriter();
                Formats.named("text", new TextStyle(false, false, columns))
                        .orElseThrow()
                        .write(report, dev.panoptes.integrity.verdict.Policy.STRICT.judge(report), out);
                assertThat(out.toString().lines()).allMatch(line -> line.length() <= columns);
            }
        }
    }

    @Test
    void noControlSequenceOfAScannedTreeReachesATerminal() throws IOException {
        assertThat(written("text", SampleReport.failed()))
                .doesNotContain("\u001b")
                .doesNotContain("\u202e");
    }

    @Test
    void htmlRunsNothingAndFetchesNothing() throws IOException {
        String page = written("html", SampleReport.failed());

        assertThat(page)
                .doesNotContain("<script")
                .doesNotContain("src=")
                .doesNotContain("url(")
                .doesNotContain("<link")
                .doesNotContain("<b>EVIL")
                .contains("&lt;b&gt;EVIL&lt;/b&gt;")
                .contains("default-src 'none'");
    }

    @Test
    void htmlShowsWhatANameWouldHide() throws IOException {
        assertThat(written("html", SampleReport.failed()))
                .doesNotContain("\u001b")
                .doesNotContain("\u202e")
                .contains("hermes answers as \\u{1b}[31m&lt;script&gt;alert('x')&lt;/script&gt;\\u{202e}|")
                .contains("or correct its URL &amp; \"name\"");
    }

    @Test
    void noValueLeavesItsAttribute() throws IOException {
        ScanReport report = SampleReport.failed();
        StringWriter out = new StringWriter();

        new HtmlReport(new HtmlReport.Frame("/a\" onload='x' b=\"<&.css", "", ""))
                .write(report, SampleReport.verdict(report), out);

        assertThat(out.toString()).contains("href=\"/a&#34; onload=&#39;x&#39; b=&#34;&lt;&amp;.css\">");
    }

    @Test
    void aPageThatCannotBeWrittenIsAnErrorOfWriting() {
        ScanReport report = SampleReport.failed();
        IOException full = new IOException("no space left on device");
        Writer broken = new Writer() {
            private int left = 10_000;

            @Override
            public void write(char[] text, int from, int length) throws IOException {
                left -= length;
                if (left < 0) {
                    throw full;
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };

        assertThatThrownBy(() -> new HtmlReport().write(report, SampleReport.verdict(report), broken))
                .isSameAs(full);
    }

    private static String written(String format, ScanReport report) throws IOException {
        StringWriter out = new StringWriter();
        Formats.named(format, TextStyle.PLAIN).orElseThrow().write(report, SampleReport.verdict(report), out);
        return out.toString();
    }

    private static List<Error> sarifErrors(String sarif) throws IOException {
        try (InputStream text = ReportFormatsTest.class.getResourceAsStream("/sarif/sarif-schema-2.1.0.json")) {
            Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(text);
            return schema.validate(
                    sarif,
                    InputFormat.JSON,
                    context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
        }
    }
}
