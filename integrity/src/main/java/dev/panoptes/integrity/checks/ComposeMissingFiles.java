package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What compose files take from others that are not there. */
final class ComposeMissingFiles {
    private ComposeMissingFiles() {}

    /** One result for each {@code include} that leads nowhere. */
    static List<CheckResult> includes(World world) {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            for (ComposeFile.Missing missing : file.project().missing()) {
                if (missing.service() == null) {
                    results.add(Failure.of(missing.file() + "#" + missing.wanted())
                            .title(missing.file() + " includes " + missing.wanted() + ", which does not exist")
                            .description("Compose refuses the whole project of " + file.rootPath() + ": it includes "
                                    + missing.wanted() + ", and there is no such file.")
                            .affected(file.rootPath())
                            .recommend("Restore " + missing.wanted() + ", or remove it from include")
                            .evidence(evidence(missing))
                            .fail());
                }
            }
            boolean joined = file.project().files().size() > 1;
            if (joined && file.project().missing().stream().allMatch(missing -> missing.service() != null)) {
                results.add(new CheckResult.Pass(file.rootPath()));
            }
        }
        return results;
    }

    /** One result for each service that extends what is not there. */
    static List<CheckResult> extended(World world) {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            for (ComposeFile.Missing missing : file.project().missing()) {
                if (missing.service() != null) {
                    String id = missing.file() + "#" + missing.service();
                    results.add(Failure.of(id)
                            .title(id + " extends " + missing.wanted() + ", which does not exist")
                            .description("Compose refuses the whole project of " + file.rootPath() + ": " + id
                                    + " extends " + missing.wanted() + ", and there is no such service or file.")
                            .affected(id)
                            .recommend("Restore " + missing.wanted() + ", or let the service name what it extends")
                            .evidence(evidence(missing))
                            .fail());
                }
            }
        }
        return results;
    }

    private static Evidence evidence(ComposeFile.Missing missing) {
        return new Evidence("compose", missing.file(), missing.line(), missing.text());
    }
}
