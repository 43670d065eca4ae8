package dev.panoptes.integrity.declared;

import dev.panoptes.code.Bind;
import dev.panoptes.code.Code;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.Start;
import dev.panoptes.code.command.PortArgument;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What gunicorn and hypercorn listen on where not their command line but a file says it: gunicorn's {@code -c}, else the
 * {@code gunicorn.conf.py} where it runs (gunicorn, "Configuration Overview"); hypercorn's {@code --config}, of Python or TOML
 * (hypercorn, "Configuring").
 */
final class ServerConfiguration {
    private static final Pattern TOML_BIND =
            Pattern.compile("(?m)^[ \\t]*bind\\s*=\\s*\\[?\\s*[\"']([^\"']{1,200})[\"']\\s*]?\\s*(#.*)?$");

    private static final Pattern STREAMLIT = Pattern.compile(
            "(?m)^[ \\t]*\\[server]\\s*(?:#.*)?$(?:\\R(?!\\s*\\[).*){0,60}?\\R\\s*port\\s*=\\s*([1-9][0-9]{1,4})\\s*(?:#.*)?$");

    private ServerConfiguration() {}

    /**
     * The command as if it passed what its file says.
     *
     * @param find the rootPath of a file that a command names as its script; null where it is not in the tree
     * @return the same command where no file that can be read says it
     */
    static StartCommand read(
            StartCommand start,
            Map<String, String> environment,
            Code code,
            Function<StartCommand, @Nullable String> find) {
        if ("streamlit".equals(start.runner())) {
            return streamlit(start, environment, code, find);
        }
        String file = file(start, environment);
        String rootPath = file == null ? null : find.apply(reading(start, file));
        if (rootPath == null) {
            return start;
        }
        if (!rootPath.endsWith(".toml")) {
            Bind bind = code.setting(rootPath, "bind", new Start(List.of(), environment));
            return bind == null ? start : passing(start, bind.port(), bind.address());
        }
        Matcher bind = TOML_BIND.matcher(String.valueOf(code.text(rootPath)));
        String address = bind.find() ? bind.group(1) : "";
        PortValue port = PortArgument.address(Word.of(address).expand(Map.of()));
        return port == null || address.contains("$")
                ? start
                : passing(start, port, address.substring(0, Math.max(0, address.lastIndexOf(':'))));
    }

    /**
     * What gunicorn binds by itself (gunicorn, "Settings", {@code bind}): its own loopback, unless {@code PORT} is set.
     *
     * @param absent true where its command finds no such script, which is known
     * @return the same command where something else may say it
     */
    static StartCommand byItself(StartCommand start, ContainerEnvironment environment, Predicate<StartCommand> absent) {
        boolean open = environment.incomplete() != null
                || environment.known().containsKey("PORT")
                || environment.unclear().contains("PORT")
                || environment.unclear().contains("GUNICORN_CMD_ARGS")
                || start.arguments().stream().anyMatch(word -> word.startsWith("$"));
        return !open
                        && start.port() instanceof PortValue.Unresolved
                        && "gunicorn.conf.py".equals(file(start, environment.known()))
                        && absent.test(reading(start, "gunicorn.conf.py"))
                ? passing(start, new PortValue.Known(8000, null), "127.0.0.1")
                : start;
    }

    private static StartCommand reading(StartCommand start, String file) {
        return new StartCommand(
                start.text(), "python", file, null, start.directory(), start.environment(), start.line());
    }

    /** Streamlit reads {@code .streamlit/config.toml} where it runs ("config.toml"), before its default. */
    private static StartCommand streamlit(
            StartCommand start,
            Map<String, String> environment,
            Code code,
            Function<StartCommand, @Nullable String> find) {
        boolean told = environment.containsKey("STREAMLIT_SERVER_PORT")
                || start.arguments().stream().anyMatch(word -> word.startsWith("--server.port"));
        String rootPath = told ? null : find.apply(reading(start, ".streamlit/config.toml"));
        Matcher port = STREAMLIT.matcher(rootPath == null ? "" : String.valueOf(code.text(rootPath)));
        return port.find() ? passing(start, new PortValue.Known(Integer.parseInt(port.group(1)), null), null) : start;
    }

    /** The file that says it; null where the command line does, where it is another server, or where it cannot be told. */
    private static @Nullable String file(StartCommand start, Map<String, String> environment) {
        boolean gunicorn = "gunicorn".equals(start.runner());
        List<String> words = start.arguments();
        if ((!gunicorn && !"hypercorn".equals(start.runner()))
                || environment.containsKey("GUNICORN_CMD_ARGS")
                || words.stream()
                        .anyMatch(word -> word.startsWith("-b") || word.startsWith("--bind") || word.startsWith("$"))) {
            return null;
        }
        String file = gunicorn ? "gunicorn.conf.py" : null;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if ((word.equals("-c") || word.equals("--config")) && i + 1 < words.size()) {
                file = words.get(i + 1);
            } else if (word.startsWith("--config=")) {
                file = word.substring("--config=".length());
            }
        }
        String plain = file != null && file.startsWith("file:") ? file.substring("file:".length()) : file;
        return plain == null || plain.startsWith("python:") || !plain.matches("[\\w./-]{1,300}\\.(py|toml)")
                ? null
                : plain;
    }

    private static StartCommand passing(StartCommand start, @Nullable PortValue port, @Nullable String host) {
        List<String> words = new ArrayList<>(start.arguments());
        if (port instanceof PortValue.Known(int number, String variable) && host != null && !host.isEmpty()) {
            words.addAll(List.of("--bind", host + ":" + number));
        }
        return new StartCommand(
                start.text(),
                start.runner(),
                start.module(),
                port,
                start.directory(),
                start.environment(),
                words,
                start.line());
    }
}
