package dev.panoptes.integrity.declared.code;

import java.nio.file.Path;

/** Keeps what was read of source files between scans. */
public final class FactCache {
    private FactCache() {}

    /** Keeps nothing. */
    public static FactCache none() {
        return new FactCache();
    }

    FactStore open(Path root) {
        return FactStore.NONE;
    }
}
