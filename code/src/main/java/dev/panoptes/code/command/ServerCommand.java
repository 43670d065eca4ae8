package dev.panoptes.code.command;

import dev.panoptes.code.PortValue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server that loads an application, and how its command line says which and on which port. A server that is passed no port
 * binds its documented default unless a variable of its own says otherwise. Gunicorn is left open: it also reads a
 * {@code gunicorn.conf.py} of the working directory, which is not on the command line.
 *
 * @param ports options that take a port
 * @param addresses options that take {@code host:port}
 * @param sockets options that name something to listen on that is no port
 * @param flags options without a value; every other takes one
 * @param directories options that say where the application is loaded from
 * @param standardPort what it binds when told nothing; 0 where that cannot be told from the command line
 * @param variable what overrules the standard port
 */
record ServerCommand(
        String name,
        Set<String> ports,
        Set<String> addresses,
        Set<String> sockets,
        Set<String> flags,
        Set<String> directories,
        int standardPort,
        @Nullable String variable) {
    private static final Set<String> NONE = Set.of();
    private static final Map<String, ServerCommand> ALL = Stream.of(
                    new ServerCommand(
                            "uvicorn",
                            Set.of("--port"),
                            NONE,
                            Set.of("--uds", "--fd"),
                            Set.of(
                                    "--reload",
                                    "--access-log",
                                    "--no-access-log",
                                    "--proxy-headers",
                                    "--no-proxy-headers",
                                    "--server-header",
                                    "--no-server-header",
                                    "--date-header",
                                    "--no-date-header",
                                    "--use-colors",
                                    "--no-use-colors",
                                    "--reset-contextvars",
                                    "--factory"),
                            Set.of("--app-dir"),
                            8000,
                            "UVICORN_PORT"),
                    new ServerCommand(
                            "gunicorn",
                            NONE,
                            Set.of("-b", "--bind"),
                            NONE,
                            Set.of(
                                    "--reload",
                                    "--spew",
                                    "--check-config",
                                    "--print-config",
                                    "--preload",
                                    "--no-sendfile",
                                    "--reuse-port",
                                    "-D",
                                    "--daemon",
                                    "--initgroups",
                                    "--capture-output",
                                    "--log-syslog",
                                    "-R",
                                    "--enable-stdio-inheritance",
                                    "--proxy-protocol",
                                    "--disable-redirect-access-to-syslog"),
                            Set.of("--chdir"),
                            0,
                            "PORT"),
                    new ServerCommand(
                            "hypercorn",
                            NONE,
                            Set.of("-b", "--bind", "--insecure-bind"),
                            NONE,
                            Set.of("--reload", "--debug"),
                            NONE,
                            8000,
                            null),
                    new ServerCommand(
                            "daphne",
                            Set.of("-p", "--port"),
                            NONE,
                            Set.of("-u", "--unix-socket", "--fd", "-e", "--endpoint"),
                            Set.of("--proxy-headers", "--no-server-name"),
                            NONE,
                            8000,
                            null),
                    new ServerCommand(
                            "granian",
                            Set.of("--port"),
                            NONE,
                            Set.of("--uds"),
                            Set.of("--reload", "--no-ws", "--ws", "--access-log", "--no-access-log", "--factory"),
                            Set.of("--working-dir"),
                            8000,
                            "GRANIAN_PORT"),
                    new ServerCommand(
                            "waitress-serve",
                            Set.of("--port"),
                            Set.of("--listen"),
                            Set.of("--unix-socket"),
                            Set.of("--call", "--expose-tracebacks", "--no-expose-tracebacks", "--ipv4", "--no-ipv6"),
                            NONE,
                            8080,
                            null),
                    new ServerCommand(
                            "streamlit",
                            Set.of("--server.port"),
                            NONE,
                            NONE,
                            NONE,
                            NONE,
                            8501,
                            "STREAMLIT_SERVER_PORT"))
            .collect(Collectors.toUnmodifiableMap(ServerCommand::name, Function.identity()));

    static @Nullable ServerCommand named(String program) {
        return ALL.get(program);
    }

    /** What the server starts with these arguments. */
    StartedProgram launch(List<Word.Expanded> arguments, Map<String, String> environment) {
        PortValue port = null;
        String module = null;
        String directory = null;
        Word.Expanded open = null;
        boolean configured = false;
        for (int i = 0; i < arguments.size(); i++) {
            Word.Expanded word = arguments.get(i);
            String text = word.value();
            if (!text.startsWith("-")) {
                boolean verb = name.equals("streamlit") && text.equals("run");
                open = word.open() ? word : open;
                module = module == null && !verb ? word.known() : module;
                continue;
            }
            Option option = Option.of(arguments, i, flags);
            i += option.consumed() ? 1 : 0;
            if (ports.contains(option.name())) {
                port = PortArgument.port(option.value());
            } else if (addresses.contains(option.name())) {
                PortValue address = PortArgument.address(option.value());
                port = address == null ? port : address;
            } else if (sockets.contains(option.name())) {
                port = PortArgument.socket();
            } else if (directories.contains(option.name())) {
                directory = option.value().value();
            } else if (option.name().equals("-c") || option.name().equals("--config")) {
                configured = true;
            }
        }
        if (port == null) {
            port = open == null ? unsaid(environment, configured) : PortArgument.open(open);
        }
        return new StartedProgram(name, module, port, directory).with(arguments);
    }

    private PortValue unsaid(Map<String, String> environment, boolean configured) {
        String value = variable == null ? null : environment.get(variable);
        if (value != null) {
            return PortArgument.port(new Word.Expanded(value, value, variable, true));
        }
        return standardPort == 0 || configured
                ? new PortValue.Unresolved(
                        "the command line passes " + name + " no port; its configuration may", variable)
                : new PortValue.Known(standardPort, variable);
    }

    /**
     * An option and its value.
     *
     * @param value empty where it has none
     * @param consumed true where the value is the word after it
     */
    record Option(String name, Word.Expanded value, boolean consumed) {
        static Option of(List<Word.Expanded> arguments, int index, Set<String> flags) {
            Word.Expanded word = arguments.get(index);
            String text = word.value();
            int equals = text.indexOf('=');
            if (!text.startsWith("-") || text.length() < 2) {
                return new Option(text, Word.Expanded.literal(""), false);
            }
            if (equals > 0) {
                return new Option(text.substring(0, equals), word.from(equals + 1), false);
            }
            if (text.startsWith("--") || text.length() == 2) {
                boolean consumed = !flags.contains(text) && index + 1 < arguments.size();
                return new Option(text, consumed ? arguments.get(index + 1) : Word.Expanded.literal(""), consumed);
            }
            return new Option(text.substring(0, 2), word.from(2), false);
        }
    }
}
