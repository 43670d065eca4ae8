package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.Workload;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** A quadlet or Nomad job leads callers, or its health check, to a port on which nothing in its network listens. */
final class WorkloadPortMismatchCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "workload-port-mismatch",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "a quadlet or Nomad job leads to a port that its programs do not bind");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        for (Workload workload : declarations == null ? List.<Workload>of() : declarations.workloads()) {
            boolean asks =
                    workload.ports().stream().anyMatch(port -> port.protocol().equals("tcp"))
                            || !workload.asked().isEmpty();
            List<Launch> launches = WorkloadView.launches(world, workload);
            // What an image from elsewhere binds is not judged, nor is what binds beside it.
            if (asks && !launches.isEmpty() && launches.stream().noneMatch(Launch::onlyItsImageKnows)) {
                results.add(judge(world, workload, launches));
            }
        }
        return results;
    }

    /** A port that something asks for, and who says so. */
    private record Wanted(@Nullable Integer port, String unknown, String by, Evidence evidence) {}

    private static CheckResult judge(World world, Workload workload, List<Launch> launches) {
        SequencedSet<Integer> bound = new LinkedHashSet<>();
        launches.forEach(launch -> bound.addAll(launch.bound()));
        String open = launches.stream()
                .map(Launch::unknown)
                .filter(reason -> reason != null && !isOfHost(reason))
                .findFirst()
                .orElse(null);
        List<Wanted> wanted = new ArrayList<>();
        for (ComposeFile.Published each : workload.ports()) {
            if (each.protocol().equals("tcp")) {
                wanted.add(wanted(
                        each.container(), "publishes", new Evidence("launch", each.file(), each.line(), each.text())));
            }
        }
        boolean served = wanted.stream().anyMatch(each -> each.port != null && bound.contains(each.port));
        List<Wanted> wrong = new ArrayList<>();
        if (!served) {
            wrong.addAll(wanted);
        }
        for (Workload.Asked asked : workload.asked()) {
            Wanted each = wanted(asked.port(), "asks", asked.evidence());
            wanted.add(each);
            if (each.port == null || !bound.contains(each.port)) {
                wrong.add(each);
            }
        }
        wrong.removeIf(each -> each.port != null && bound.contains(each.port));
        if (wrong.isEmpty()) {
            return new CheckResult.Pass(workload.id());
        }
        String unknown = open != null
                ? open
                : wrong.stream()
                        .filter(each -> each.port == null)
                        .map(Wanted::unknown)
                        .findFirst()
                        .orElse(null);
        return unknown != null || bound.isEmpty()
                ? new CheckResult.Unknown(
                        workload.id(),
                        "What " + workload.id() + " binds is not known: "
                                + (unknown == null ? "no port that its code binds can be seen" : unknown))
                : failed(world, workload, launches, bound, wrong);
    }

    /** Which port of the host leads to it says nothing of what it binds. */
    private static boolean isOfHost(String reason) {
        return reason.startsWith("the host's port ");
    }

    private static Wanted wanted(PortValue port, String by, Evidence evidence) {
        return switch (port) {
            case PortValue.Known(int number, String variable) -> new Wanted(number, "", by, evidence);
            case PortValue.Unresolved(String reason, String variable) -> new Wanted(null, reason, by, evidence);
        };
    }

    private static CheckResult failed(
            World world, Workload workload, List<Launch> launches, SequencedSet<Integer> bound, List<Wanted> wrong) {
        SequencedSet<Integer> ports = new LinkedHashSet<>();
        wrong.forEach(each -> {
            if (each.port != null) {
                ports.add(each.port);
            }
        });
        Failure.Builder failure = Failure.of(workload.id())
                .port(ports.getFirst())
                .title(workload.id() + " " + wrong.getFirst().by + " " + Words.list(ports) + ", what it starts binds "
                        + Words.list(bound))
                .description("The file leads to port " + Words.list(ports) + " of " + workload.name()
                        + ", but what it starts binds " + Words.list(bound) + ": nobody answers there.")
                .affected(WorkloadView.affected(world, workload))
                .recommend("Lead to " + Words.list(bound) + ", or let the program bind " + Words.list(ports));
        wrong.stream().map(Wanted::evidence).distinct().forEach(failure::evidence);
        launches.forEach(launch -> launch.claims().forEach(claim -> failure.evidence(claim.evidence())));
        return failure.fail();
    }
}
