package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Reads the {@code start} and {@code dev} scripts of package files that start several programs at once: {@code concurrently},
 * {@code npm-run-all --parallel}, {@code run-p}, or {@code &} (their documentation).
 */
final class PackageProcesses {
    private static final int MOST = 50;
    private static final Set<String> PARALLEL = Set.of("-p", "--parallel");
    /** Options of concurrently that take the next word as their value. */
    private static final Set<String> WITH_VALUE = Set.of(
            "-n",
            "--names",
            "-c",
            "--prefix-colors",
            "-p",
            "--prefix",
            "-l",
            "--prefix-length",
            "-t",
            "--timestamp-format",
            "-s",
            "--success",
            "-m",
            "--max-processes",
            "--name-separator",
            "--restart-tries",
            "--restart-after",
            "--default-input-target",
            "--cwd",
            "--hide",
            "--kill-signal",
            "--shell",
            "--teardown");

    private PackageProcesses() {}

    /** Empty where no such script starts several programs, or the file is no package file. */
    static List<HostProcess> read(String file, String text) {
        JsonNode scripts;
        try {
            scripts = new ObjectMapper().readTree(text).path("scripts");
        } catch (JacksonException e) {
            // What npm cannot read starts nothing; its own tools say so.
            return List.of();
        }
        List<HostProcess> processes = new ArrayList<>();
        for (String name : List.of("start", "dev")) {
            String script = text(scripts, name);
            Map<String, String> commands = script == null ? Map.of() : several(script, scripts);
            for (Map.Entry<String, String> command :
                    commands.size() < 2 ? List.<Map.Entry<String, String>>of() : commands.entrySet()) {
                int line = line(text, name);
                StartCommand start = StartCommandParser.ofShell(command.getValue(), Map.of(), line);
                if (start != null) {
                    processes.add(new HostProcess(
                            HostProcess.Kind.SCRIPT,
                            name + "/" + command.getKey(),
                            file,
                            line,
                            start,
                            HostProcessReader.folder(file),
                            Map.of(),
                            Set.of(),
                            null));
                }
            }
        }
        return processes;
    }

    /** The commands that a script starts at once, by name. */
    private static Map<String, String> several(String script, JsonNode scripts) {
        List<String> words =
                new ArrayList<>(ShellWords.split(script).stream().limit(MOST).toList());
        if (!words.isEmpty() && words.getFirst().equals("npx")) {
            words.removeFirst();
        }
        String program = words.isEmpty() ? "" : words.removeFirst();
        Map<String, String> commands = new LinkedHashMap<>();
        switch (program) {
            case "concurrently" -> concurrently(words, scripts, commands);
            case "run-p" -> words.forEach(word -> named(word, scripts, commands));
            case "npm-run-all", "run-s" -> {
                boolean parallel = false;
                for (String word : words) {
                    parallel |= PARALLEL.contains(word);
                    if (parallel) {
                        named(word, scripts, commands);
                    }
                }
            }
            default -> StartScripts.together(script).forEach(command -> put(commands, "", command));
        }
        return commands;
    }

    private static void concurrently(List<String> words, JsonNode scripts, Map<String, String> into) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.startsWith("-")) {
                i += WITH_VALUE.contains(word) ? 1 : 0;
            } else if (word.startsWith("npm:") || word.startsWith("yarn:") || word.startsWith("pnpm:")) {
                named(word.substring(word.indexOf(':') + 1), scripts, into);
            } else {
                put(into, "", word);
            }
        }
    }

    /** @param pattern a script's name; {@code *} stands for any */
    private static void named(String pattern, JsonNode scripts, Map<String, String> into) {
        String name = pattern.split(" ", 2)[0];
        boolean wild = name.indexOf('*') != name.lastIndexOf('*');
        if (name.startsWith("-") || name.isEmpty() || (wild && !name.endsWith(":**"))) {
            return;
        }
        Pattern wanted = Pattern.compile(Pattern.quote(name.replace("**", "*")).replace("*", "\\E.*\\Q"));
        for (String key : scripts.propertyNames()) {
            String command = text(scripts, key);
            if (command != null && wanted.matcher(key).matches()) {
                put(into, key, command);
            }
        }
    }

    private static void put(Map<String, String> into, String name, String command) {
        if (into.size() < MOST) {
            into.putIfAbsent(name.isEmpty() ? Integer.toString(into.size() + 1) : name, command);
        }
    }

    private static @Nullable String text(JsonNode scripts, String name) {
        JsonNode script = scripts.path(name);
        return script.isString() ? script.stringValue() : null;
    }

    /** Where the script stands; 1 where it cannot be found. */
    private static int line(String text, String name) {
        Pattern key = Pattern.compile("\\s*[{,]?\\s*\"" + Pattern.quote(name) + "\"\\s*:.*");
        int line = 0;
        boolean inside = false;
        for (String each : text.split("\r\n|\n|\r")) {
            line++;
            inside |= each.contains("\"scripts\"");
            if (inside
                    && (key.matcher(each).matches()
                            || (each.contains("\"scripts\"") && each.contains("\"" + name + "\"")))) {
                return line;
            }
        }
        return 1;
    }
}
