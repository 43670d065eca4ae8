package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Location;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One step of a chain.
 *
 * @param id null where absent
 * @param agent the agent's key; null for a step that calls none (a group of substeps, an external step)
 * @param action null where absent
 * @param chain the chain that this step calls; null where it calls none
 * @param substeps empty for a plain step
 */
public record ChainStep(
        @Nullable String id,
        @Nullable Located<String> agent,
        @Nullable Located<String> action,
        @Nullable Located<String> chain,
        List<ChainStep> substeps,
        Location location) {
    public ChainStep {
        substeps = List.copyOf(substeps);
    }

    /** This step and every step below it, in file order. */
    public Stream<ChainStep> flatten() {
        return Stream.concat(Stream.of(this), substeps.stream().flatMap(ChainStep::flatten));
    }
}
