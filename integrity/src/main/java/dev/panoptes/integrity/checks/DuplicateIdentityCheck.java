package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.DirectoryPairs.Pair;
import dev.panoptes.integrity.checks.DirectoryPairs.Sided;
import dev.panoptes.integrity.declared.Identity;
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

/** Two directories report one name without being the same agent. */
final class DuplicateIdentityCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "duplicate-identity", Severity.HIGH, CheckGroup.CODE, "two different agents report one name");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        CodeView view = CodeView.of(world);
        DirectoryPairs pairs = new DirectoryPairs(view);
        List<CheckResult> results = new ArrayList<>();
        Set<String> involved = new HashSet<>();
        for (Pair pair : pairs.found()) {
            if (pair.sameName() && !pair.duplicate()) {
                involved.add(pair.fuller().directory().rootPath());
                involved.add(pair.other().directory().rootPath());
                String undecided = pair.undecided();
                results.add(
                        undecided == null ? sameIdentity(pair) : new CheckResult.Unknown(pair.subject(), undecided));
            }
        }
        for (Sided side : pairs.sides()) {
            if (!involved.contains(side.directory().rootPath())) {
                String path = side.directory().path();
                if (side.name() != null) {
                    results.add(new CheckResult.Pass(path));
                } else if (view.identity(side.directory()) instanceof Identity.Unclear(String reason)) {
                    results.add(new CheckResult.Unknown(path, reason));
                }
            }
        }
        return results;
    }

    private static CheckResult sameIdentity(Pair pair) {
        String fuller = pair.fuller().directory().path();
        String other = pair.other().directory().path();
        String name = pair.fuller().name() == null ? "" : pair.fuller().name().value();
        Failure.Builder failure = Failure.of(pair.subject())
                .title(fuller + " and " + other + " both report " + name)
                .description("The health endpoints of " + fuller + " and " + other + " report one name, " + name
                        + ", but they are not the same agent: whoever asks cannot tell which of them answers.")
                .affected(fuller, other)
                .recommend("Let each report its own name");
        DuplicateDirCheck.evidence(pair.fuller(), failure);
        DuplicateDirCheck.evidence(pair.other(), failure);
        return failure.fail();
    }
}
