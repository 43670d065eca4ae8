package dev.panoptes.code.command;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.library.Table;
import dev.panoptes.core.issue.Masking;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a command line starts: program text to {@link StartCommand}. Pure and bounded; nothing is run or looked up.
 * Of several commands in a shell line the last that keeps running counts. A variable is replaced by its value in the given
 * environment, else by the default in {@code ${NAME:-default}}; the port then remembers the variable, so that another
 * environment can overrule it. A variable that nothing sets leaves an unresolved port.
 */
public final class StartCommandParser {
    private static final int LONGEST_COMMAND = 65_536;
    private static final int LONGEST_TEXT = 300;
    private static final int DEEPEST = 8;
    private static final Pattern PYTHON = Pattern.compile("(python|pypy)[0-9.]*(w|t|d)?(\\.exe)?");
    private static final Pattern TELLING_OPTION =
            Pattern.compile("(?i)--?[\\w.-]{0,64}(secret|token|password|passwd|key|dsn)[\\w.-]{0,64}");
    private static final Set<String> SHELLS = Table.commands().words("shells");
    private static final Set<String> SCRIPT_RUNNERS = Table.commands().words("script-runners");
    private static final Set<String> PACKAGE_RUNNERS = Table.commands().words("package-runners");
    private static final Set<String> SHORT_PORT_PROGRAMS = Table.commands().words("short-port");
    private static final Set<String> KEYWORDS = Table.commands().words("keywords");
    private static final Set<String> BRANCHES = Table.commands().words("branches");
    /** Commands that prepare or clean up; the program that serves is another one. */
    private static final Set<String> PASSING = Table.commands().words("passing");

    private StartCommandParser() {}

    /**
     * @param command a line for a shell, such as the shell form of CMD; may hold line breaks
     * @param environment variables that are set where it runs
     * @return null where the command is blank
     */
    public static @Nullable StartCommand ofShell(String command, Map<String, String> environment, int line) {
        if (command.isBlank()) {
            return null;
        }
        List<ShellLine.Simple> commands = ShellLine.split(limited(command));
        List<String> words = new ArrayList<>();
        Map<String, String> assigned = new HashMap<>();
        StartedProgram launch = shell(commands, new HashMap<>(environment), assigned, 0);
        words.add(limited(command).strip());
        return command(launch, words, assigned, line);
    }

    /**
     * @param arguments the program and its arguments, such as the exec form of CMD; {@code $NAME} in them counts as a variable
     * @param environment variables that are set where it runs
     * @return null where the list is empty or its first element is blank
     */
    public static @Nullable StartCommand ofArguments(
            List<String> arguments, Map<String, String> environment, int line) {
        if (arguments.isEmpty() || arguments.getFirst().isBlank()) {
            return null;
        }
        List<Word> words = new ArrayList<>();
        int left = LONGEST_COMMAND;
        for (String argument : arguments) {
            if (argument.length() > left) {
                break;
            }
            left -= argument.length() + 1;
            words.add(Word.of(argument));
        }
        Map<String, String> assigned = new HashMap<>();
        StartedProgram launch = words.isEmpty() ? StartedProgram.NOTHING : arguments(words, environment, assigned, 0);
        return command(launch, arguments, assigned, line);
    }

    private static StartCommand command(
            StartedProgram launch, List<String> words, Map<String, String> assigned, int line) {
        return new StartCommand(
                text(words),
                launch.runner(),
                launch.module(),
                launch.port(),
                launch.directory(),
                assigned,
                launch.arguments(),
                line);
    }

    /** Masked before it is cut, so that no half secret is left; also the word after {@code --token} and the like. */
    private static String text(List<String> words) {
        StringBuilder text = new StringBuilder();
        boolean hide = false;
        for (String word : words) {
            if (text.length() > LONGEST_COMMAND) {
                break;
            }
            text.append(text.isEmpty() ? "" : " ").append(hide ? "***" : word);
            hide = TELLING_OPTION.matcher(word).matches();
        }
        String masked = Masking.mask(text.toString().strip().replaceAll("\\s+", " "));
        return masked.length() > LONGEST_TEXT ? masked.substring(0, LONGEST_TEXT) + " ..." : masked;
    }

    private static String limited(String command) {
        return command.length() > LONGEST_COMMAND ? command.substring(0, LONGEST_COMMAND) : command;
    }

    private static StartedProgram shell(
            List<ShellLine.Simple> commands, Map<String, String> environment, Map<String, String> assigned, int depth) {
        StartedProgram last = null;
        String directory = null;
        boolean branches = false;
        String before = "";
        for (ShellLine.Simple command : commands) {
            String operator = before;
            before = command.end();
            Arguments arguments = new Arguments(command.words(), environment);
            while (KEYWORDS.contains(arguments.peek()) || BRANCHES.contains(arguments.peek())) {
                branches |= BRANCHES.contains(arguments.next().value());
            }
            Map<String, String> own = new HashMap<>();
            arguments.takeAssignments(own);
            String program = baseName(arguments.peek());
            if (program.isEmpty()) {
                environment.putAll(own);
                assigned.putAll(own);
            } else if (program.equals("export") || program.equals("declare") || program.equals("readonly")) {
                arguments.next();
                arguments.skipOptions(Set.of());
                arguments.takeAssignments(own);
                environment.putAll(own);
                assigned.putAll(own);
            } else if (program.equals("cd")) {
                arguments.next();
                directory = joined(directory, arguments.next().value());
            } else if (!PASSING.contains(program) && !operator.equals("||") && !operator.equals("|")) {
                Map<String, String> inner = new HashMap<>(environment);
                inner.putAll(own);
                assigned.putAll(own);
                StartedProgram launch = arguments(arguments.rest(), inner, assigned, depth + 1);
                last = new StartedProgram(
                        launch.runner(),
                        launch.module(),
                        launch.port(),
                        joined(directory, launch.directory()),
                        launch.arguments());
                if (program.equals("exec")) {
                    break;
                }
            }
        }
        if (branches) {
            return StartedProgram.of(
                    "sh", null, new PortValue.Unresolved("the command decides what to start when it runs", null));
        }
        return last == null ? StartedProgram.NOTHING : last;
    }

    private static StartedProgram arguments(
            List<Word> words, Map<String, String> environment, Map<String, String> assigned, int depth) {
        if (depth > DEEPEST) {
            return StartedProgram.NOTHING;
        }
        Arguments arguments = new Arguments(words, environment);
        String program = baseName(arguments.peek());
        while (Wrapper.step(program, arguments, assigned)) {
            program = baseName(arguments.peek());
        }
        Map<String, String> inside = new HashMap<>(environment);
        inside.putAll(assigned);
        if (SHELLS.contains(program)) {
            return throughShell(arguments, inside, assigned, depth);
        }
        if (program.equals("su")) {
            return throughSu(arguments, inside, assigned, depth);
        }
        return program(program, arguments, inside);
    }

    private static StartedProgram throughShell(
            Arguments arguments, Map<String, String> environment, Map<String, String> assigned, int depth) {
        boolean busybox = baseName(arguments.next().value()).equals("busybox");
        if (busybox && !SHELLS.contains(arguments.next().value())) {
            return StartedProgram.NOTHING;
        }
        while (arguments.peek().startsWith("-") || arguments.peek().startsWith("+")) {
            String option = arguments.next().value();
            if (option.equals("-o") || option.equals("--rcfile") || option.equals("--init-file")) {
                arguments.next();
            } else if (!option.startsWith("--") && option.indexOf('c') > 0) {
                arguments.skipOptions(Set.of());
                return shell(ShellLine.split(arguments.next().source()), environment, assigned, depth + 1);
            }
        }
        if (!arguments.hasNext()) {
            return StartedProgram.of("sh", null, null);
        }
        String script = arguments.next().known();
        return StartedProgram.of("sh", script, PortArgument.among(arguments.expanded(), false))
                .with(arguments.expanded());
    }

    private static StartedProgram throughSu(
            Arguments arguments, Map<String, String> environment, Map<String, String> assigned, int depth) {
        while (arguments.hasNext()) {
            String word = arguments.next().value();
            if (word.equals("-c") || word.equals("--command")) {
                return shell(ShellLine.split(arguments.next().source()), environment, assigned, depth + 1);
            }
        }
        return StartedProgram.NOTHING;
    }

    private static StartedProgram program(String program, Arguments arguments, Map<String, String> environment) {
        if (program.equals("-m")) {
            return InterpreterCommand.python(arguments, environment);
        }
        Word.Expanded path = arguments.next();
        if (PYTHON.matcher(program).matches()) {
            return InterpreterCommand.python(arguments, environment);
        }
        ServerCommand server = ServerCommand.named(program);
        if (server != null) {
            return server.launch(arguments.expanded(), environment);
        }
        return switch (program) {
            case "node", "nodejs" -> InterpreterCommand.node("node", arguments);
            case "java" -> InterpreterCommand.java(arguments);
            case "docker", "podman", "docker-compose", "podman-compose", "nerdctl" ->
                InterpreterCommand.docker(program, arguments);
            case "go" -> InterpreterCommand.node("go", arguments);
            case "ruby", "perl", "php" -> InterpreterCommand.node(program, arguments);
            default -> other(program, path, arguments);
        };
    }

    private static StartedProgram other(String program, Word.Expanded path, Arguments arguments) {
        if (SCRIPT_RUNNERS.contains(program)) {
            return InterpreterCommand.node(program, arguments);
        }
        PortValue port = PortArgument.among(arguments.expanded(), SHORT_PORT_PROGRAMS.contains(program));
        if (PACKAGE_RUNNERS.contains(program) || SHORT_PORT_PROGRAMS.contains(program)) {
            return StartedProgram.of(program, null, port).with(arguments.expanded());
        }
        String lower = program.toLowerCase(Locale.ROOT);
        String runner = lower.endsWith(".py")
                ? "python"
                : lower.endsWith(".sh") || lower.endsWith(".bash")
                        ? "sh"
                        : lower.endsWith(".js") || lower.endsWith(".mjs") || lower.endsWith(".cjs") ? "node" : null;
        return StartedProgram.of(runner, runner == null ? null : path.known(), port)
                .with(arguments.expanded());
    }

    private static @Nullable String joined(@Nullable String directory, @Nullable String then) {
        if (directory == null || then == null || then.startsWith("/")) {
            return then == null ? directory : then;
        }
        return directory + "/" + then;
    }

    public static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
