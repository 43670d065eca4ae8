package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.checks.DirectoryPairs.Pair;
import dev.panoptes.integrity.checks.DirectoryPairs.Sided;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Two directories are the same agent. What makes them so is in {@link DirectoryPairs}. */
final class DuplicateDirCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.original(
                "duplicate-dir", "duplicate_code", Severity.LOW, CheckGroup.CODE, "two directories are the same agent");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        CodeView view = CodeView.of(world);
        DirectoryPairs pairs = new DirectoryPairs(view);
        List<CheckResult> results = new ArrayList<>();
        Set<String> involved = new HashSet<>();
        for (Pair pair : pairs.found()) {
            if (pair.duplicate()) {
                involved.add(pair.fuller().directory().rootPath());
                involved.add(pair.other().directory().rootPath());
                results.add(duplicate(pair, view));
            }
        }
        for (Sided side : pairs.sides()) {
            CodeDirectory directory = side.directory();
            if (side.entry() != null && !involved.contains(directory.rootPath())) {
                results.add(
                        side.unclear() == null
                                ? new CheckResult.Pass(directory.path())
                                : new CheckResult.Unknown(directory.path(), side.unclear()));
            }
        }
        return results;
    }

    private static CheckResult duplicate(Pair pair, CodeView view) {
        String fuller = pair.fuller().directory().path();
        String other = pair.other().directory().path();
        List<String> fullerUse = uses(pair.fuller().directory(), view);
        List<String> otherUse = uses(pair.other().directory(), view);
        String role = DirectoryPairs.isStub(pair.fuller(), pair.other())
                ? "the stub"
                : pair.other().directory().codeLines()
                                == pair.fuller().directory().codeLines()
                        ? "as full"
                        : "the smaller one";
        Failure.Builder failure = Failure.of(pair.subject())
                .title(fuller + " and " + other + " are the same agent")
                .description("They are one agent: " + Words.list(pair.reasons()) + ". " + fuller + " has "
                        + lines(pair.fuller()) + " and is used by " + used(fullerUse) + "; " + other + ", " + role
                        + ", has " + lines(pair.other()) + " and is used by " + used(otherUse) + ".")
                .affected(fuller, other)
                .recommend(advice(fuller, other, fullerUse, otherUse));
        evidence(pair.fuller(), failure);
        evidence(pair.other(), failure);
        if (pair.fuller().ports().stream()
                        .filter(pair.other().ports()::contains)
                        .count()
                == 1) {
            pair.fuller().ports().stream()
                    .filter(pair.other().ports()::contains)
                    .forEach(failure::port);
        }
        return failure.fail();
    }

    private static String advice(String fuller, String other, List<String> fullerUse, List<String> otherUse) {
        if (otherUse.size() > fullerUse.size()) {
            return "Keep " + other + ", which is the one in use, take over what only " + fuller + " has, and retire "
                    + fuller;
        }
        return otherUse.isEmpty()
                ? "Keep " + fuller + " and retire " + other
                : "Keep " + fuller + ", point " + Words.list(otherUse) + " to it, and retire " + other;
    }

    /** Which of registry, unit and compose use a directory. */
    private static List<String> uses(CodeDirectory directory, CodeView view) {
        List<String> uses = new ArrayList<>();
        List<DeclaredAgent> agents = view.links().agentsOf(directory);
        if (!agents.isEmpty()) {
            uses.add("the registry");
        }
        view.directories().units(directory).stream()
                .map(UnitFile::name)
                .distinct()
                .forEach(uses::add);
        uses.addAll(view.directories().composeUses(directory));
        return uses;
    }

    private static String used(List<String> uses) {
        return uses.isEmpty() ? "nothing" : Words.list(uses);
    }

    private static String lines(Sided side) {
        return Words.count(side.directory().codeLines(), "code line");
    }

    static void evidence(Sided side, Failure.Builder failure) {
        if (side.name() != null) {
            failure.evidence(CodeView.reported(side.name()));
        }
        if (side.entry() != null) {
            failure.evidence(new Evidence(
                    "code",
                    side.entry().program().rootPath(),
                    0,
                    "entry of " + side.directory().path() + ", which has " + lines(side)));
        }
    }
}
