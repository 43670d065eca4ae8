package dev.panoptes.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A labelled piece of code: the files of one agent and what its author says about them. The first lines say for each program
 * {@code FILE [runnable] [app] ports=8020,8014($PORT),?($X) [hosts=8020@127.0.0.1,8014@all] names=A|B}; a file without such a line is no program. Then the
 * files, each after a line {@code === PATH}.
 */
record CorpusCase(String name, Set<String> expected, Map<String, String> files) {
    /** A {@code .case}, or the many small ones of a {@code .cases}, each after a line {@code ##### NAME}. */
    static List<CorpusCase> parse(Path file) throws IOException {
        String text = Files.readString(file);
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".case")) {
            return List.of(parse(name.replace(".case", ""), text));
        }
        List<CorpusCase> cases = new ArrayList<>();
        for (String one : text.split("(?m)^##### ")) {
            int end = one.indexOf('\n');
            if (end > 0) {
                cases.add(parse(one.substring(0, end).strip(), one.substring(end + 1)));
            }
        }
        return cases;
    }

    private static CorpusCase parse(String name, String whole) {
        Set<String> expected = new TreeSet<>();
        Map<String, String> files = new LinkedHashMap<>();
        String current = null;
        StringBuilder text = new StringBuilder();
        for (String line : whole.split("\n", -1)) {
            if (line.startsWith("=== ")) {
                if (current != null) {
                    files.put(current, text.toString());
                }
                current = line.substring(4).strip();
                text.setLength(0);
            } else if (current != null) {
                text.append(line).append('\n');
            } else if (!line.isBlank()) {
                label(line, expected);
            }
        }
        files.put(current, text.toString());
        return new CorpusCase(name, expected, files);
    }

    private static void label(String line, Set<String> expected) {
        int names = line.indexOf(" names=");
        String reported = names < 0 ? "" : line.substring(names + 7);
        String[] words = (names < 0 ? line : line.substring(0, names)).strip().split("\\s+");
        String file = words[0];
        boolean program = words.length > 1;
        for (int i = 1; i < words.length; i++) {
            if (words[i].startsWith("ports=")) {
                for (String port : words[i].substring(6).split(",")) {
                    if (!port.isEmpty()) {
                        expected.add(file + " binds " + port);
                    }
                }
            } else if (words[i].startsWith("hosts=")) {
                for (String host : words[i].substring(6).split(",")) {
                    expected.add(file + " listens on " + host);
                }
            } else {
                expected.add(file + " is " + words[i]);
            }
        }
        for (String one : reported.split("\\|")) {
            if (!one.isBlank() && program) {
                expected.add(file + " reports " + one.strip());
            }
        }
    }

    /** What the reader says, in the words of {@link #expected}. */
    Set<String> found(Path folder, FactCache cache) throws IOException, InterruptedException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve("agent").resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        Code code = new CodeReader(cache).read(ScannedTree.at(folder), "", List.of());
        Set<String> found = new TreeSet<>();
        for (CodeDirectory directory : code.directories()) {
            if (directory.incomplete() != null) {
                found.add("incomplete: " + directory.incomplete());
            }
            for (Program program : directory.programs()) {
                found.addAll(words(program));
                if (expected.stream().anyMatch(fact -> fact.startsWith(program.path() + " listens on "))) {
                    program.binds().forEach(bind -> found.add(program.path() + " listens on " + listens(bind)));
                }
            }
        }
        return found;
    }

    private static List<String> words(Program program) {
        List<String> words = new ArrayList<>();
        String file = program.path();
        if (program.runnable()) {
            words.add(file + " is runnable");
        }
        if (program.definesApp()) {
            words.add(file + " is app");
        }
        for (Bind bind : program.binds()) {
            words.add(file + " binds " + port(bind.port()));
        }
        for (ReportedName name : program.names()) {
            words.add(file + " reports " + name.value());
        }
        return words;
    }

    private static String listens(Bind bind) {
        String number = bind.port() instanceof PortValue.Known known ? String.valueOf(known.port()) : "?";
        return number + "@" + (bind.address() == null ? "all" : bind.address());
    }

    private static String port(PortValue port) {
        return switch (port) {
            case PortValue.Known known ->
                known.port() + (known.variable() == null ? "" : "($" + known.variable() + ")");
            case PortValue.Unresolved unresolved ->
                "?" + (unresolved.variable() == null ? "" : "($" + unresolved.variable() + ")");
        };
    }
}
