package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.ScanReport.CheckTally;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import dev.panoptes.integrity.verdict.Verdict;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * The report as JUnit XML: one suite per check. An issue that fails the scan is a failure, one below the limit passes with a
 * note, an unknown and a waived one are skipped, and what passed is one case that tells how many subjects did.
 */
final class JUnitReport implements ReportWriter {
    @Override
    public void write(ScanReport report, Verdict verdict, Writer out) throws IOException {
        List<Suite> suites = suites(report, verdict);
        int tests = 0;
        int failures = 0;
        for (Suite suite : suites) {
            tests += suite.cases().size();
            failures += suite.failures();
        }
        out.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        // The schema of Jenkins has no "skipped" for all suites together.
        out.write("<testsuites name=\"panoptes\" tests=\"" + tests + "\" failures=\"" + failures
                + "\" errors=\"0\" time=\"" + seconds(report) + "\">\n");
        for (Suite suite : suites) {
            out.write("  <testsuite name=\"" + Xml.escape(suite.name()) + "\""
                    + counts(suite.cases().size(), suite.failures(), suite.skipped()) + " time=\"0\" timestamp=\""
                    + report.started() + "\">\n");
            for (Case each : suite.cases()) {
                write(suite, each, out);
            }
            out.write("  </testsuite>\n");
        }
        out.write("</testsuites>\n");
    }

    /** How a case ended. */
    private enum Ending {
        PASSED,
        NOTED,
        FAILED,
        SKIPPED
    }

    private record Case(String name, Ending ending, String type, String message, String text) {}

    private record Suite(String name, List<Case> cases) {
        int failures() {
            return (int) cases.stream()
                    .filter(each -> each.ending() == Ending.FAILED)
                    .count();
        }

        int skipped() {
            return (int) cases.stream()
                    .filter(each -> each.ending() == Ending.SKIPPED)
                    .count();
        }
    }

    private static List<Suite> suites(ScanReport report, Verdict verdict) {
        List<Suite> suites = new ArrayList<>();
        for (CheckTally tally : report.checks()) {
            String check = tally.check().id();
            List<Case> cases = new ArrayList<>();
            for (Issue issue : report.issues()) {
                if (issue.check().equals(check)) {
                    cases.add(issue(issue, verdict));
                }
            }
            cases.addAll(unknowns(report, check));
            if (tally.passed() > 0) {
                String subjects = tally.passed() == 1 ? "1 subject" : tally.passed() + " subjects";
                cases.add(new Case(check + ": " + subjects + " passed", Ending.PASSED, "", "", ""));
            }
            suites.add(new Suite(check, cases));
        }
        List<Case> unreadable = unknowns(report, ScanReport.UNREADABLE);
        if (!unreadable.isEmpty()) {
            suites.add(new Suite(ScanReport.UNREADABLE, unreadable));
        }
        return suites;
    }

    private static Case issue(Issue issue, Verdict verdict) {
        Waiver waiver = issue.waiver();
        String severity = issue.severity().id();
        if (waiver != null) {
            String why = "waived until " + waiver.expires() + " by " + waiver.owner() + ": " + waiver.reason();
            return new Case(issue.id(), Ending.SKIPPED, severity, why, "");
        }
        boolean fails = issue.severity().atLeast(verdict.failOn());
        return new Case(issue.id(), fails ? Ending.FAILED : Ending.NOTED, severity, issue.title(), details(issue));
    }

    private static List<Case> unknowns(ScanReport report, String check) {
        List<Case> cases = new ArrayList<>();
        for (UnknownSubject unknown : report.unknowns()) {
            if (unknown.check().equals(check)) {
                cases.add(new Case(
                        check + " of " + unknown.subject(), Ending.SKIPPED, "", "unknown: " + unknown.reason(), ""));
            }
        }
        return cases;
    }

    private static String details(Issue issue) {
        StringBuilder text = new StringBuilder(issue.description()).append('\n');
        for (Evidence evidence : issue.evidence()) {
            String file = evidence.file();
            text.append(file == null ? evidence.source() : file);
            if (file != null && evidence.line() > 0) {
                text.append(':').append(evidence.line());
            }
            text.append("  ").append(evidence.text()).append('\n');
        }
        return text.append(issue.recommendation()).append('\n').toString();
    }

    private static void write(Suite suite, Case each, Writer out) throws IOException {
        out.write("    <testcase classname=\"panoptes." + Xml.escape(suite.name()) + "\" name=\""
                + Xml.escape(each.name()) + "\" time=\"0\"");
        switch (each.ending()) {
            case PASSED -> out.write("/>\n");
            case NOTED ->
                out.write(">\n      <system-out>" + Xml.escape("[" + each.type() + "] " + each.message() + "\n")
                        + lines(each.text()) + "</system-out>\n    </testcase>\n");
            case FAILED ->
                out.write(">\n      <failure type=\"" + Xml.escape(each.type()) + "\" message=\""
                        + Xml.escape(each.message()) + "\">" + lines(each.text()) + "</failure>\n    </testcase>\n");
            case SKIPPED ->
                out.write(">\n      <skipped message=\"" + Xml.escape(each.message()) + "\"/>\n    </testcase>\n");
        }
    }

    /** Escaped, but with its line ends as they are: element content keeps them. */
    private static String lines(String text) {
        return Xml.escape(text).replace("&#10;", "\n");
    }

    private static String counts(int tests, int failures, int skipped) {
        return " tests=\"" + tests + "\" failures=\"" + failures + "\" errors=\"0\" skipped=\"" + skipped + "\"";
    }

    private static String seconds(ScanReport report) {
        return Double.toString(report.duration().toMillis() / 1000.0);
    }
}
