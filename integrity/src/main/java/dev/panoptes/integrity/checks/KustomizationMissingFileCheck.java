package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.KustomizationFiles;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** A kustomization names a file or folder that does not exist, so that nothing of it can be built. */
final class KustomizationMissingFileCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "kustomization-missing-file",
                Severity.HIGH,
                CheckGroup.KUBERNETES,
                "a kustomization names a file that does not exist");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        for (KustomizationFiles.Read read : KustomizationFiles.of(declarations)) {
            results.add(
                    read.missing().isEmpty()
                            ? new CheckResult.Pass(read.file())
                            : failed(read.file(), read.missing().getFirst()));
        }
        return results;
    }

    private static CheckResult failed(String file, KustomizationFiles.Named missing) {
        return Failure.of(file)
                .title(file + " names " + missing.written() + ", which does not exist")
                .description("kustomize stops where it cannot read what a kustomization names, so nothing of " + file
                        + " is built or applied. .gitignore does not exclude it.")
                .affected(file)
                .recommend("Restore " + missing.written() + ", or take the line out")
                .evidence(new Evidence("manifest", file, missing.line(), missing.written()))
                .fail();
    }
}
