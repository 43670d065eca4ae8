package dev.panoptes.integrity.scan;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.ScanRoot;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Scanner;
import dev.panoptes.integrity.judging.Scanner.Judged;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.verdict.Causes;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.ScanReport.CheckTally;
import dev.panoptes.integrity.verdict.ScanReport.RegistryReference;
import dev.panoptes.integrity.verdict.ScanReport.SnapshotReference;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import dev.panoptes.integrity.verdict.Score;
import dev.panoptes.integrity.verdict.Waivers;
import dev.panoptes.integrity.world.World;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts results together to a report: counts them, names the issues, applies baseline and waivers. */
final class ScanReportBuilder {
    private final ScanRequest request;
    private final World world;
    private final List<Judged> judged;
    private final Set<CheckGroup> judgedGroups;

    /** @param judgedGroups the groups of the checks that ran */
    ScanReportBuilder(ScanRequest request, World world, Set<CheckGroup> judgedGroups, List<Judged> judged) {
        this.request = request;
        this.world = world;
        this.judged = judged;
        this.judgedGroups = judgedGroups;
    }

    ScanReport build(String reportId, Instant started, Instant completed, List<String> notes) {
        Waivers waivers = new Waivers(
                request.waivers(), world.now().atOffset(ZoneOffset.UTC).toLocalDate());
        List<Issue> found = request.baseline().apply(Scanner.issues(judged, completed));
        List<Issue> issues = Causes.link(waivers.apply(found));
        List<UnknownSubject> unknowns = unknowns();
        List<CheckTally> tallies = tallies(issues);
        int passed = tallies.stream().mapToInt(CheckTally::passed).sum();
        int failed = tallies.stream().mapToInt(CheckTally::failed).sum();
        return new ScanReport(
                reportId,
                started,
                completed,
                new Score(passed, failed, unknowns.size()),
                tallies,
                issues,
                unknowns,
                problems(),
                registry(),
                world.snapshots().stream().map(ScanReportBuilder::reference).toList(),
                waivers.idle(found),
                notes,
                notLookedAt());
    }

    /** Enrolment is looked at where there is a control plane, Kubernetes where there is some; nobody misses them elsewhere. */
    private Set<CheckGroup> notLookedAt() {
        Set<CheckGroup> not = EnumSet.allOf(CheckGroup.class);
        not.removeAll(judgedGroups);
        if (world.declarations() == null) {
            not.addAll(EnumSet.of(CheckGroup.CODE, CheckGroup.COMPOSE, CheckGroup.DOCKERFILE));
            if (world.snapshots().isEmpty()) {
                not.add(CheckGroup.SYSTEMD);
            }
        }
        if (world.declarations() != null
                && world.declarations().agentsPath() == null
                && world.declarations().code().directories().isEmpty()) {
            not.add(CheckGroup.CODE);
        }
        if (world.snapshots().isEmpty()) {
            not.addAll(EnumSet.of(CheckGroup.HOST, CheckGroup.PROBE));
        }
        not.removeAll(EnumSet.of(CheckGroup.ENROLLED, CheckGroup.KUBERNETES));
        return not;
    }

    private List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(world.declared().problems());
        Declarations declarations = world.declarations();
        if (declarations != null) {
            problems.addAll(declarations.problems());
        }
        return problems;
    }

    /** What the checks could not judge, and the files that no reader could read. */
    private List<UnknownSubject> unknowns() {
        List<UnknownSubject> unknowns = new ArrayList<>();
        for (Judged each : judged) {
            if (each.result() instanceof CheckResult.Unknown(String subject, String reason)) {
                unknowns.add(new UnknownSubject(each.check().id(), each.check().group(), subject, reason));
            }
        }
        unknowns.addAll(UnreadableDeclarations.of(world, judgedGroups));
        unknowns.sort(Comparator.comparing(UnknownSubject::group)
                .thenComparing(UnknownSubject::check)
                .thenComparing(UnknownSubject::subject));
        return unknowns;
    }

    private List<CheckTally> tallies(Collection<Issue> issues) {
        Map<String, int[]> counts = new LinkedHashMap<>();
        Map<String, CheckInfo> checks = new TreeMap<>();
        CheckInfo last = null;
        int[] count = new int[2];
        for (Judged each : judged) {
            // Results of one check mostly follow each other.
            if (!each.check().equals(last)) {
                last = each.check();
                checks.put(last.id(), last);
                count = counts.computeIfAbsent(last.id(), id -> new int[2]);
            }
            switch (each.result()) {
                case CheckResult.Pass pass -> count[0]++;
                case CheckResult.Fail fail -> {}
                case CheckResult.Unknown unknown -> count[1]++;
            }
        }
        Map<String, Integer> failed = new TreeMap<>();
        for (Issue issue : issues) {
            if (!issue.waived()) {
                failed.merge(issue.check(), 1, Integer::sum);
            }
        }
        List<CheckTally> tallies = new ArrayList<>();
        counts.forEach((id, both) -> {
            CheckInfo check = checks.get(id);
            if (check != null) {
                tallies.add(new CheckTally(check, both[0], failed.getOrDefault(id, 0), both[1]));
            }
        });
        tallies.sort(Comparator.comparing(tally -> tally.check().group()));
        return tallies;
    }

    private RegistryReference registry() {
        var registry = world.registry();
        return new RegistryReference(
                request.registry().toString(),
                rootPath(),
                registry.digest(),
                registry.version(),
                request.profile().name().isEmpty() ? null : request.profile().name(),
                registry.agents().size(),
                world.declared().usable());
    }

    private @Nullable String rootPath() {
        Declarations declarations = world.declarations();
        return declarations == null ? null : ScanRoot.below(declarations.root(), request.registry());
    }

    private static SnapshotReference reference(Snapshot snapshot) {
        Map<String, String> sources = new TreeMap<>();
        snapshot.sources()
                .forEach((source, coverage) -> sources.put(
                        source.name().toLowerCase(java.util.Locale.ROOT),
                        switch (coverage) {
                            case Snapshot.Coverage.Complete complete -> "complete";
                            case Snapshot.Coverage.Denied(String reason) -> "denied: " + reason;
                            case Snapshot.Coverage.Absent(String reason) -> "absent: " + reason;
                        }));
        return new SnapshotReference(
                snapshot.host().name(), snapshot.host().id(), snapshot.taken(), snapshot.observer(), sources);
    }
}
