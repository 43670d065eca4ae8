package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.verdict.Causes;
import dev.panoptes.integrity.verdict.Causes.Cause;
import dev.panoptes.integrity.verdict.ScanReport;
import java.io.IOException;
import java.io.Writer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The issues of the page: one row each, opened by a click, filtered by severity. */
final class HtmlIssues {
    /** More open rows than this are a wall of text. */
    private static final int OPEN = 12;

    private final ScanReport report;
    private final Writer out;
    private final int most;
    private final String rest;
    private final List<Cause> tree;
    private final Map<String, List<Issue>> consequences = new HashMap<>();

    /** @param most how many rows are written @param rest HTML for where the others are */
    HtmlIssues(ScanReport report, Writer out, int most, String rest) {
        this.report = report;
        this.out = out;
        this.most = most;
        this.rest = rest;
        this.tree = Causes.tree(
                report.issues().stream().filter(issue -> !issue.waived()).toList());
        tree.forEach(cause -> consequences.put(cause.issue().id(), cause.consequences()));
    }

    void write() throws IOException {
        int open = report.issues().size() - report.waivedIssues();
        out.write(
                "<section class=\"panel\" aria-labelledby=\"issues\">\n<div class=\"ph\"><h2 id=\"issues\">Issues</h2>"
                        + "<span class=\"sub\">" + open + " open"
                        + (tree.size() < open ? " from " + tree.size() + (tree.size() == 1 ? " cause" : " causes") : "")
                        + (report.waivedIssues() > 0 ? ", " + report.waivedIssues() + " waived" : "")
                        + "</span>");
        if (!report.issues().isEmpty()) {
            filters();
        }
        out.write("</div>\n");
        if (report.issues().isEmpty()) {
            out.write("<p class=\"none\">None.</p>\n");
        }
        int written = 0;
        for (Cause cause : tree) {
            if (written < most) {
                row(cause.issue(), written++ < OPEN && cause.issue().severity().atLeast(Severity.HIGH));
            }
            for (Issue issue : cause.consequences()) {
                if (written++ < most) {
                    row(issue, false);
                }
            }
        }
        for (Issue issue : report.issues()) {
            if (issue.waived() && written++ < most) {
                row(issue, false);
            }
        }
        if (report.issues().size() > most) {
            out.write(
                    "<p class=\"none\">" + (report.issues().size() - most) + " more are not shown. " + rest + "</p>\n");
        }
        out.write("</section>\n");
    }

    private void filters() throws IOException {
        out.write("<fieldset class=\"seg end\"><legend class=\"vh\">Show severity</legend>"
                + "<label><input class=\"vh\" type=\"radio\" name=\"only\" id=\"only-all\" checked>All</label>");
        for (Map.Entry<Severity, Integer> entry : report.summary().entrySet()) {
            if (entry.getValue() > 0) {
                filter(entry.getKey().id(), entry.getValue());
            }
        }
        if (report.waivedIssues() > 0) {
            filter("waived", report.waivedIssues());
        }
        out.write("</fieldset>");
    }

    private void filter(String name, int count) throws IOException {
        out.write("<label><input class=\"vh\" type=\"radio\" name=\"only\" id=\"only-" + name + "\">" + name + " "
                + count + "</label>");
    }

    private void row(Issue issue, boolean open) throws IOException {
        String severity = issue.severity().id();
        Waiver waiver = issue.waiver();
        out.write("<details class=\"issue\" data-severity=\"" + (waiver == null ? severity : "waived") + "\""
                + (open ? " open" : "") + "><summary><span class=\"sv " + severity + "\">" + shape(issue.severity())
                + severity + "</span><span class=\"ti\">" + shown(issue.title())
                + (waiver == null ? "" : " <span class=\"tag\">waived</span>") + "</span><span class=\"id\">"
                + shown(issue.id()) + "</span></summary>\n<div class=\"body\"><div><p>" + shown(issue.description())
                + "</p><h3>Evidence</h3><ul class=\"ev\">");
        for (Evidence evidence : issue.evidence()) {
            out.write("<li><span class=\"at\">" + place(evidence) + "</span><code>" + shown(evidence.text())
                    + "</code></li>");
        }
        out.write("</ul>");
        consequences(issue);
        out.write("</div><div><h3>What to do</h3><p class=\"fix\">" + shown(issue.recommendation())
                + "</p><h3>Affected</h3><div class=\"tags\">");
        for (String affected : issue.affected()) {
            out.write("<span class=\"tag\">" + shown(affected) + "</span>");
        }
        out.write("</div><dl class=\"kv\">");
        facts(issue);
        out.write("</dl></div></div></details>\n");
    }

    /** What follows from an issue, listed in it. */
    private void consequences(Issue issue) throws IOException {
        List<Issue> following = consequences.getOrDefault(issue.id(), List.of());
        if (!following.isEmpty()) {
            out.write("<h3>From this " + (following.size() == 1 ? "follows" : "follow") + "</h3><ul class=\"ev\">");
            for (Issue each : following) {
                out.write("<li><span class=\"at\">" + shown(each.id()) + "</span><code>" + shown(each.title())
                        + "</code></li>");
            }
            out.write("</ul>");
        }
    }

    private void facts(Issue issue) throws IOException {
        fact("check", issue.check());
        String cause = issue.cause();
        if (cause != null) {
            fact("follows from", cause);
        }
        if (!issue.host().equals(DeclaredHost.LOCAL)) {
            fact("host", issue.host());
        }
        Integer port = issue.port();
        if (port != null) {
            fact("port", port.toString());
        }
        if (issue.firstSeen() != null) {
            fact("first seen", issue.firstSeen().toString());
        }
        fact("state", issue.state().id());
        Waiver waiver = issue.waiver();
        if (waiver != null) {
            fact("waived by", waiver.owner() + " until " + waiver.expires());
            fact("because", waiver.reason());
        }
    }

    private void fact(String name, String value) throws IOException {
        out.write("<dt>" + name + "</dt><dd>" + shown(value) + "</dd>");
    }

    private static String place(Evidence evidence) {
        String file = evidence.file();
        if (file == null) {
            return shown(evidence.source());
        }
        return shown(evidence.line() == 0 ? file : file + ":" + evidence.line()) + " \u00b7 "
                + shown(evidence.source());
    }

    /** Control and direction characters made visible, then escaped. */
    static String shown(String text) {
        return Xml.escape(TextPaint.clean(text));
    }

    static String shape(Severity severity) {
        String path = switch (severity) {
            case CRITICAL -> "<path d=\"M6 .5 11.5 6 6 11.5 .5 6Z\" fill=\"currentColor\"/>";
            case HIGH -> "<path d=\"M6 1 11.6 11H.4Z\" fill=\"currentColor\"/>";
            case MEDIUM -> "<rect x=\"1.5\" y=\"1.5\" width=\"9\" height=\"9\" rx=\"1\" fill=\"currentColor\"/>";
            case LOW -> "<circle cx=\"6\" cy=\"6\" r=\"4\" fill=\"currentColor\"/>";
            case INFO ->
                "<circle cx=\"6\" cy=\"6\" r=\"4\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.6\"/>";
        };
        return "<svg class=\"sev " + severity.id() + "\" viewBox=\"0 0 12 12\" aria-hidden=\"true\">" + path + "</svg>";
    }
}
