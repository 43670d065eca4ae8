package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommand;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The configuration that the command of a server names, without which it does not start, and which is not in the tree. */
public final class NamedConfiguration {
    /** By program, as their manuals say. */
    private static final Map<String, Set<String>> OPTIONS = Map.of(
            "puma", Set.of("-C", "--config"),
            "unicorn", Set.of("-c", "--config-file"),
            "sidekiq", Set.of("-C", "--config", "-r", "--require"),
            "gunicorn", Set.of("-c", "--config"),
            "hypercorn", Set.of("-c", "--config"),
            "uvicorn", Set.of("--log-config"),
            "caddy", Set.of("--config"));

    /** A literal path of a file; gunicorn also takes {@code python:module}, and puma {@code -} for none. */
    private static final Pattern FILE =
            Pattern.compile("(?:file:)?(?![/~-])([\\w./-]{1,300}\\.\\w{1,10}|[\\w./-]*Caddyfile)");

    private NamedConfiguration() {}

    /** Its rootPath; empty where it is there, where nothing is named, and where that is not known. */
    public static Optional<String> missing(HostProcess process, DeployedPaths paths) {
        StartCommand start = process.start();
        String directory = process.directory();
        if (start == null || directory == null || start.directory() != null) {
            return Optional.empty();
        }
        String file = named(start.text());
        String rootPath = file == null ? null : HostProcessReader.below(directory, file);
        return rootPath != null
                        && paths.below(rootPath)
                                instanceof DeployedPath.Below(String found, boolean exists, boolean folder)
                        && !exists
                ? Optional.of(found)
                : Optional.empty();
    }

    /** What a command names as its configuration, a relative path; null where it names none. */
    static @Nullable String named(String command) {
        List<String> words = List.of(command.strip().split("\\s+"));
        int program = words.size() > 2
                        && words.get(0).equals("bundle")
                        && words.get(1).equals("exec")
                ? 2
                : 0;
        String name = words.get(program).substring(words.get(program).lastIndexOf('/') + 1);
        Set<String> options = OPTIONS.getOrDefault(name, Set.of());
        for (int i = program + 1; i < words.size(); i++) {
            int equals = words.get(i).startsWith("--") ? words.get(i).indexOf('=') : -1;
            String option = equals < 0 ? words.get(i) : words.get(i).substring(0, equals);
            String value =
                    equals >= 0 ? words.get(i).substring(equals + 1) : i + 1 < words.size() ? words.get(i + 1) : "";
            if (options.contains(option)) {
                return FILE.matcher(value).matches() ? value.replaceFirst("^file:", "") : null;
            }
        }
        return null;
    }
}
