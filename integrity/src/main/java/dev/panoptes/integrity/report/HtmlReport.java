package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.ScanReport;
import dev.panoptes.integrity.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The report as one self-contained page: no script, no font, no address is fetched. Light and dark follow the reader's
 * system; severity filters are radio buttons and style rules.
 */
final class HtmlReport implements ReportWriter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final double RING = 2 * Math.PI * 38;
    private static final String EYE =
            "<svg viewBox=\"0 0 48 34\" aria-hidden=\"true\"><path d=\"M3 19C11 8.5 37 8.5 45 19"
                    + " 37 29.5 11 29.5 3 19Z\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"3\"/><circle cx=\"24\" cy=\"19\""
                    + " r=\"6.6\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.6\"/><circle cx=\"24\" cy=\"19\" r=\"2.6\""
                    + " fill=\"currentColor\"/><g fill=\"currentColor\"><circle cx=\"7.5\" cy=\"8.6\" r=\"1.7\"/><circle cx=\"15\""
                    + " cy=\"4.6\" r=\"1.9\"/><circle cx=\"24\" cy=\"3.2\" r=\"2.1\"/><circle cx=\"33\" cy=\"4.6\" r=\"1.9\"/><circle"
                    + " cx=\"40.5\" cy=\"8.6\" r=\"1.7\"/></g></svg>";

    @Override
    public void write(ScanReport report, Verdict verdict, Writer out) throws IOException {
        Headline headline = Headline.of(report, verdict);
        out.write("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                + "<title>" + Xml.escape("Panoptes: " + headline.text()) + "</title>\n<style>\n" + stylesheet()
                + "</style>\n</head>\n<body>\n<div class=\"page\">\n");
        header(report, headline, out);
        vitals(report, out);
        new HtmlIssues(report, out).write();
        new HtmlSections(report, out).write();
        out.write("<p class=\"panel exit\">exit " + verdict.outcome().exitCode() + ": " + Xml.escape(verdict.reason())
                + "</p>\n</main>\n</div>\n</body>\n</html>\n");
    }

    private static void header(ScanReport report, Headline headline, Writer out) throws IOException {
        out.write(
                "<header class=\"top\">" + EYE + "<b>Panoptes</b><fieldset class=\"seg end\" style=\"margin-block:0\">"
                        + "<legend class=\"vh\">Colours</legend>");
        for (String theme : new String[] {"auto", "light", "dark"}) {
            out.write("<label><input class=\"vh\" type=\"radio\" name=\"theme\" id=\"theme-" + theme + "\""
                    + (theme.equals("auto") ? " checked" : "") + ">" + theme + "</label>");
        }
        String tone = switch (headline.mood()) {
            case GOOD -> "ok";
            case CAUTION -> "medium";
            case BAD -> "critical";
        };
        out.write("</fieldset></header>\n<main>\n<p class=\"crumb\">Scan " + Xml.escape(report.reportId()) + " of "
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
        double arc = Math.round(RING * score) / 100.0;
        out.write("<section class=\"panel vitals\" aria-label=\"Figures\">\n<div class=\"vital\"><h2>Score</h2>"
                + "<svg class=\"ring\" viewBox=\"0 0 88 88\" role=\"img\" aria-label=\"Score " + score + " of 100\">"
                + "<circle cx=\"44\" cy=\"44\" r=\"38\" fill=\"none\" stroke=\"var(--s3)\" stroke-width=\"7\"/>"
                + "<circle cx=\"44\" cy=\"44\" r=\"38\" fill=\"none\" stroke=\"var(" + tone + ")\" stroke-width=\"7\""
                + " stroke-linecap=\"round\" stroke-dasharray=\"" + arc + " " + Math.round(RING * 100) / 100.0
                + "\" transform=\"rotate(-90 44 44)\"/><text x=\"44\" y=\"52\" text-anchor=\"middle\">"
                + (score == 100.0 ? "100" : Double.toString(score)) + "</text></svg></div>\n");
        out.write("<div class=\"vital\"><h2>Coverage</h2><div class=\"big\">"
                + report.score().coverage()
                + "<small> %</small></div><p>" + report.score().unknown() + " of "
                + report.score().total() + " could not be judged</p></div>\n");
        out.write("<div class=\"vital\"><h2>Worst</h2><div class=\"big " + (worst == null ? "ok" : worst.id())
                + "\" style=\"font-size:1.75rem\">" + (worst == null ? "none" : worst.id()) + "</div>");
        bar(report, out);
        out.write("</div>\n<div class=\"vital\"><h2>Checked</h2><dl class=\"kv\"><dt>passed</dt><dd>"
                + report.score().passed() + "</dd><dt>failed</dt><dd>"
                + report.score().failed()
                + "</dd><dt>unknown</dt><dd>" + report.score().unknown() + "</dd><dt>waived</dt><dd>"
                + report.waivedIssues() + "</dd><dt>agents</dt><dd>"
                + report.registry().agents() + "</dd></dl></div>\n</section>\n");
    }

    private static void bar(ScanReport report, Writer out) throws IOException {
        out.write("<div class=\"bar\" aria-hidden=\"true\">");
        for (var entry : report.summary().entrySet()) {
            if (entry.getValue() > 0) {
                out.write("<i style=\"flex:" + entry.getValue() + ";background:var(--"
                        + entry.getKey().id() + "-g)\"></i>");
            }
        }
        out.write("</div><div class=\"counts\">");
        for (var entry : report.summary().entrySet()) {
            out.write("<span>" + HtmlIssues.shape(entry.getKey()) + "<b>" + entry.getValue() + "</b> "
                    + entry.getKey().id() + "</span>");
        }
        out.write("</div>");
    }

    private static String stylesheet() {
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
