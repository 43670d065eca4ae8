package dev.panoptes.integrity.plan;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.DeclaredAgent;
import java.util.Optional;
import java.util.Set;

/** Two directories are the same agent: retire the one that nothing uses. */
final class RetireDirectoryFix implements Fix {
    @Override
    public Set<String> checks() {
        return Set.of("duplicate-dir");
    }

    @Override
    public Optional<FixPlan> plan(Issue issue, PlanContext context) {
        if (issue.affected().size() < 2) {
            return Optional.empty();
        }
        Optional<CodeDirectory> keep = context.directory(issue.affected().get(0));
        Optional<CodeDirectory> retire = context.directory(issue.affected().get(1));
        if (keep.isEmpty() || retire.isEmpty()) {
            return Optional.empty();
        }
        if (used(retire.get(), context)) {
            if (used(keep.get(), context)) {
                return Optional.of(bothUsed(issue, keep.get(), retire.get(), context));
            }
            Optional<CodeDirectory> swap = keep;
            keep = retire;
            retire = swap;
        }
        Workspace workspace = context.workspace();
        String path = retire.get().rootPath();
        boolean patched = workspace != null && workspace.deleteTracked(path);
        return Optional.of(Fix.of(
                issue,
                patched,
                new FixStep(
                        patched
                                ? "Retire " + path + "; " + keep.get().rootPath() + " stays"
                                : "Move " + path + " out of the agents path; "
                                        + keep.get().rootPath() + " stays",
                        patched ? "git rm -r -- " + Quoted.word(path) : "",
                        "nothing uses it: grep -rn -- "
                                + Quoted.word(retire.get().name()) + " .",
                        patched ? "git checkout HEAD -- " + Quoted.word(path) : "move it back",
                        Risk.MEDIUM)));
    }

    /** The registry, a unit or a compose service names it. */
    private static boolean used(CodeDirectory directory, PlanContext context) {
        if (context.world().links().agentOf(directory).isPresent()) {
            return true;
        }
        var declarations = context.world().declarations();
        return declarations != null
                && (declarations.units().stream()
                                .anyMatch(unit -> unit.workingDirectory() != null
                                        && unit.workingDirectory().endsWith("/" + directory.rootPath()))
                        || declarations.composeFiles().stream()
                                .flatMap(file -> file.services().stream())
                                .anyMatch(service -> service.build() != null
                                        && service.build().context().endsWith(directory.name())));
    }

    private static FixPlan bothUsed(Issue issue, CodeDirectory full, CodeDirectory other, PlanContext context) {
        String agent =
                context.world().links().agentOf(other).map(DeclaredAgent::key).orElse(other.name());
        return Fix.of(
                issue,
                false,
                new FixStep(
                        other.rootPath() + " holds the code of " + full.path() + ": put the code of " + agent
                                + " there, or take " + agent + " out of the registry",
                        "git log --oneline -- " + Quoted.word(other.rootPath()),
                        "does an earlier commit hold the right code?",
                        "git checkout HEAD -- " + Quoted.word(other.rootPath()),
                        Risk.HIGH));
    }
}
