package dev.panoptes.code.command;

import dev.panoptes.code.PortValue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command line that starts a program: of a Dockerfile, a compose service or a unit.
 *
 * @param text the command on one line, masked
 * @param runner what interprets the module, lower case: {@code python}, {@code uvicorn}, {@code gunicorn}, {@code hypercorn},
 *     {@code node}, {@code java}, {@code sh} ...; null where unknown, as for a native program
 * @param module a script or module as named on the command line ({@code hermes:app}, {@code server.py}, {@code pkg.main});
 *     null where there is none or it cannot be told
 * @param port the port passed on the command line ({@code --port 8014}, {@code -b 0.0.0.0:8014}), or the documented default
 *     of a server that is passed none (uvicorn's 8000); Unresolved also where it listens on a Unix socket; null where the
 *     module decides
 * @param directory what the command changes to before it loads the module ({@code cd src}, {@code --app-dir src}), as
 *     written; null where it stays in the working directory
 * @param environment variables that the command itself sets ({@code PORT=8014 python x.py}); they overrule any others and
 *     are never printed
 * @param arguments the words after the module, as far as they are known; never printed. Of a package runner those after its name
 */
public record StartCommand(
        String text,
        @Nullable String runner,
        @Nullable String module,
        @Nullable PortValue port,
        @Nullable String directory,
        Map<String, String> environment,
        List<String> arguments,
        int line) {
    public StartCommand {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** A command of whose program no arguments are known. */
    public StartCommand(
            String text,
            @Nullable String runner,
            @Nullable String module,
            @Nullable PortValue port,
            @Nullable String directory,
            Map<String, String> environment,
            int line) {
        this(text, runner, module, port, directory, environment, List.of(), line);
    }

    /** A command that stays in its working directory and sets no variable. */
    public StartCommand(
            String text, @Nullable String runner, @Nullable String module, @Nullable PortValue port, int line) {
        this(text, runner, module, port, null, Map.of(), line);
    }
}
