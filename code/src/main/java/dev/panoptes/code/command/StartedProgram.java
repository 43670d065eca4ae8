package dev.panoptes.code.command;

import dev.panoptes.code.PortValue;
import org.jspecify.annotations.Nullable;

/** What an argument list starts, before it becomes a {@link StartCommand}; null means what it means there. */
record StartedProgram(
        @Nullable String runner,
        @Nullable String module,
        @Nullable PortValue port,
        @Nullable String directory) {
    /** A program of which nothing more can be told. */
    static final StartedProgram NOTHING = new StartedProgram(null, null, null, null);

    static StartedProgram of(@Nullable String runner, @Nullable String module, @Nullable PortValue port) {
        return new StartedProgram(runner, module, port, null);
    }
}
