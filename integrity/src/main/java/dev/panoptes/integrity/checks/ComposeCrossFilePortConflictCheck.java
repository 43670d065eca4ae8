package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.Check;
import dev.panoptes.integrity.CheckGroup;
import dev.panoptes.integrity.CheckInfo;
import dev.panoptes.integrity.CheckResult;
import dev.panoptes.integrity.Failure;
import dev.panoptes.integrity.World;
import dev.panoptes.integrity.checks.ComposeView.Exposure;
import dev.panoptes.integrity.checks.PortGroups.Group;
import dev.panoptes.integrity.declared.ComposeFile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * Services of different names in different compose files that want one port of the host. Of the same name they are one
 * service, described for several environments.
 */
final class ComposeCrossFilePortConflictCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "compose-cross-file-port-conflict",
                Severity.MEDIUM,
                CheckGroup.COMPOSE,
                "services of different compose files want one port of the host");
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
                results.add(new CheckResult.Unknown(unknown.service().id(), unknown.text()));
            }
        }
        PortGroups.Found found = PortGroups.of(exposures, ComposeCrossFilePortConflictCheck::apart);
        found.passed().forEach(port -> results.add(new CheckResult.Pass(port)));
        found.conflicts().forEach(group -> results.add(failed(view.get(), group)));
        return results;
    }

    private static boolean apart(Exposure a, Exposure b) {
        boolean sameLine = a.evidence().line() == b.evidence().line()
                && String.valueOf(a.evidence().file()).equals(b.evidence().file());
        return a.file().rootPath().equals(b.file().rootPath())
                || Keys.same(a.service().name(), b.service().name())
                || sameLine
                || ComposeView.neverTogether(a.service(), b.service());
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
                .evidence(group.evidence());
        group.services().forEach(service -> failure.affected(view.affected(service)));
        return failure.fail();
    }
}
