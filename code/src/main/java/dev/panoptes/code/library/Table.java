package dev.panoptes.code.library;

import dev.panoptes.code.Language;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the libraries of one language, as its resource says. A line is one row: the call, then what it does. A
 * section begins with {@code [library]}; a line {@code name: words} belongs to no call, but names words for everybody who asks.
 * The format is described at the head of {@code python.table}.
 */
public final class Table {
    private static final String ANY = "*";
    private final Map<String, List<Row>> open = new HashMap<>();
    private final Map<String, Set<String>> words = new HashMap<>();
    private final Map<String, Map<String, String>> pairs = new HashMap<>();
    private final Set<String> libraries = new LinkedHashSet<>();
    private final Map<String, Row> rows = new LinkedHashMap<>();

    /** Each is read when it is first asked for. */
    private static final class Python {
        static final Table TABLE = read("python");
    }

    private static final class JavaScript {
        static final Table TABLE = read("javascript");
    }

    private static final class Go {
        static final Table TABLE = read("go");
    }

    private static final class Java {
        static final Table TABLE = read("java");
    }

    private static final class Shell {
        static final Table TABLE = read("shell");
    }

    private static final class Commands {
        static final Table TABLE = read("commands");
    }

    private static final class Wrappers {
        static final Table TABLE = read("wrappers");
    }

    /** Programs that only start the one after them. */
    public static Table wrappers() {
        return Wrappers.TABLE;
    }

    private static final class Files {
        static final Table TABLE = read("files");
    }

    /** Which files and folders are whose code. */
    public static Table files() {
        return Files.TABLE;
    }

    /** Servers that are started by a command line. */
    public static Table commands() {
        return Commands.TABLE;
    }

    public static Table of(Language language) {
        return switch (language) {
            case PYTHON -> Python.TABLE;
            case JAVASCRIPT, TYPESCRIPT -> JavaScript.TABLE;
            case GO -> Go.TABLE;
            case JAVA -> Java.TABLE;
            case SHELL -> Shell.TABLE;
        };
    }

    private static Table read(String name) {
        try (InputStream in = Table.class.getResourceAsStream(name + ".table")) {
            if (in == null) {
                throw new IllegalStateException("the table " + name + " is missing");
            }
            return new Table(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalArgumentException where a line is no row, or a call has two */
    public static Table parse(String text) {
        return new Table(text);
    }

    private Table(String text) {
        String library = "";
        int number = 0;
        for (String raw : text.split("\n")) {
            String line = raw.strip();
            number++;
            if (line.isEmpty() || line.equals("#") || line.startsWith("# ")) {
                continue;
            }
            String[] parts = line.split("\\s+");
            if (line.startsWith("[")) {
                library = line.substring(1, line.length() - 1);
                libraries.add(library);
            } else if (parts[0].endsWith(":")) {
                String name = parts[0].substring(0, parts[0].length() - 1);
                Set<String> known = words.computeIfAbsent(name, _ -> new LinkedHashSet<>());
                known.addAll(List.of(parts).subList(1, parts.length));
                List.of(parts).subList(1, parts.length).forEach(word -> pair(name, word));
            } else {
                row(library, number, parts);
            }
        }
    }

    private void pair(String name, String word) {
        int equals = word.indexOf('=');
        pairs.computeIfAbsent(name, _ -> new HashMap<>())
                .put(equals < 0 ? word : word.substring(0, equals), word.substring(equals + 1));
    }

    private void row(String library, int line, String[] parts) {
        List<Row.Act> acts = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String what = equals < 0 ? parts[i] : parts[i].substring(0, equals);
            String text = equals < 0 ? "" : parts[i].substring(equals + 1);
            acts.add(new Row.Act(what, text, PICKED.contains(what) ? Pick.parse(text) : Pick.parse("")));
        }
        for (String path : alternatives(parts[0])) {
            Row row = new Row(library, line, path, acts);
            if (rows.put(path, row) != null) {
                throw new IllegalArgumentException(path + " has two rows");
            }
            if (path.contains("*")) {
                open.computeIfAbsent(
                                path.endsWith(ANY) ? ANY : path.substring(path.lastIndexOf('.') + 1),
                                _ -> new ArrayList<>())
                        .add(row);
            }
        }
    }

    /** What is picked out of a call; what stands behind other names is taken as it is written. */
    private static final Set<String> PICKED = Set.of(
            "port", "host", "address", "unless", "needs", "tcp", "handler", "answer", "call", "route", "to", "mount",
            "below", "load", "give", "env", "default", "of", "option", "put", "value", "dotenv", "or", "target", "args",
            "only");

    private static List<String> alternatives(String path) {
        int opening = path.indexOf('{');
        int close = path.indexOf('}');
        if (opening < 0 || close < opening) {
            return List.of(path);
        }
        List<String> all = new ArrayList<>();
        for (String one : path.substring(opening + 1, close).split(",", -1)) {
            all.addAll(alternatives(path.substring(0, opening) + one + path.substring(close + 1)));
        }
        return all;
    }

    /** The row of a call: its own, that of what its object is made as, or one with an open middle; null where none is. */
    public @Nullable Row row(String path) {
        Row known = rows.get(path);
        if (known != null) {
            return known;
        }
        int dot = path.lastIndexOf('.');
        String method = path.substring(dot + 1);
        if (dot > 2 && path.startsWith("()", dot - 2)) {
            Row maker = row(path.substring(0, dot - 2));
            Row.Act made = maker == null ? null : maker.act("makes");
            for (String type : made == null ? new String[0] : made.text().split(",")) {
                Row row = rows.get(type + "." + method);
                if (row != null) {
                    return row;
                }
            }
        }
        for (String last : List.of(method, ANY)) {
            for (Row row : open.getOrDefault(last, List.of())) {
                if (fits(row.path(), path)) {
                    return row;
                }
            }
        }
        return null;
    }

    /** True where the stars of the pattern stand for some of the text each. */
    private static boolean fits(String pattern, String text) {
        String[] parts = pattern.split("\\*", -1);
        int at = parts[0].length();
        if (!text.startsWith(parts[0])) {
            return false;
        }
        for (int i = 1; i < parts.length - 1; i++) {
            int found = text.indexOf(parts[i], at);
            if (found < 0) {
                return false;
            }
            at = found + parts[i].length();
        }
        String end = parts[parts.length - 1];
        return text.endsWith(end) && text.length() - end.length() >= at;
    }

    /** The words of this name; empty where there are none. */
    public Set<String> words(String name) {
        return words.getOrDefault(name, Set.of());
    }

    /** The words of this name as pairs: {@code trim=strip}; one without a second part stands for itself. */
    public Map<String, String> pairs(String name) {
        return pairs.getOrDefault(name, Map.of());
    }

    /** The names of the sections, in order. */
    public Set<String> libraries() {
        return libraries;
    }

    /** Every row, an alternative each. */
    public Collection<Row> rows() {
        return rows.values();
    }
}
