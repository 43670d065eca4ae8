package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
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
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Services of one compose file that want one port of the host. */
final class ComposeHostPortConflictCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "compose-host-port-conflict",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "services of one compose file want one port of the host");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        if (view.isPresent()) {
            for (ComposeFile file : view.get().files()) {
                judge(view.get(), file, results);
            }
        }
        return results;
    }

    private static void judge(ComposeView view, ComposeFile file, List<CheckResult> results)
            throws InterruptedException {
        ComposeView.Exposures exposures = view.exposures(file);
        PortGroups.Found found = PortGroups.of(exposures.known(), ComposeHostPortConflictCheck::apart);
        for (String port : found.passed()) {
            results.add(new CheckResult.Pass(file.rootPath() + "#" + port));
        }
        for (Group group : found.conflicts()) {
            results.add(failed(view, file, group));
        }
        for (ComposeView.Unknown unknown : exposures.unknowns()) {
            results.add(new CheckResult.Unknown(unknown.service().id(), unknown.text()));
        }
    }

    private static boolean apart(Exposure a, Exposure b) {
        if (a.service().name().equals(b.service().name())) {
            // One service may bind a port in several places of its code, and an override repeats the ports it means to
            // replace; but one file cannot publish a port to two of its own.
            return a.service().hostNetwork()
                    || a.evidence().equals(b.evidence())
                    || !Objects.equals(a.evidence().file(), b.evidence().file());
        }
        return a.file().neverTogether(a.service(), b.service());
    }

    private static CheckResult failed(ComposeView view, ComposeFile file, Group group) {
        List<String> names =
                group.services().stream().map(ComposeFile.Service::name).toList();
        String who = names.size() == 1 ? names.getFirst() + " twice" : Words.list(names);
        Failure.Builder failure = Failure.of(file.rootPath() + "#" + group.subject())
                .port(group.first())
                .title("Host port " + group.ports() + " is wanted by " + who + " in " + file.rootPath())
                .description("In " + file.rootPath() + " " + who + " want port " + group.ports()
                        + (group.address().isEmpty() ? "" : " on " + group.address())
                        + " of the host. Only one can have it: the others do not start.")
                .recommend(
                        "Publish each service on a host port of its own, or give them profiles that never run together")
                .evidence(group.evidence());
        group.services().forEach(service -> failure.affected(view.affected(service)));
        return failure.fail();
    }
}
