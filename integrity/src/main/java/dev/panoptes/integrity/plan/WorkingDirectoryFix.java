package dev.panoptes.integrity.plan;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.UnitFile;
import java.util.Optional;
import java.util.Set;

/** A unit's working directory is gone: point it to the directory that carries the unit's own name. */
final class WorkingDirectoryFix implements Fix {
    @Override
    public Set<String> checks() {
        return Set.of("systemd-missing-workdir");
    }

    @Override
    public Optional<FixPlan> plan(Issue issue, PlanContext context) {
        Declarations declarations = context.world().declarations();
        if (declarations == null) {
            return Optional.empty();
        }
        Optional<UnitFile> unit = declarations.units().stream()
                .filter(found -> issue.affected().contains(found.rootPath()))
                .findFirst();
        if (unit.isEmpty() || unit.get().workingDirectory() == null) {
            return Optional.empty();
        }
        String gone = unit.get().workingDirectory();
        String parent = gone.substring(0, gone.lastIndexOf('/') + 1);
        Optional<CodeDirectory> meant = declarations.code().directories().stream()
                .filter(directory -> called(directory, unit.get(), context))
                .filter(directory -> declarations.paths().locate(parent + directory.name())
                                instanceof dev.panoptes.integrity.declared.DeployedPath.Below below
                        && below.exists())
                .findFirst();
        if (meant.isEmpty()) {
            return Optional.empty();
        }
        String wanted = parent + meant.get().name();
        boolean patched =
                context.replaceInLine(unit.get().rootPath(), unit.get().workingDirectoryLine(), gone, wanted);
        return Optional.of(Fix.of(
                issue,
                patched,
                new FixStep(
                        "Let " + unit.get().name() + " start in " + wanted + " instead of " + gone,
                        "",
                        "its program is there: ls " + meant.get().rootPath(),
                        "write " + gone + " again",
                        Risk.LOW),
                new FixStep(
                        "Install the unit and restart it",
                        "sudo install -m 644 " + unit.get().rootPath() + " /etc/systemd/system/ && sudo systemctl"
                                + " daemon-reload && sudo systemctl restart "
                                + unit.get().name(),
                        "systemd-analyze verify " + unit.get().rootPath(),
                        "install the former file again",
                        Risk.HIGH)));
    }

    /** The unit is called like the directory, alone or behind the fleet's own prefix. */
    private static boolean called(CodeDirectory directory, UnitFile unit, PlanContext context) {
        String name = unit.name().replaceFirst("\\.service$", "");
        String pattern = context.world().profile().unitPattern();
        return Keys.same(name, directory.name())
                || (pattern != null
                        && pattern.replace("{key}", directory.name()).equals(unit.name()));
    }
}
