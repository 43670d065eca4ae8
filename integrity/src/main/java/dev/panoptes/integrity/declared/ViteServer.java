package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Vite's development server (vite.dev, "Server Options"): it listens on localhost and port 5173 unless an option or its
 * configuration says otherwise. A configuration that speaks of a host or port is not run, so nothing is known then.
 */
final class ViteServer {
    private static final int PORT = 5173;
    private static final List<String> CONFIGURATIONS = List.of(
            "vite.config.js",
            "vite.config.ts",
            "vite.config.mjs",
            "vite.config.mts",
            "vite.config.cjs",
            "vite.config.cts");

    /** Frameworks and plugins set the server's host and port too. */
    private static final Pattern SPEAKS = Pattern.compile(
            "\\b(host|port|hmr|laravel|envDir|mergeConfig|loadEnv|tanstack|solid-start|remix|qwik|analog)\\b|\\.\\.\\.");

    /** Another first number has other defaults. */
    private static final Pattern OLD = Pattern.compile("\"vite\"\\s*:\\s*\"[\\^~>=v ]*[012]\\.");

    private static final Pattern DEPENDENCY = Pattern.compile("\"vite\"\\s*:");

    private ViteServer() {}

    /**
     * The command with the port that it serves and {@code vite} as runner; null where it is no such server, or its
     * configuration decides.
     *
     * @param first as it was given: words behind the script's name reach the tool
     * @param now what the script runs
     */
    static @Nullable StartCommand of(
            StartCommand first, StartCommand now, String folder, Function<String, @Nullable String> text) {
        List<String> words = new ArrayList<>(ShellWords.split(now.text()));
        if (words.isEmpty() || !StartCommandParser.baseName(words.getFirst()).equals("vite")) {
            return null;
        }
        words.addAll(first.arguments());
        String verb = words.size() > 1 ? words.get(1) : "";
        boolean serves = verb.isEmpty()
                || verb.startsWith("-")
                || List.of("dev", "serve", "run").contains(verb);
        String packages = text.apply(PathNames.join(folder, "package.json"));
        if (!serves
                || words.stream()
                        .anyMatch(word -> word.startsWith("--config") || word.equals("-c") || word.contains("$"))
                || packages == null
                || !DEPENDENCY.matcher(packages).find()
                || OLD.matcher(packages).find()) {
            return null;
        }
        for (String name : CONFIGURATIONS) {
            String configuration = text.apply(PathNames.join(folder, name));
            if (configuration != null && SPEAKS.matcher(configuration).find()) {
                return null;
            }
        }
        PortValue port = now.port();
        for (int i = 0; i < words.size(); i++) {
            String value = words.get(i).startsWith("--port=")
                    ? words.get(i).substring("--port=".length())
                    : words.get(i).equals("--port") && i + 1 < words.size() ? words.get(i + 1) : null;
            if (value != null && value.matches("[1-9][0-9]{0,4}")) {
                port = new PortValue.Known(Integer.parseInt(value), null);
            }
        }
        return new StartCommand(
                now.text(),
                "vite",
                null,
                port == null ? new PortValue.Known(PORT, null) : port,
                now.directory(),
                now.environment(),
                words,
                now.line());
    }

    /** What it listens on by its options. */
    static String address(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).startsWith("--host=")) {
                return words.get(i).substring("--host=".length());
            }
            if (words.get(i).equals("--host")) {
                String next = i + 1 < words.size() ? words.get(i + 1) : "-";
                return next.startsWith("-") || next.equals("true") ? "0.0.0.0" : next;
            }
        }
        return "localhost";
    }
}
