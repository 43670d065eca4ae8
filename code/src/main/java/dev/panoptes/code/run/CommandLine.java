package dev.panoptes.code.run;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a server bind that is started by a command line of known words. */
final class CommandLine {
    /** Servers by name, with the port they bind where the command line names none. */
    private static final Map<String, Integer> SERVERS = Map.of(
            "uvicorn", 8000,
            "gunicorn", 8000,
            "hypercorn", 8000,
            "daphne", 8000,
            "granian", 8000,
            "waitress-serve", 8080,
            "http.server", 8000);

    private CommandLine() {}

    static void bind(List<Value> words, Site site, Interpreter run) {
        int at = 0;
        String server = word(words, at);
        if (server != null && server.matches("(.*/)?python[\\d.]*")) {
            at = 1;
            if (!"-m".equals(word(words, at))) {
                return;
            }
            at = 2;
            server = word(words, at);
        } else if (server == null && "-m".equals(word(words, 1))) {
            // [sys.executable, "-m", "uvicorn", ...]
            at = 2;
            server = word(words, at);
        }
        if (server == null) {
            return;
        }
        server = server.substring(server.lastIndexOf('/') + 1);
        if (server.equals("flask")) {
            boolean runs = words.stream().anyMatch(each -> "run".equals(Values.text(each)));
            if (runs) {
                bind(words, at, 5000, site, run);
            }
            return;
        }
        Integer standard = SERVERS.get(server);
        if (standard != null) {
            bind(words, at, standard, site, run);
        }
    }

    private static void bind(List<Value> words, int at, int standard, Site site, Interpreter run) {
        Value port = null;
        Value host = null;
        for (int i = at + 1; i < words.size(); i++) {
            String word = Values.text(words.get(i));
            if (word == null) {
                continue;
            }
            int equals = word.indexOf('=');
            String option = word.startsWith("--") && equals > 0 ? word.substring(0, equals) : word;
            Value value = !option.equals(word)
                    ? Values.constant(word.substring(equals + 1))
                    : i + 1 < words.size() ? words.get(i + 1) : null;
            switch (option) {
                case "--port", "-p" -> port = value;
                case "--host", "-h" -> host = value;
                case "--bind", "-b", "--listen" -> {
                    Addresses.bind(value == null ? Values.unknown("no address is given") : value, site, run);
                    return;
                }
                case "--uds", "--fd", "-u" -> {
                    return;
                }
                default -> {
                    if (standardHttp(words, at) && i == at + 1 && Values.number(words.get(i)) != null) {
                        port = words.get(i);
                    }
                }
            }
        }
        run.bind(port == null ? Values.constant((long) standard) : port, host, site);
    }

    private static boolean standardHttp(List<Value> words, int at) {
        return "http.server".equals(word(words, at));
    }

    private static @Nullable String word(List<Value> words, int at) {
        return at < words.size() ? Values.text(words.get(at)) : null;
    }
}
