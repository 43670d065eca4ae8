package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.verdict.Causes;
import dev.panoptes.integrity.verdict.Causes.Cause;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.ScanReport.IdleWaiver;
import dev.panoptes.integrity.verdict.Verdict;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A report in the words and figures of its page, as the templates want it: plain text, which they escape. */
public final class ReportPage {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final double RING = 2 * Math.PI * 38;

    private final ScanReport report;
    private final Verdict verdict;
    private final Headline headline;
    private final int most;
    private final List<Cause> tree;

    /** @param most how many issues are shown */
    ReportPage(ScanReport report, Verdict verdict, int most) {
        this.report = report;
        this.verdict = verdict;
        this.headline = Headline.of(report, verdict);
        this.most = most;
        this.tree = Causes.tree(
                report.issues().stream().filter(issue -> !issue.waived()).toList());
    }

    /** A part of the bar of severities, in issues from its begin. */
    public record Bar(int begin, int width, Severity severity) {}

    /** Subjects that could not be judged for one reason. @param count how many they are, also those not named */
    public record Unknowns(String group, String reason, String subjects, int count) {}

    /** A host that was looked at. @param sources how far, source by source */
    public record Host(String host, String taken, String sources) {}

    public ScanReport report() {
        return report;
    }

    public String headline() {
        return headline.text();
    }

    /** The headline up to what is to be acted on, which follows a colon; all of it where nothing is. */
    public String lead() {
        int colon = headline.text().indexOf(": ");
        return colon < 0 ? headline.text() : headline.text().substring(0, colon + 2);
    }

    /** What is to be acted on, without the full stop; empty where nothing is. */
    public String marked() {
        String rest = headline.text().substring(lead().length());
        return rest.endsWith(".") ? rest.substring(0, rest.length() - 1) : rest;
    }

    /** What ends the headline behind what is marked: a full stop, or nothing. */
    public String end() {
        return headline.text().substring(lead().length() + marked().length());
    }

    public String tone() {
        return switch (headline.mood()) {
            case GOOD -> "ok";
            case CAUTION -> "medium";
            case BAD -> "critical";
        };
    }

    public String completed() {
        return TIME.format(report.completed());
    }

    /** The score as it stands in the ring. */
    public String score() {
        double score = report.score().health();
        return !report.score().judged() ? "\u2013" : score == 100.0 ? "100" : Double.toString(score);
    }

    /** The score for those who hear it. */
    public String spokenScore() {
        return report.score().judged() ? report.score().health() + " of 100" : "none";
    }

    /** The colour of the ring. */
    public String ringTone() {
        Severity worst = report.worstSeverity();
        return worst == null ? "ok" : worst.id();
    }

    /** How much of the ring is drawn, and how long it is. */
    public String ring() {
        double arc = report.score().judged() ? Math.round(RING * report.score().health()) / 100.0 : 0;
        return arc + " " + Math.round(RING * 100) / 100.0;
    }

    /** The worst severity, or none. */
    public String worst() {
        Severity worst = report.worstSeverity();
        return worst == null ? "none" : worst.id();
    }

    /** How many issues each severity has, of those that have any. */
    public List<Bar> bars() {
        List<Bar> bars = new ArrayList<>();
        int begin = 0;
        for (Map.Entry<Severity, Integer> entry : report.summary().entrySet()) {
            if (entry.getValue() > 0) {
                bars.add(new Bar(begin, entry.getValue(), entry.getKey()));
                begin += entry.getValue();
            }
        }
        return bars;
    }

    public List<IssueRow> issues() {
        return IssueRow.of(report, tree, most);
    }

    /** How many issues are not among {@link #issues}. */
    public int hidden() {
        return Math.max(0, report.issues().size() - most);
    }

    /** How many issues there are, of how many causes, and how many are waived. */
    public String counted() {
        int open = report.issues().size() - report.waivedIssues();
        return open + " open"
                + (tree.size() < open ? " from " + tree.size() + (tree.size() == 1 ? " cause" : " causes") : "")
                + (report.waivedIssues() > 0 ? ", " + report.waivedIssues() + " waived" : "");
    }

    public List<Unknowns> unknowns() {
        return FoldedUnknowns.of(report.unknowns()).stream()
                .map(folded -> new Unknowns(
                        folded.unknowns().getFirst().group().id(),
                        folded.unknowns().getFirst().reason(),
                        folded.subjects(),
                        folded.unknowns().size()))
                .toList();
    }

    /** What the reader should know, waivers that did nothing last. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>(report.notes());
        report.waivers().stream().map(IdleWaiver::sentence).forEach(notes::add);
        return notes;
    }

    public List<Host> hosts() {
        return report.snapshots().stream()
                .map(snapshot -> new Host(
                        snapshot.host(),
                        snapshot.taken().toString(),
                        new TreeMap<>(snapshot.sources())
                                .entrySet().stream()
                                        .map(source -> source.getKey() + " " + source.getValue())
                                        .collect(Collectors.joining("; "))))
                .toList();
    }

    /** The exit status of the program, and why. */
    public String exit() {
        return "exit " + verdict.outcome().exitCode() + ": " + verdict.reason();
    }
}
