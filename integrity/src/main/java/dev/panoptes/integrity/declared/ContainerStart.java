package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an entrypoint and a command start together (Dockerfile reference, "Understand how CMD and ENTRYPOINT interact"). */
final class ContainerStart {
    private ContainerStart() {}

    /**
     * @param environment what is set in the container
     * @return null where both are absent or empty
     */
    static @Nullable StartCommand of(
            @Nullable Invocation entrypoint, @Nullable Invocation command, Map<String, String> environment) {
        if (entrypoint == null || entrypoint.words().isEmpty()) {
            return command == null ? null : alone(command, environment);
        }
        if (entrypoint.shell() || command == null || command.words().isEmpty()) {
            return alone(entrypoint, environment);
        }
        Map<String, String> known = without(entrypoint.open(), without(command.open(), environment));
        List<String> words = new ArrayList<>(entrypoint.words());
        if (command.shell()) {
            words.addAll(List.of("/bin/sh", "-c"));
        }
        words.addAll(command.words());
        StartCommand both = StartCommandParser.ofArguments(words, known, command.line());
        return both == null || !onlyPrepares(both) ? both : prepared(both, command, environment);
    }

    private static @Nullable StartCommand alone(Invocation invocation, Map<String, String> environment) {
        if (invocation.words().isEmpty()) {
            return null;
        }
        Map<String, String> known = without(invocation.open(), environment);
        return invocation.shell()
                ? StartCommandParser.ofShell(invocation.words().getFirst(), known, invocation.line())
                : StartCommandParser.ofArguments(invocation.words(), known, invocation.line());
    }

    private static Map<String, String> without(Set<String> names, Map<String, String> environment) {
        if (names.isEmpty()) {
            return environment;
        }
        Map<String, String> rest = new HashMap<>(environment);
        rest.keySet().removeAll(names);
        return rest;
    }

    /** A script or unknown program as entrypoint mostly ends with {@code exec "$@"}, which starts the command. */
    private static boolean onlyPrepares(StartCommand both) {
        return both.runner() == null || both.runner().equals("sh");
    }

    private static StartCommand prepared(StartCommand both, Invocation command, Map<String, String> environment) {
        StartCommand alone = alone(command, environment);
        if (alone == null || (alone.runner() == null && alone.port() == null)) {
            return both;
        }
        return new StartCommand(
                both.text(),
                alone.runner(),
                alone.module(),
                alone.port(),
                alone.directory(),
                alone.environment(),
                both.line());
    }
}
