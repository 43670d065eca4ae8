package dev.panoptes.integrity.declared;

import org.jspecify.annotations.Nullable;

/** What an argument list starts, before it becomes a {@link StartCommand}; null means what it means there. */
record Launch(
        @Nullable String runner,
        @Nullable String module,
        @Nullable PortValue port,
        @Nullable String directory) {
    /** A program of which nothing more can be told. */
    static final Launch NOTHING = new Launch(null, null, null, null);

    static Launch of(@Nullable String runner, @Nullable String module, @Nullable PortValue port) {
        return new Launch(runner, module, port, null);
    }
}
