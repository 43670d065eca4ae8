package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Location;
import java.util.List;

/** A named sequence of agent calls. */
public record Chain(String name, List<ChainStep> steps, Location location) {
    public Chain {
        steps = List.copyOf(steps);
    }
}
