package dev.panoptes.code.command;

import dev.panoptes.code.PortValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an argument list starts, before it becomes a {@link StartCommand}; null means what it means there. */
record StartedProgram(
        @Nullable String runner,
        @Nullable String module,
        @Nullable PortValue port,
        @Nullable String directory,
        List<String> arguments) {
    StartedProgram(
            @Nullable String runner, @Nullable String module, @Nullable PortValue port, @Nullable String directory) {
        this(runner, module, port, directory, List.of());
    }

    /** A program of which nothing more can be told. */
    static final StartedProgram NOTHING = new StartedProgram(null, null, null, null);

    /** The same, started with these words. */
    StartedProgram with(List<Word.Expanded> words) {
        return new StartedProgram(
                runner,
                module,
                port,
                directory,
                words.stream().map(Word.Expanded::value).toList());
    }

    static StartedProgram of(@Nullable String runner, @Nullable String module, @Nullable PortValue port) {
        return new StartedProgram(runner, module, port, null);
    }
}
