package dev.panoptes.sensors.packages;

import org.jspecify.annotations.Nullable;

/**
 * The package that a file belongs to.
 *
 * @param verified true where its content is what the package has, false where it is not; null where the package does not say
 */
public record Ownership(
        String name, String version, @Nullable Boolean verified) {}
