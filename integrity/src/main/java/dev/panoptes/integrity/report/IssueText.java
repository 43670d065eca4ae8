package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.DeclaredHost;
import java.util.ArrayList;
import java.util.List;

/** One issue for people. */
public final class IssueText {
    private static final int EVIDENCE_LINES = 6;
    private static final int PLACE_WIDTH = 44;
    private static final String INDENT = "  ";

    private final TextPaint paint;

    public IssueText(TextStyle style) {
        this.paint = new TextPaint(style);
    }

    /** The lines of one issue, without line ends: title and id, what was found, evidence, what to do. */
    public List<String> lines(Issue issue) {
        List<String> lines = new ArrayList<>();
        String title = TextPaint.clean(issue.title());
        String id = TextPaint.clean(issue.id());
        int room = paint.columns() - 2 - TextPaint.width(title) - TextPaint.width(id);
        if (room >= 2) {
            lines.add(INDENT + paint.bold(title) + " ".repeat(room) + paint.link(id));
        } else {
            for (String line : TextPaint.wrapped(title, paint.columns() - 2)) {
                lines.add(INDENT + paint.bold(line));
            }
            for (String line : TextPaint.wrapped(id, paint.columns() - 2)) {
                lines.add(INDENT + paint.link(line));
            }
        }
        String where = issue.host().equals(DeclaredHost.LOCAL) ? "" : "on host " + issue.host() + ": ";
        paragraph(where + issue.description(), lines);
        evidence(issue.evidence(), lines);
        List<String> advice = TextPaint.wrapped(TextPaint.clean(issue.recommendation()), paint.columns() - 6);
        for (int i = 0; i < advice.size(); i++) {
            lines.add("    " + (i == 0 ? paint.symbol("\u2192", ">") : " ") + " " + paint.good(advice.get(i)));
        }
        return lines;
    }

    private void paragraph(String text, List<String> lines) {
        for (String line : TextPaint.wrapped(TextPaint.clean(text), paint.columns() - 4)) {
            lines.add("    " + line);
        }
    }

    private void evidence(List<Evidence> evidence, List<String> lines) {
        int shown = evidence.size() <= EVIDENCE_LINES ? evidence.size() : EVIDENCE_LINES - 1;
        int width = 0;
        for (Evidence each : evidence.subList(0, shown)) {
            width = Math.max(width, Math.min(PLACE_WIDTH, TextPaint.width(place(each))));
        }
        for (Evidence each : evidence.subList(0, shown)) {
            String place = TextPaint.padded(place(each), width);
            String text = TextPaint.clean(each.text());
            int room = paint.columns() - 8 - TextPaint.width(place);
            if (room < 20) {
                for (String line : TextPaint.wrapped(place.strip(), paint.columns() - 6)) {
                    lines.add("      " + paint.dim(line));
                }
                place = " ".repeat(4);
                room = paint.columns() - 12;
            }
            lines.add("      " + paint.dim(place) + "  " + cut(text, room));
        }
        if (shown < evidence.size()) {
            lines.add("      " + paint.dim("and " + (evidence.size() - shown) + " more"));
        }
    }

    private static String place(Evidence evidence) {
        String file = evidence.file();
        if (file == null) {
            return evidence.source();
        }
        String clean = TextPaint.clean(file);
        return evidence.line() == 0 ? clean : clean + ":" + evidence.line();
    }

    private String cut(String text, int width) {
        String dots = paint.symbol("\u2026", "...");
        return TextPaint.width(text) <= width
                ? text
                : text.substring(0, text.offsetByCodePoints(0, width - TextPaint.width(dots))) + dots;
    }
}
