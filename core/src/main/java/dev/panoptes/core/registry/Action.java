package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Location;
import org.jspecify.annotations.Nullable;

/**
 * Something an agent can be asked to do.
 *
 * @param endpoint null where absent
 * @param method as written, null where absent
 */
public record Action(
        String name, @Nullable String endpoint, @Nullable String method, Location location) {}
