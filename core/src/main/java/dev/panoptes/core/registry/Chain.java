package dev.panoptes.core.registry;

import java.util.List;

/** A named sequence of agent calls. */
public record Chain(String name, List<ChainStep> steps, Location location) {
    public Chain {
        steps = List.copyOf(steps);
    }
}
