package dev.panoptes.server.issues;

import dev.panoptes.core.ContentDigest;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Fingerprint;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.ScanReport.RegistryReference;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import dev.panoptes.integrity.verdict.Score;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Reports as a scan would give them, in few words. */
public final class Reports {
    private Reports() {}

    /** An issue of an original check about a port that these agents share. */
    public static Issue portConflict(int port, String... agents) {
        return issue(
                "port-conflict", Severity.CRITICAL, "local", Integer.toString(port), port, List.of(agents), "registry");
    }

    public static Issue issue(
            String check,
            Severity severity,
            String host,
            String subject,
            Integer port,
            List<String> affected,
            String source) {
        return new Issue(
                check + "-" + subject + (host.equals("local") ? "" : "@" + host),
                check,
                check.replace('-', '_'),
                severity,
                "About " + subject,
                "What was found about " + subject + ".",
                affected,
                "Do something about " + subject,
                List.of(new Evidence(source, source + ".yaml", 7, "seen here")),
                Fingerprint.of(check, host, subject),
                host,
                port,
                Instant.EPOCH,
                null,
                IssueState.NEW,
                null);
    }

    public static ScanReport report(
            Instant started, Instant completed, List<Issue> issues, UnknownSubject... unknowns) {
        int failed = (int) issues.stream().filter(issue -> !issue.waived()).count();
        return new ScanReport(
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()),
                started,
                completed,
                new Score(10, failed, unknowns.length),
                List.of(),
                issues,
                Arrays.asList(unknowns),
                List.of(),
                new RegistryReference("agent-registry.yaml", null, ContentDigest.known("00"), "1", null, 3, true),
                List.of(),
                List.of(),
                List.of());
    }

    public static ScanReport report(Instant at, Issue... issues) {
        return report(at, at, List.of(issues));
    }

    /** Everything was looked at, on this machine and on web-1. */
    public static ScanScope everything() {
        Map<String, CheckGroup> checks = new HashMap<>();
        for (Check check : Checks.all()) {
            checks.put(check.info().id(), check.info().group());
        }
        Set<Source> all = EnumSet.allOf(Source.class);
        return new ScanScope(checks, true, true, true, Map.of("local", all, "web-1", all));
    }

    public static ScanScope without(String check) {
        ScanScope whole = everything();
        Map<String, CheckGroup> checks = new HashMap<>(whole.checks());
        checks.remove(check);
        return new ScanScope(checks, true, true, true, whole.seen());
    }
}
