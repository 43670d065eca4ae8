package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.Language;
import dev.panoptes.code.Program;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.declared.DirectoryLink;
import dev.panoptes.integrity.declared.Entry;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A directory with a program that no agent of the registry is linked to. A program is what serves: it binds or defines an
 * application, a unit or Dockerfile starts it, or it can be run and is called like an entry. Other scripts make no agent.
 */
final class DirWithoutRegistryCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "dir-without-registry",
                Severity.LOW,
                CheckGroup.CODE,
                "a directory with a program has no key in the registry");
    }

    @Override
    public List<CheckResult> run(World world) {
        CodeView view = CodeView.of(world);
        if (world.declared().usable() && world.registry().agents().isEmpty()) {
            // A registry that declares nothing says nothing of any directory.
            return List.of();
        }
        Hints hints = new Hints(view);
        List<CheckResult> results = new ArrayList<>();
        for (CodeDirectory directory : view.directories().all()) {
            Optional<Entry> entry = view.directories().entry(directory);
            boolean program = entry.isPresent()
                    && (entry.get().started()
                            || directory.programs().stream()
                                    .anyMatch(each -> each.definesApp()
                                            || !each.binds().isEmpty()
                                            || runs(each, directory, view)));
            if (!program) {
                continue;
            }
            if (!world.declared().usable()) {
                results.add(new CheckResult.Unknown(directory.path(), "The registry cannot be read"));
            } else if (view.links().agentOf(directory).isPresent()) {
                results.add(new CheckResult.Pass(directory.path()));
            } else {
                results.add(undeclared(directory, entry.get(), view, hints));
            }
        }
        return results;
    }

    /** A program that serves nothing is one all the same where it is what the directory is for: {@code worker.py}. */
    private static boolean runs(Program program, CodeDirectory directory, CodeView view) {
        return program.direct()
                && program.language() == Language.PYTHON
                && view.directories().namedAsEntry(program, directory);
    }

    private static CheckResult undeclared(CodeDirectory directory, Entry entry, CodeView view, Hints hints) {
        Program program = entry.program();
        List<DeclaredAgent> related = hints.agents(directory);
        Failure.Builder failure = Failure.of(directory.path())
                .title(directory.path() + " holds a program that the registry does not declare")
                .affected(directory.path())
                .evidence(evidence(program))
                .recommend(
                        related.isEmpty()
                                ? "Declare it in the registry, or retire the directory"
                                : "Retire the directory, or give it the key of the agent it is: "
                                        + Words.list(related.stream()
                                                .map(DeclaredAgent::key)
                                                .toList()));
        related.forEach(agent -> failure.evidence(view.declared(agent)));
        String hint = related.isEmpty()
                ? ""
                : " It says that it is "
                        + Words.list(related.stream()
                                .map(agent -> agent.key()
                                        + (view.links().link(agent) instanceof DirectoryLink.Missing
                                                ? ", which has no directory of its own"
                                                : ", which has its own directory"))
                                .toList())
                        + ".";
        return failure.description("No agent of the registry has the key " + directory.name() + ", but "
                        + program.rootPath() + " is a program." + hint)
                .fail();
    }

    private static Evidence evidence(Program program) {
        return program.binds().isEmpty()
                ? new Evidence(
                        "code",
                        program.rootPath(),
                        0,
                        program.definesApp() ? "defines an application" : "is run as a program")
                : new Evidence(
                        "code",
                        program.binds().getFirst().file(),
                        program.binds().getFirst().line(),
                        program.binds().getFirst().text());
    }
}
