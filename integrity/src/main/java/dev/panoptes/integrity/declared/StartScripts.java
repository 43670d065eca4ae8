package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.ShellLine;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import dev.panoptes.code.command.Word;
import dev.panoptes.core.text.Lines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads shell scripts that start several programs and leave them running ({@code a & b & wait}). Line by line, nothing is run:
 * what stands in a branch, a loop or a function may or may not be started, and is not known.
 */
final class StartScripts {
    private static final int MOST = 100;
    private static final int LONGEST_LINE = 4_000;
    private static final Pattern OPENS = Pattern.compile(
            "(if|for|while|until|case|select)\\b.*|(function\\s+)?[\\w.-]{1,100}\\s*\\(\\s*\\)\\s*\\{?.*|\\{");
    private static final Pattern CLOSES = Pattern.compile("(fi|done|esac|})([\\s;&|)].*)?");
    private static final Pattern ONE_LINE = Pattern.compile(".*(;\\s*|\\s)(fi|done|esac|})\\s*");
    private static final Pattern CHANGE = Pattern.compile("cd\\s+(\\S.*)");
    private static final Pattern OWN_FOLDER = Pattern.compile(
            "\"?(?:\\$\\(\\s*cd\\s+)?\"?(?:--\\s+)?\"?\\$\\(\\s*dirname\\s[^)]{1,80}\\)\"?((?:/\\.\\.)*)\"?(?:\\s*(?:&&|;)\\s*pwd(?:\\s+-P)?\\s*\\))?\"?");
    private static final Pattern ASSIGNED = Pattern.compile("(?:export\\s+)?([A-Za-z_]\\w{0,100})=(.*)");
    private static final Set<String> PACKAGE_RUNNERS = Set.of("npm", "yarn", "pnpm", "bun");

    private final String file;
    private final List<HostProcess> processes = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private @Nullable String directory;
    private boolean background;
    private int depth;

    private StartScripts(String file) {
        this.file = file;
        // A script is run from anywhere; its own folder is what it nearly always is run from.
        this.directory = HostProcessReader.folder(file);
    }

    /** Empty for a script that starts fewer than two programs of its own, or none that is left running. */
    static List<HostProcess> read(String file, String text) {
        StartScripts script = new StartScripts(file);
        String[] lines = Lines.of(text);
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].length() > LONGEST_LINE ? "" : lines[i].strip();
            if (line.contains("<<") && !line.contains("<<<")) {
                // A text that is written somewhere is no command; where it ends is not followed.
                return List.of();
            }
            if (line.endsWith("\\")) {
                joined.append(line, 0, line.length() - 1).append(' ');
                continue;
            }
            joined.append(line);
            if (joined.length() <= LONGEST_LINE) {
                script.line(joined.toString(), i + 1);
            }
            joined.setLength(0);
        }
        return script.background && script.processes.size() > 1 ? script.processes : List.of();
    }

    /** The commands of a line that are started at once; empty where it leaves none running. */
    static List<String> together(String line) {
        List<String> parts = line.length() > LONGEST_LINE ? List.of() : parts(line);
        return parts.size() > 1 ? parts : List.of();
    }

    private void line(String line, int number) {
        if (line.isEmpty() || line.startsWith("#") || processes.size() >= MOST) {
            return;
        }
        boolean opens = OPENS.matcher(line).matches() && !line.startsWith("(");
        if (depth > 0 || opens) {
            if (opens && !ONE_LINE.matcher(line).matches()) {
                depth++;
            } else if (CLOSES.matcher(line).matches()) {
                depth--;
            }
            for (String part : parts(line)) {
                add(part, number, "the script decides when it runs whether it is started");
            }
            return;
        }
        Matcher assigned = ASSIGNED.matcher(line);
        Matcher change = CHANGE.matcher(line);
        if (assigned.matches() && isWhole(assigned.group(2))) {
            assign(assigned.group(1), assigned.group(2));
        } else if (change.matches() && isWhole(change.group(1))) {
            directory = changed(change.group(1));
        } else {
            List<String> parts = parts(line);
            boolean left = line.endsWith("&") && !line.endsWith("&&");
            for (int i = 0; i < parts.size(); i++) {
                background |= (i < parts.size() - 1 || left) && add(parts.get(i), number, null);
                if (i == parts.size() - 1 && !left) {
                    add(parts.get(i), number, null);
                }
            }
        }
    }

    /** True for one word, without a command after it. */
    private static boolean isWhole(String value) {
        return OWN_FOLDER.matcher(value.strip()).matches()
                || (ShellLine.split(value).size() <= 1
                        && ShellWords.split(value).size() <= 1);
    }

    private void assign(String name, String value) {
        Matcher own = OWN_FOLDER.matcher(value.strip());
        List<ShellLine.Simple> simple = ShellLine.split(value);
        if (own.matches()) {
            environment.put(name, HostProcess.HERE + own.group(1));
        } else if (simple.size() == 1 && simple.getFirst().words().size() == 1) {
            Word.Expanded expanded = simple.getFirst().words().getFirst().expand(environment);
            if (expanded.resolved()) {
                environment.put(name, expanded.value());
            } else {
                environment.remove(name);
            }
        } else {
            environment.remove(name);
        }
    }

    private @Nullable String changed(String target) {
        Matcher own = OWN_FOLDER.matcher(target.strip());
        if (own.matches()) {
            return HostProcessReader.below(HostProcessReader.folder(file), "." + own.group(1));
        }
        List<ShellLine.Simple> simple = ShellLine.split(target);
        if (simple.size() != 1 || simple.getFirst().words().size() != 1) {
            return null;
        }
        Word.Expanded expanded = simple.getFirst().words().getFirst().expand(environment);
        return expanded.resolved() ? HostProcessReader.from(directory, expanded.value(), file) : null;
    }

    private boolean add(String part, int number, @Nullable String unknown) {
        String command = part;
        while (command.startsWith("(") && command.endsWith(")")) {
            command = command.substring(1, command.length() - 1).strip();
        }
        StartCommand start = StartCommandParser.ofShell(command, environment, number);
        String runner = start == null ? null : start.runner();
        if (start == null || runner == null || (start.module() == null && !PACKAGE_RUNNERS.contains(runner))) {
            return false;
        }
        String module = start.module();
        String name = module == null ? runner : module.substring(module.lastIndexOf('/') + 1);
        processes.add(new HostProcess(
                HostProcess.Kind.SCRIPT,
                name + ":" + number,
                file,
                number,
                start,
                directory,
                environment,
                Set.of(),
                unknown));
        return true;
    }

    /** The commands of a line between single {@code &}, outside of quotes and brackets. */
    private static List<String> parts(String line) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        char quote = 0;
        int brackets = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            char before = i == 0 ? ' ' : line.charAt(i - 1);
            char after = i + 1 < line.length() ? line.charAt(i + 1) : ' ';
            if (quote == 0 && c == '#' && Character.isWhitespace(before)) {
                break;
            }
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '(') {
                brackets++;
            } else if (c == ')') {
                brackets--;
            }
            boolean single =
                    c == '&' && before != '&' && after != '&' && before != '>' && after != '>' && before != '<';
            if (quote == 0 && brackets == 0 && single) {
                parts.add(part.toString().strip());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        if (!part.toString().isBlank()) {
            parts.add(part.toString().strip());
        }
        return parts;
    }
}
