package dev.panoptes.code.command;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.library.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What interpreters and similar programs start: python, node, java, flask, go, docker. */
final class InterpreterCommand {
    private static final Set<String> NODE_VALUES = Table.commands().words("node-values");
    private static final Set<String> NODEMON_VALUES = Table.commands().words("nodemon-values");
    private static final Set<String> JAVA_VALUES = Table.commands().words("java-values");
    private static final Set<String> JAVA_PORTS = Table.commands().words("java-ports");
    private static final Set<String> DOCKER_PUBLISH = Set.of("-p", "--publish");

    private InterpreterCommand() {}

    /** {@code python} after its own name: {@code [-u] script.py ...} or {@code -m module ...}. */
    static StartedProgram python(Arguments arguments, Map<String, String> environment) {
        while (arguments.hasNext()) {
            String word = arguments.peek();
            if (word.startsWith("--")) {
                arguments.next();
                if (word.equals("--check-hash-based-pycs")) {
                    arguments.next();
                }
            } else if (word.startsWith("-") && word.length() > 1) {
                arguments.next();
                int letter = valueLetter(word);
                char option = letter < 0 ? ' ' : word.charAt(letter);
                boolean attached = letter >= 0 && letter + 1 < word.length();
                if (option == 'c') {
                    return StartedProgram.of("python", null, null);
                }
                if (option == 'm') {
                    return pythonModule(
                            attached
                                    ? word.substring(letter + 1)
                                    : arguments.next().value(),
                            arguments,
                            environment);
                }
                if (letter >= 0 && !attached) {
                    arguments.next();
                }
            } else {
                break;
            }
        }
        if (!arguments.hasNext() || arguments.peek().equals("-")) {
            return StartedProgram.of("python", null, null);
        }
        return pythonScript(arguments, environment);
    }

    /** The first of a cluster of one-letter options that takes a value; -1 where none does. */
    private static int valueLetter(String cluster) {
        for (int i = 1; i < cluster.length(); i++) {
            if ("mcWX".indexOf(cluster.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static StartedProgram pythonModule(String module, Arguments arguments, Map<String, String> environment) {
        String program = module.equals("waitress") ? "waitress-serve" : module;
        ServerCommand server = ServerCommand.named(program);
        if (server != null) {
            return server.launch(arguments.expanded(), environment);
        }
        List<Word.Expanded> rest = arguments.expanded();
        return StartedProgram.of("python", module.isEmpty() ? null : module, PortArgument.among(rest, false))
                .with(rest);
    }

    private static StartedProgram pythonScript(Arguments arguments, Map<String, String> environment) {
        Word.Expanded word = arguments.next();
        String script = word.known();
        String base = StartCommandParser.baseName(word.value());
        ServerCommand server = ServerCommand.named(base);
        List<Word.Expanded> rest = arguments.expanded();
        if (server != null) {
            return server.launch(rest, environment);
        }
        PortValue passed = PortArgument.among(rest, false);
        boolean django = base.equals("manage.py")
                && !rest.isEmpty()
                && rest.getFirst().value().equals("runserver");
        return StartedProgram.of("python", script, passed == null && django ? runserver(rest) : passed)
                .with(rest);
    }

    /** Django's development server: {@code manage.py runserver [address:]port}, 8000 by default. */
    private static PortValue runserver(List<Word.Expanded> arguments) {
        for (Word.Expanded word : arguments.subList(1, arguments.size())) {
            if (!word.value().startsWith("-")) {
                PortValue address = PortArgument.address(word);
                return address == null ? PortArgument.port(word) : address;
            }
        }
        return new PortValue.Known(8000, null);
    }

    /** {@code node [options] script ...} and what runs scripts like it. */
    static StartedProgram node(String runner, Arguments arguments) {
        while (arguments.peek().startsWith("-") && !arguments.peek().equals("-")) {
            String word = arguments.next().value();
            if (runner.equals("nodemon")) {
                if (word.equals("-x") || word.startsWith("--exec")) {
                    return StartedProgram.of(runner, null, null);
                }
                if (NODEMON_VALUES.contains(word)) {
                    arguments.next();
                }
                continue;
            }
            if (word.equals("--run")) {
                List<Word.Expanded> script = new ArrayList<>(arguments.expanded());
                script.addFirst(Word.Expanded.literal("run"));
                return StartedProgram.of("npm", null, null).with(script);
            }
            if (Set.of("-e", "--eval", "-p", "--print", "-i").contains(word)) {
                return StartedProgram.of(runner, null, null);
            }
            if (word.equals("-S") && runner.equals("php")) {
                Word.Expanded address = arguments.next();
                return StartedProgram.of(runner, null, PortArgument.address(address))
                        .with(List.of(Word.Expanded.literal(word), address));
            }
            if (NODE_VALUES.contains(word)) {
                arguments.next();
            }
        }
        boolean verb = Set.of("run", "watch", "start", "serve").contains(arguments.peek()) && !runner.equals("node");
        if (verb) {
            arguments.next();
            arguments.skipOptions(NODE_VALUES);
        }
        String script = arguments.hasNext() ? arguments.next().known() : null;
        return StartedProgram.of(runner, script, PortArgument.among(arguments.expanded(), false))
                .with(arguments.expanded());
    }

    /** {@code java [options] -jar x.jar ...} or {@code java [options] Main ...}. */
    static StartedProgram java(Arguments arguments) {
        PortValue property = null;
        String module = null;
        while (module == null && arguments.hasNext()) {
            Word.Expanded word = arguments.next();
            String text = word.value();
            int equals = text.indexOf('=');
            if (text.equals("-jar") || text.equals("-m") || text.equals("--module")) {
                module = arguments.next().known();
            } else if (JAVA_VALUES.contains(text)) {
                arguments.next();
            } else if (equals > 0 && JAVA_PORTS.contains(text.substring(0, equals))) {
                property = PortArgument.port(word.from(equals + 1));
            } else if (!text.startsWith("-") && !text.startsWith("@")) {
                module = word.known();
            }
        }
        PortValue passed = PortArgument.among(arguments.expanded(), false);
        return StartedProgram.of("java", module, passed == null ? property : passed)
                .with(arguments.expanded());
    }

    /** {@code docker run -p 8014:80 image}: the port that it publishes on the host. */
    static StartedProgram docker(String runner, Arguments arguments) {
        PortValue port = null;
        List<Word.Expanded> words = arguments.expanded();
        boolean run = words.stream().anyMatch(word -> word.value().equals("run"));
        for (int i = 0; run && port == null && i < words.size(); i++) {
            ServerCommand.Option option = ServerCommand.Option.of(words, i, Set.of());
            if (DOCKER_PUBLISH.contains(option.name()) && option.value().value().indexOf(':') >= 0) {
                port = published(option.value());
            }
        }
        return StartedProgram.of(
                runner,
                null,
                port == null ? new PortValue.Unresolved("the container decides which port is bound", null) : port);
    }

    private static @Nullable PortValue published(Word.Expanded mapping) {
        String text = mapping.value();
        int container = text.lastIndexOf(':');
        int address = text.lastIndexOf(':', container - 1);
        String host = text.substring(address + 1, container);
        return host.isEmpty() || host.indexOf('-') >= 0
                ? null
                : PortArgument.port(new Word.Expanded(host, host, mapping.variable(), mapping.resolved()));
    }
}
