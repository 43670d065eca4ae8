package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The report as one page without a script. Light and dark follow the reader's system; severity filters are radio buttons and
 * style rules. As a file it is self-contained: no font, no address is fetched, and only its own style sheet counts. A server
 * gives it a place among its pages instead.
 */
public final class HtmlReport implements ReportWriter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final double RING = 2 * Math.PI * 38;
    /** The mark of Panoptes, in the colour of the text around it. */
    public static final String EYE =
            "<svg viewBox=\"0 0 48 34\" aria-hidden=\"true\"><path d=\"M3 19C11 8.5 37 8.5 45 19 37 29.5 11 29.5 3"
                    + " 19Z\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"3\"/><circle cx=\"24\" cy=\"19\""
                    + " r=\"6.6\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.6\"/><circle cx=\"24\" cy=\"19\""
                    + " r=\"2.6\" fill=\"currentColor\"/><g fill=\"currentColor\"><circle cx=\"7.5\" cy=\"8.6\""
                    + " r=\"1.7\"/><circle cx=\"15\" cy=\"4.6\" r=\"1.9\"/><circle cx=\"24\" cy=\"3.2\" r=\"2.1\"/><circle"
                    + " cx=\"33\" cy=\"4.6\" r=\"1.9\"/><circle cx=\"40.5\" cy=\"8.6\" r=\"1.7\"/></g></svg>";

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
     * @param rest what follows a cut list of issues: where the others are
     */
    public record Frame(String stylesheet, String header, String rest) {}

    @Override
    public void write(ScanReport report, Verdict verdict, Writer out) throws IOException {
        Headline headline = Headline.of(report, verdict);
        out.write("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                + "<title>" + Xml.escape("Panoptes: " + headline.text()) + "</title>\n");
        if (frame == null) {
            String style = "\n" + stylesheet();
            out.write("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"
                    + sha256(style) + "'\">\n<style>" + style + "</style>\n</head>\n<body>\n<div class=\"page\">\n");
            themes(out);
        } else {
            out.write("<link rel=\"stylesheet\" href=\"" + frame.stylesheet()
                    + "\">\n</head>\n<body>\n<div class=\"page\">\n" + frame.header());
        }
        header(report, headline, out);
        vitals(report, out);
        new HtmlIssues(report, out, frame == null ? Integer.MAX_VALUE : MOST_SERVED, frame == null ? "" : frame.rest())
                .write();
        new HtmlSections(report, out).write();
        out.write("<p class=\"panel exit\">exit " + verdict.outcome().exitCode() + ": " + Xml.escape(verdict.reason())
                + "</p>\n</main>\n</div>\n</body>\n</html>\n");
    }

    private static void themes(Writer out) throws IOException {
        out.write("<header class=\"top\">" + EYE + "<b>Panoptes</b><fieldset class=\"seg end\">"
                + "<legend class=\"vh\">Colours</legend>");
        for (String theme : new String[] {"auto", "light", "dark"}) {
            out.write("<label><input class=\"vh\" type=\"radio\" name=\"theme\" id=\"theme-" + theme + "\""
                    + (theme.equals("auto") ? " checked" : "") + ">" + theme + "</label>");
        }
        out.write("</fieldset></header>\n");
    }

    private static void header(ScanReport report, Headline headline, Writer out) throws IOException {
        String tone = switch (headline.mood()) {
            case GOOD -> "ok";
            case CAUTION -> "medium";
            case BAD -> "critical";
        };
        out.write("<main id=\"main\">\n<p class=\"crumb\">Scan " + Xml.escape(report.reportId()) + " of "
                + Xml.escape(report.registry().path()) + ", " + TIME.format(report.completed()) + ", took "
                + report.duration().toMillis() + " ms</p>\n<h1>" + headline(headline.text(), tone) + "</h1>\n");
    }

    /** What follows the colon is marked, since it is what to act on. */
    private static String headline(String text, String tone) {
        int colon = text.indexOf(": ");
        if (colon < 0) {
            return Xml.escape(text);
        }
        String end = text.endsWith(".") ? "." : "";
        String marked = text.substring(colon + 2, text.length() - end.length());
        return Xml.escape(text.substring(0, colon + 2)) + "<em class=\"" + tone + "\">" + Xml.escape(marked) + "</em>"
                + end;
    }

    private static void vitals(ScanReport report, Writer out) throws IOException {
        Severity worst = report.worstSeverity();
        double score = report.score().health();
        String tone = worst == null ? "--ok-g" : "--" + worst.id() + "-g";
        boolean judged = report.score().judged();
        double arc = judged ? Math.round(RING * score) / 100.0 : 0;
        String shown = !judged ? "\u2013" : score == 100.0 ? "100" : Double.toString(score);
        out.write("<section class=\"panel vitals\" aria-label=\"Figures\">\n<div class=\"vital\"><h2>Score</h2>"
                + "<svg class=\"ring\" viewBox=\"0 0 88 88\" role=\"img\" aria-label=\"Score "
                + (judged ? score + " of 100" : "none") + "\">"
                + "<circle cx=\"44\" cy=\"44\" r=\"38\" fill=\"none\" stroke=\"var(--s3)\" stroke-width=\"7\"/>"
                + "<circle cx=\"44\" cy=\"44\" r=\"38\" fill=\"none\" stroke=\"var(" + tone + ")\" stroke-width=\"7\""
                + " stroke-linecap=\"round\" stroke-dasharray=\"" + arc + " " + Math.round(RING * 100) / 100.0
                + "\" transform=\"rotate(-90 44 44)\"/><text x=\"44\" y=\"52\" text-anchor=\"middle\">"
                + shown + "</text></svg></div>\n");
        out.write("<div class=\"vital\"><h2>Coverage</h2><div class=\"big\">"
                + report.score().coverage()
                + "<small> %</small></div><p>" + report.score().unknown() + " of "
                + report.score().total() + " could not be judged</p></div>\n");
        out.write("<div class=\"vital\"><h2>Worst</h2><div class=\"big word " + (worst == null ? "ok" : worst.id())
                + "\">" + (worst == null ? "none" : worst.id()) + "</div>");
        bar(report, out);
        out.write("</div>\n<div class=\"vital\"><h2>Checked</h2><dl class=\"kv\"><dt>passed</dt><dd>"
                + report.score().passed() + "</dd><dt>failed</dt><dd>"
                + report.score().failed()
                + "</dd><dt>unknown</dt><dd>" + report.score().unknown() + "</dd><dt>waived</dt><dd>"
                + report.waivedIssues() + "</dd><dt>agents</dt><dd>"
                + report.registry().agents() + "</dd></dl></div>\n</section>\n");
    }

    private static void bar(ScanReport report, Writer out) throws IOException {
        out.write("<svg class=\"bar\" viewBox=\"0 0 "
                + Math.max(1, report.score().failed()) + " 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        int begin = 0;
        for (var entry : report.summary().entrySet()) {
            if (entry.getValue() > 0) {
                out.write("<rect x=\"" + begin + "\" width=\"" + entry.getValue() + "\" height=\"8\" fill=\"var(--"
                        + entry.getKey().id() + "-g)\"/>");
                begin += entry.getValue();
            }
        }
        out.write("</svg><div class=\"counts\">");
        for (var entry : report.summary().entrySet()) {
            out.write("<span>" + HtmlIssues.shape(entry.getKey()) + "<b>" + entry.getValue() + "</b> "
                    + entry.getKey().id() + "</span>");
        }
        out.write("</div>");
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Text for HTML: control and direction characters made visible, the rest escaped. */
    public static String shown(String text) {
        return HtmlIssues.shown(text);
    }

    /** The mark of a severity: each has a shape and a colour of its own. */
    public static String mark(Severity severity) {
        return HtmlIssues.shape(severity);
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
