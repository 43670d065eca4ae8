package dev.panoptes.integrity.declared;

import dev.panoptes.code.Bind;
import dev.panoptes.code.command.StartCommand;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The address on which a server that is started by its own command line listens, with the default of its documentation. */
final class ListenAddress {
    private static final String LOOPBACK = "127.0.0.1";

    private ListenAddress() {}

    /** Null where it is not known. */
    static @Nullable String of(StartCommand start, Map<String, String> environment) {
        String runner = String.valueOf(start.runner());
        List<String> words = start.arguments();
        return switch (runner) {
            case "uvicorn" -> host(words, environment.getOrDefault("UVICORN_HOST", LOOPBACK), "--host");
            case "granian" -> host(words, environment.getOrDefault("GRANIAN_HOST", LOOPBACK), "--host");
            case "flask" -> host(words, environment.getOrDefault("FLASK_RUN_HOST", LOOPBACK), "--host", "-h");
            case "daphne" -> host(words, LOOPBACK, "-b", "--bind");
            case "fastapi" -> host(words, words.contains("dev") ? LOOPBACK : "0.0.0.0", "--host");
            case "gunicorn" -> bound(words, "");
            case "hypercorn" ->
                bound(words, words.stream().anyMatch(ListenAddress::mayBindOtherwise) ? "" : LOOPBACK + ":8000");
            case "php" -> bound(words, "", "-S");
            case "vite" -> ViteServer.address(words);
            case "python" -> words.contains("runserver") ? django(words) : null;
            default -> null;
        };
    }

    /** What a bind of code listens on; uvicorn's own default where the call names no host. */
    static @Nullable String of(Bind bind) {
        boolean plain = bind.text().startsWith("uvicorn.run(")
                && !bind.text().contains("host")
                && !bind.text().contains("*")
                && !bind.text().endsWith("...");
        return bind.address() == null && plain ? LOOPBACK : bind.address();
    }

    static boolean isLoopback(@Nullable String address) {
        return address != null
                && (address.startsWith("127.") || address.equalsIgnoreCase("localhost") || address.equals("::1"));
    }

    private static @Nullable String host(List<String> words, String standard, String... options) {
        for (int i = 0; i < words.size(); i++) {
            for (String option : options) {
                if (words.get(i).equals(option)) {
                    return i + 1 < words.size() ? words.get(i + 1) : null;
                }
                if (words.get(i).startsWith(option + "=")) {
                    return words.get(i).substring(option.length() + 1);
                }
            }
        }
        // A word that only a shell knows may hold the option.
        return words.stream().anyMatch(word -> word.startsWith("$")) ? null : standard;
    }

    /** Options of hypercorn by which it listens elsewhere. */
    private static boolean mayBindOtherwise(String word) {
        return word.startsWith("-c") || word.startsWith("--config") || word.startsWith("--insecure-bind");
    }

    private static @Nullable String bound(List<String> words, String standard) {
        return bound(words, standard, "-b", "--bind");
    }

    private static @Nullable String bound(List<String> words, String standard, String... options) {
        String bound = host(words, standard, options);
        int colon = bound == null ? -1 : bound.lastIndexOf(':');
        return bound == null || colon <= 0 ? null : bound.substring(0, colon);
    }

    private static String django(List<String> words) {
        for (String word : words.subList(words.indexOf("runserver") + 1, words.size())) {
            if (!word.startsWith("-")) {
                int colon = word.lastIndexOf(':');
                return colon < 0 ? LOOPBACK : word.substring(0, colon);
            }
        }
        return LOOPBACK;
    }
}
