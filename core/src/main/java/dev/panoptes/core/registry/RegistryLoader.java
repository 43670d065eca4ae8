package dev.panoptes.core.registry;

import java.nio.file.Path;

/** Reads {@code agent-registry.yaml}. */
public final class RegistryLoader {
    /** Reads one registry. Never throws for bad content. */
    public RegistryResult load(Path file) {
        return new RegistryResult.Absent(file.toString());
    }
}
