package dev.panoptes.cli;

import dev.panoptes.cli.commands.Command;
import dev.panoptes.cli.commands.Commands;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.Similar;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.cli.shell.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Finds the command that was asked for, parses its options, runs it, and turns what goes wrong into one clear message. */
public final class Program {
    private static final String DEBUG = "PANOPTES_DEBUG";
    private static final int HELP_COLUMNS = 100;

    private final List<Command> commands;
    private final Shell shell;

    public Program(Shell shell) {
        this(shell, Commands.all());
    }

    Program(Shell shell, List<Command> commands) {
        this.shell = shell;
        this.commands = List.copyOf(commands);
    }

    /** Runs one command line; never throws. */
    public ExitCode run(String... arguments) {
        try {
            return dispatch(arguments);
        } catch (UsageException e) {
            return refuse("panoptes", e.text(), e.hint());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        } catch (IOException e) {
            trace(e);
            return refuse("panoptes", message(e), "");
        } catch (RuntimeException | Error e) {
            trace(e);
            return refuse(
                    "panoptes",
                    "this is a defect: " + message(e),
                    "Please report it with the output of the same command under " + DEBUG + "=1");
        }
    }

    private ExitCode dispatch(String... arguments) throws UsageException, IOException, InterruptedException {
        String first = arguments.length == 0 ? "" : arguments[0];
        switch (first) {
            case "", "--help", "-h" -> {
                shell.print(Overview.text(commands));
                return ExitCode.OK;
            }
            case "help" -> {
                if (arguments.length > 1) {
                    return dispatch(arguments[1], "--help");
                }
                shell.print(Overview.text(commands));
                return ExitCode.OK;
            }
            case "--version", "-V", "version" -> {
                shell.print("panoptes " + Version.current() + "\n");
                return ExitCode.OK;
            }
            default -> {
                return run(command(first), Arrays.copyOfRange(arguments, 1, arguments.length));
            }
        }
    }

    private ExitCode run(Command command, String... arguments)
            throws UsageException, IOException, InterruptedException {
        command.begin(List.of(arguments));
        CommandSpec spec = CommandSpec.create().name("panoptes " + command.name());
        Command.Action action = command.prepare(spec);
        OptionSpec help = OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this help.")
                .build();
        spec.addOption(help);
        spec.usageMessage().width(HELP_COLUMNS).abbreviateSynopsis(true).sortOptions(false);
        if (spec.usageMessage().description().length == 0) {
            spec.usageMessage().description(command.summary());
        }
        CommandLine line = new CommandLine(spec);
        try {
            line.parseArgs(arguments);
            if (line.isUsageHelpRequested()) {
                shell.print(line.getUsageMessage(shell.style().colour() ? Ansi.ON : Ansi.OFF));
                return ExitCode.OK;
            }
            return action.run(shell);
        } catch (UsageException e) {
            refuse("panoptes", e.text(), e.hint());
            return command.wrongUsage();
        } catch (ParameterException e) {
            refuse(spec.name(), parameterMessage(e), parameterHint(e, spec.name()));
            return command.wrongUsage();
        }
    }

    private Command command(String name) throws UsageException {
        for (Command command : commands) {
            if (command.name().equals(name)) {
                return command;
            }
        }
        if (name.startsWith("-")) {
            throw new UsageException(
                    "unknown option " + name, "Options follow the command, for example: panoptes scan " + name);
        }
        List<String> names = commands.stream().map(Command::name).toList();
        String near = Similar.to(name, names);
        throw new UsageException(
                "there is no command " + name,
                near == null ? "The commands are " + String.join(", ", names) : "Did you mean: panoptes " + near);
    }

    private ExitCode refuse(String who, String message, String hint) {
        shell.err().println(who + ": " + message);
        if (!hint.isEmpty()) {
            shell.err().println(hint);
        }
        return ExitCode.USAGE;
    }

    private static String parameterMessage(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            // The word behind an option that is not known is its value, not an option.
            List<String> words = unmatched.getUnmatched();
            List<String> options = words.stream()
                    .filter(word -> word.startsWith("-"))
                    .distinct()
                    .toList();
            return options.isEmpty()
                    ? "unexpected argument '" + words.getFirst() + "'"
                    : (options.size() == 1 ? "unknown option " : "unknown options ")
                            + options.stream().map(word -> "'" + word + "'").collect(Collectors.joining(", "));
        }
        String message = String.valueOf(e.getMessage());
        return message.isEmpty()
                ? "the command line cannot be read"
                : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    private static String parameterHint(ParameterException e, String verb) {
        List<String> near = e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return near.isEmpty() ? "Its options: " + verb + " --help" : "Did you mean: " + String.join(", ", near);
    }

    private static String message(Throwable e) {
        @Nullable String message = e.getMessage();
        return message == null || message.isBlank()
                ? e.getClass().getSimpleName()
                : e.getClass().getSimpleName() + ": " + message;
    }

    private void trace(Throwable e) {
        if ("1".equals(shell.variable(DEBUG))) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            shell.err().print(trace);
        }
    }
}
