package dev.panoptes.integrity.verdict;

import dev.panoptes.core.ContentDigest;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a scan found: the counts, every issue, everything that could not be judged and why.
 *
 * @param reportId 8 lower-case hex digits
 * @param started when the scan began, to the millisecond
 * @param completed when the last check had ended
 * @param checks what ran, in the order of {@link CheckGroup}; a check that applied to nothing is not in it
 * @param issues worst first, the waived ones among them
 * @param unknowns what could not be judged; unreadable files are among them under {@link #UNREADABLE}
 * @param problems files that could not be read or parsed, the registry's first
 * @param snapshots one per observed host; empty in an offline scan
 * @param waivers waivers that did nothing: expired, or without an issue
 * @param notes what the reader should know about how the scan was made, one sentence each
 * @param notLookedAt groups that were not selected, or whose subjects were not read or observed
 */
public record ScanReport(
        String reportId,
        Instant started,
        Instant completed,
        Score score,
        List<CheckTally> checks,
        List<Issue> issues,
        List<UnknownSubject> unknowns,
        List<Problem> problems,
        RegistryReference registry,
        List<SnapshotReference> snapshots,
        List<IdleWaiver> waivers,
        List<String> notes,
        Set<CheckGroup> notLookedAt) {
    /** Version of the report's JSON form. */
    public static final int SCHEMA = 1;

    /** What an unknown is filed under when no check but a reader could not look. */
    public static final String UNREADABLE = "unreadable-declaration";

    public ScanReport {
        checks = List.copyOf(checks);
        issues = List.copyOf(issues);
        unknowns = List.copyOf(unknowns);
        problems = List.copyOf(problems);
        snapshots = List.copyOf(snapshots);
        waivers = List.copyOf(waivers);
        notes = List.copyOf(notes);
        notLookedAt = Set.copyOf(notLookedAt);
        if (score.unknown() != unknowns.size()) {
            throw new IllegalArgumentException("the score must count the unknowns");
        }
        if (score.failed() != count(issues, false)) {
            throw new IllegalArgumentException("the score must count the issues that are not waived");
        }
    }

    /** A report of a scan that looked at everything. */
    public ScanReport(
            String reportId,
            Instant started,
            Instant completed,
            Score score,
            List<CheckTally> checks,
            List<Issue> issues,
            List<UnknownSubject> unknowns,
            List<Problem> problems,
            RegistryReference registry,
            List<SnapshotReference> snapshots,
            List<IdleWaiver> waivers,
            List<String> notes) {
        this(
                reportId, started, completed, score, checks, issues, unknowns, problems, registry, snapshots, waivers,
                notes, Set.of());
    }

    /** The results of one check, by answer; {@code failed} counts issues that are not waived. */
    public record CheckTally(CheckInfo check, int passed, int failed, int unknown) {}

    /**
     * Something that could not be judged.
     *
     * @param check the check's id, or {@link #UNREADABLE}
     * @param subject what was not judged: a port, a directory, an agent's key, a file
     * @param reason one sentence; the same cause uses the same words
     */
    public record UnknownSubject(String check, CheckGroup group, String subject, String reason) {}

    /**
     * The registry that was judged.
     *
     * @param path as the user gave it
     * @param rootPath below the scan's root; null where it lies outside or there is no root
     * @param content what the registry's bytes are known by; null where it could not be read
     * @param version null where it gives none
     * @param profile null where none was applied
     * @param readable false where it is there but could not be read as a registry
     */
    public record RegistryReference(
            String path,
            @Nullable String rootPath,
            @Nullable ContentDigest content,
            @Nullable String version,
            @Nullable String profile,
            int agents,
            boolean readable) {
        /** SHA-256, lower-case hex; null where it could not be read. */
        public @Nullable String digest() {
            return content == null ? null : content.hex();
        }
    }

    /**
     * A snapshot that was judged.
     *
     * @param sources how far each source was seen: {@code complete}, or {@code denied: reason}, {@code absent: reason}
     */
    public record SnapshotReference(
            String host, String hostId, Instant taken, String observer, Map<String, String> sources) {
        public SnapshotReference {
            sources = Map.copyOf(sources);
        }
    }

    /** A waiver that accepted nothing in this scan. @param expired false where no issue matched it */
    public record IdleWaiver(Waiver waiver, boolean expired) {
        /** What the reader should know about it. */
        public String sentence() {
            String which = "The waiver of " + waiver.issue() + " by " + waiver.owner();
            return expired
                    ? which + " expired on " + waiver.expires() + " and no longer counts."
                    : which + " matches no issue.";
        }
    }

    public Duration duration() {
        return Duration.between(started, completed);
    }

    /** The worst severity among the issues that are not waived; null where there are none. */
    public @Nullable Severity worstSeverity() {
        Severity worst = null;
        for (Issue issue : issues) {
            if (!issue.waived() && (worst == null || issue.severity().atLeast(worst))) {
                worst = issue.severity();
            }
        }
        return worst;
    }

    /** How many issues that are not waived there are of each severity; every severity has an entry. */
    public Map<Severity, Integer> summary() {
        Map<Severity, Integer> summary = new EnumMap<>(Severity.class);
        for (Severity severity : Severity.values()) {
            summary.put(severity, 0);
        }
        for (Issue issue : issues) {
            if (!issue.waived()) {
                summary.merge(issue.severity(), 1, Integer::sum);
            }
        }
        return summary;
    }

    public int waivedIssues() {
        return count(issues, true);
    }

    private static int count(List<Issue> issues, boolean waived) {
        int count = 0;
        for (Issue issue : issues) {
            if (issue.waived() == waived) {
                count++;
            }
        }
        return count;
    }
}
