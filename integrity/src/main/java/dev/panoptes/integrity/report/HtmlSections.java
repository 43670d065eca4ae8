package dev.panoptes.integrity.report;

import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.ScanReport.CheckTally;
import dev.panoptes.integrity.verdict.ScanReport.IdleWaiver;
import dev.panoptes.integrity.verdict.ScanReport.SnapshotReference;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.TreeMap;

/** What follows the issues on the page: unknowns, problems, snapshots, waivers that did nothing, checks. */
final class HtmlSections {
    private final ScanReport report;
    private final Writer out;

    HtmlSections(ScanReport report, Writer out) {
        this.report = report;
        this.out = out;
    }

    void write() throws IOException {
        unknowns();
        problems();
        notes();
        snapshots();
        checks();
    }

    private void unknowns() throws IOException {
        if (report.unknowns().isEmpty()) {
            return;
        }
        begin("unknown", "Could not be judged", report.unknowns().size());
        out.write("<div class=\"scroll\"><table><thead><tr><th>Group</th><th>Reason</th><th>What</th>"
                + "<th class=\"num\">Subjects</th></tr></thead><tbody>\n");
        for (FoldedUnknowns folded : FoldedUnknowns.of(report.unknowns())) {
            UnknownSubject first = folded.unknowns().getFirst();
            out.write("<tr><td>" + first.group().id() + "</td><td>" + HtmlIssues.shown(first.reason())
                    + "</td><td class=\"t2\">" + HtmlIssues.shown(folded.subjects()) + "</td><td class=\"num\">"
                    + folded.unknowns().size() + "</td></tr>\n");
        }
        out.write("</tbody></table></div>\n</section>\n");
    }

    private void problems() throws IOException {
        if (report.problems().isEmpty()) {
            return;
        }
        begin("problems", "Files with problems", report.problems().size());
        out.write("<ul class=\"list\">");
        for (Problem problem : report.problems()) {
            out.write("<li><code>" + HtmlIssues.shown(problem.text()) + "</code></li>\n");
        }
        out.write("</ul>\n</section>\n");
    }

    private void notes() throws IOException {
        if (report.notes().isEmpty() && report.waivers().isEmpty()) {
            return;
        }
        begin("notes", "Notes", report.notes().size() + report.waivers().size());
        out.write("<ul class=\"list\">");
        for (String note : report.notes()) {
            out.write("<li>" + HtmlIssues.shown(note) + "</li>\n");
        }
        for (IdleWaiver idle : report.waivers()) {
            out.write("<li>" + HtmlIssues.shown(idle.sentence()) + "</li>\n");
        }
        out.write("</ul>\n</section>\n");
    }

    private void snapshots() throws IOException {
        if (report.snapshots().isEmpty()) {
            return;
        }
        begin("snapshots", "Hosts that were looked at", report.snapshots().size());
        out.write("<div class=\"scroll\"><table><thead><tr><th>Host</th><th>Seen</th><th>How"
                + " far</th></tr></thead><tbody>\n");
        for (SnapshotReference snapshot : report.snapshots()) {
            StringBuilder sources = new StringBuilder();
            new TreeMap<>(snapshot.sources())
                    .forEach((source, how) -> sources.append(sources.isEmpty() ? "" : "; ")
                            .append(source)
                            .append(' ')
                            .append(how));
            out.write("<tr><td class=\"mono\">" + HtmlIssues.shown(snapshot.host()) + "</td><td>" + snapshot.taken()
                    + "</td><td class=\"t2\">" + HtmlIssues.shown(sources.toString()) + "</td></tr>\n");
        }
        out.write("</tbody></table></div>\n</section>\n");
    }

    private void checks() throws IOException {
        List<CheckTally> checks = report.checks();
        out.write("<details class=\"panel fold\"><summary class=\"ph\"><h2>Checks that applied</h2><span class=\"sub\">"
                + checks.size()
                + "</span></summary>\n<div class=\"scroll\"><table><thead><tr><th>Check</th><th>Group</th>"
                + "<th>Fails when</th><th class=\"num\">Passed</th><th class=\"num\">Failed</th>"
                + "<th class=\"num\">Unknown</th></tr></thead><tbody>\n");
        for (CheckTally tally : checks) {
            out.write("<tr><td class=\"mono\">" + Xml.escape(tally.check().id()) + "</td><td>"
                    + tally.check().group().id() + "</td><td class=\"t2\">"
                    + HtmlIssues.shown(tally.check().title()) + "</td><td class=\"num\">" + tally.passed()
                    + "</td><td class=\"num\">" + tally.failed() + "</td><td class=\"num\">" + tally.unknown()
                    + "</td></tr>\n");
        }
        out.write("</tbody></table></div>\n</details>\n");
    }

    private void begin(String id, String title, int count) throws IOException {
        out.write("<section class=\"panel\" aria-labelledby=\"" + id + "\">\n<div class=\"ph\"><h2 id=\"" + id + "\">"
                + title + "</h2><span class=\"sub\">" + count + "</span></div>\n");
    }
}
