package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** A verb of the command line. Constructing one costs nothing; its options are made when it is called. */
public interface Command {
    String name();

    /** One line for the overview. */
    String summary();

    /** How the program ends where this command's line cannot be understood. */
    default ExitCode wrongUsage() {
        return ExitCode.USAGE;
    }

    /** Adds the options and parameters to {@code spec} and returns what to do once they have been parsed. */
    Action prepare(CommandSpec spec);

    /** What a command does. */
    @FunctionalInterface
    interface Action {
        /**
         * @throws UsageException where the command line or a named file is not as it must be
         * @throws InterruptedException when the program is being stopped
         */
        ExitCode run(Shell shell) throws UsageException, IOException, InterruptedException;
    }

    /**
     * Begins with what takes its time and is needed whatever the options say, while they are read.
     *
     * @param arguments as they were written, without the command's name; they may be wrong
     */
    default void begin(List<String> arguments) {}
}
