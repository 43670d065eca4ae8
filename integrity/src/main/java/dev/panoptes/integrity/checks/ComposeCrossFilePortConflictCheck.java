package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.checks.ComposeView.Exposure;
import dev.panoptes.integrity.checks.PortGroups.Group;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Services of different compose projects that want one port of the host, where both are there to run at once: both belong to
 * declared agents of one host, one takes a network or volume of the other, or one script starts both. Files of one folder are
 * alternatives or one project, and of the same name two services are one, described for several environments.
 */
final class ComposeCrossFilePortConflictCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "compose-cross-file-port-conflict",
                Severity.MEDIUM,
                CheckGroup.COMPOSE,
                "services of different compose projects that run together want one port of the host");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        if (view.isEmpty() || view.get().files().size() < 2) {
            return results;
        }
        List<Exposure> exposures = new ArrayList<>();
        for (ComposeFile file : view.get().files()) {
            ComposeView.Exposures of = view.get().exposures(file);
            exposures.addAll(of.known());
            for (ComposeView.Unknown unknown : of.unknowns()) {
                if (view.get().files().stream()
                        .anyMatch(other -> mayMeet(view.get(), file, unknown.service(), other))) {
                    results.add(new CheckResult.Unknown(unknown.service().id(), unknown.text()));
                }
            }
        }
        PortGroups.Found found = PortGroups.of(exposures, (a, b) -> apart(view.get(), world, a, b));
        found.passed().forEach(port -> results.add(new CheckResult.Pass(port)));
        found.conflicts().forEach(group -> results.add(failed(view.get(), group)));
        return results;
    }

    private static boolean apart(ComposeView view, World world, Exposure a, Exposure b) {
        boolean sameLine = a.evidence().line() == b.evidence().line()
                && String.valueOf(a.evidence().file()).equals(b.evidence().file());
        return sameLine
                || Keys.same(a.service().name(), b.service().name())
                || a.file().neverTogether(a.service(), b.service())
                || !together(view, world, a, b);
    }

    private static boolean together(ComposeView view, World world, Exposure a, Exposure b) {
        if (a.file().directory().equals(b.file().directory())) {
            return byOneCommand(a, b);
        }
        return joined(a.file(), b.file())
                || joined(b.file(), a.file())
                || agent(view, world, a)
                        .flatMap(one -> agent(view, world, b)
                                .filter(other -> !other.equals(one)
                                        && world.registry()
                                                .hostOf(one)
                                                .equals(world.registry().hostOf(other))))
                        .isPresent();
    }

    /**
     * The agent that a service is. Where several projects have a service of its name, only what listens where the registry
     * declares it is the agent; the others are namesakes, as in a collection of samples.
     */
    private static Optional<DeclaredAgent> agent(ComposeView view, World world, Exposure exposure) {
        return view.links().agentOf(exposure.service()).filter(agent -> {
            boolean alone = view.links().services(agent).stream()
                            .map(ComposeFile.Service::file)
                            .distinct()
                            .count()
                    < 2;
            return alone
                    || (world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at
                            && view.links()
                                    .launches()
                                    .of(exposure.service())
                                    .filter(launch -> launch.bound().contains(at.port())
                                            || launch.hostPorts().contains(at.port()))
                                    .isPresent());
        });
    }

    /** One command names both files, and neither says anything of the other's service. */
    private static boolean byOneCommand(Exposure a, Exposure b) {
        return !Collections.disjoint(
                        a.file().project().joinedBy(), b.file().project().joinedBy())
                && !names(a.file(), b.service())
                && !names(b.file(), a.service());
    }

    private static boolean names(ComposeFile file, ComposeFile.Service service) {
        return file.services().stream().anyMatch(each -> each.name().equals(service.name()));
    }

    /** Where a script or document starts both. */
    private static List<Evidence> starts(Group group) {
        Set<String> places = new TreeSet<>();
        for (Exposure a : group.members()) {
            for (Exposure b : group.members()) {
                if (!a.file().rootPath().equals(b.file().rootPath())) {
                    Set<String> shared = new TreeSet<>(a.file().project().startedBy());
                    shared.retainAll(b.file().project().startedBy());
                    places.addAll(shared);
                }
            }
        }
        return places.stream()
                .limit(3)
                .map(place ->
                        new Evidence("launch", place.substring(0, place.lastIndexOf(':')), line(place), "starts both"))
                .toList();
    }

    /** Of {@code file:line}, or {@code file:line.sentence} where a line tells several things. */
    private static int line(String place) {
        return Integer.parseInt(place.substring(place.lastIndexOf(':') + 1).split("\\.", 2)[0]);
    }

    /** A service that may take a port of a file's services, were it known which. */
    private static boolean mayMeet(ComposeView view, ComposeFile file, ComposeFile.Service service, ComposeFile other) {
        if (file.directory().equals(other.directory())) {
            return false;
        }
        return joined(file, other)
                || joined(other, file)
                || (view.links().agentOf(service).isPresent()
                        && other.services().stream()
                                .anyMatch(each -> view.links().agentOf(each).isPresent()));
    }

    /** One takes a network or volume that compose names after the other's folder, or a script starts both. */
    private static boolean joined(ComposeFile file, ComposeFile other) {
        String folder = other.directory().substring(other.directory().lastIndexOf('/') + 1);
        return (!folder.isEmpty() && file.project().external().stream().anyMatch(name -> name.startsWith(folder + "_")))
                || !Collections.disjoint(
                        file.project().startedBy(), other.project().startedBy());
    }

    private static CheckResult failed(ComposeView view, Group group) {
        SequencedSet<String> files = new LinkedHashSet<>();
        group.members().forEach(member -> files.add(member.file().rootPath()));
        List<String> ids =
                group.services().stream().map(ComposeFile.Service::id).toList();
        Failure.Builder failure = Failure.of(group.subject())
                .port(group.first())
                .title("Host port " + group.ports() + " is wanted by services of " + Words.list(files))
                .description(Words.list(ids) + " want port " + group.ports()
                        + (group.address().isEmpty() ? "" : " on " + group.address())
                        + " of the host. Brought up on one host, all but one of them do not start.")
                .recommend("Publish each on a host port of its own, unless these files are never used on one host")
                .evidence(group.evidence())
                .evidence(starts(group));
        group.services().forEach(service -> failure.affected(view.affected(service)));
        return failure.fail();
    }
}
