package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ComposeFile.Refusal;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What compose and Docker refuse, as results: one for each thing that is refused, and a pass for each project of which nothing is. */
final class ComposeRefusals {
    private ComposeRefusals() {}

    /** @param judge null where the refusal is not the asking check's; else all but whom it affects and the evidence */
    static List<CheckResult> of(World world, Function<Refusal, Failure.@Nullable Builder> judge) {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            Set<String> told = new HashSet<>();
            for (Refusal refusal : file.project().refusals()) {
                Failure.Builder builder = judge.apply(refusal);
                if (builder == null) {
                    continue;
                }
                builder.affected(refusal.service())
                        .evidence(new Evidence("compose", refusal.file(), refusal.line(), refusal.text()));
                file.services().stream()
                        .filter(service -> service.id().equals(refusal.service()))
                        .findFirst()
                        .ifPresent(service -> builder.affected(view.get().affected(service)));
                CheckResult result = builder.fail();
                if (result instanceof CheckResult.Fail(Failure failure) && told.add(failure.subject())) {
                    results.add(result);
                }
            }
            if (told.isEmpty()) {
                results.add(new CheckResult.Pass(file.rootPath()));
            }
        }
        return results;
    }
}
