package dev.panoptes.integrity.report;

import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.Verdict;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateException;
import gg.jte.output.WriterOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The report as one page without a script. Light and dark follow the reader's system; severity filters are radio buttons and
 * style rules. As a file it is self-contained: no font, no address is fetched, and only its own style sheet counts. A server
 * gives it a place among its pages instead. Its templates are compiled with the program and escape every value for the place
 * where it stands.
 */
public final class HtmlReport implements ReportWriter {
    private static final TemplateEngine ENGINE = TemplateEngine.createPrecompiled(
            null, ContentType.Html, HtmlReport.class.getClassLoader(), "dev.panoptes.integrity.report.jte");

    /** More rows than this are more than a browser bears and anybody reads. */
    private static final int MOST_SERVED = 500;

    private final @Nullable Frame frame;

    /** A page of its own. */
    HtmlReport() {
        this.frame = null;
    }

    /** A page of a server. */
    public HtmlReport(Frame frame) {
        this.frame = frame;
    }

    /**
     * What a server puts around the page.
     *
     * @param stylesheet address of {@link #stylesheet} and more
     * @param header HTML of what stands above the page
     * @param rest HTML of what follows a cut list of issues: where the others are
     */
    public record Frame(String stylesheet, String header, String rest) {}

    @Override
    public void write(ScanReport report, Verdict verdict, Writer out) throws IOException {
        Map<String, Object> values = new HashMap<>();
        values.put("page", new ReportPage(report, verdict, frame == null ? Integer.MAX_VALUE : MOST_SERVED));
        String template;
        if (frame == null) {
            template = "alone.jte";
            String style = "\n" + stylesheet();
            values.put("style", style);
            values.put("hash", sha256(style));
        } else {
            template = "framed.jte";
            values.put("frame", frame);
        }
        try {
            ENGINE.render(template, values, new VisibleOutput(new WriterOutput(out)));
        } catch (TemplateException e) {
            if (e.getCause() instanceof UncheckedIOException unwritten) {
                throw unwritten.getCause();
            }
            throw e;
        }
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The rules that the page is written for. */
    public static String stylesheet() {
        try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
            if (css == null) {
                throw new IllegalStateException("report.css is missing from the program");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
