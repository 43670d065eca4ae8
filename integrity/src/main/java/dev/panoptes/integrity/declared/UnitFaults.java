package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.Dollar;
import dev.panoptes.code.command.StartCommandParser;
import dev.panoptes.core.issue.Masking;
import dev.panoptes.integrity.declared.UnitSettings.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What systemd refuses or passes on as it is written (systemd.service(5), "Command lines"; systemd.exec(5), Environment=). */
final class UnitFaults {
    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ash", "zsh", "ksh");
    /** Only {@code $NAME} and {@code ${NAME}} are replaced. */
    private static final Pattern SHELL_EXPANSION =
            Pattern.compile("\\$\\{\\w+(:?[-=?+]|[#%/^,:])[^}]*}|\\$\\([^)]*\\)?|`[^`]*`");

    private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$(\\{[A-Za-z_]\\w*}|[A-Z_][A-Z0-9_]{2,})");
    private static final Pattern INSIDE =
            Pattern.compile("(?:--?[\\w-]+=|[\\w.*\\[\\]]*:|/[^$]*)(\\$[A-Z_][A-Z0-9_]*)(?:[:/].*)?");
    private static final Set<String> OPERATORS = Set.of("&&", "||", "|", ">", ">>", "<", "2>&1", "&");
    private static final int LONGEST = 300;
    /** Their options take no value that is a path. */
    private static final Set<String> TAKE_FILES =
            Set.of("rm", "cp", "mv", "ln", "cat", "ls", "chmod", "chown", "touch", "gzip", "du");

    /** They read patterns themselves. */
    private static final Set<String> TAKE_PATTERNS = Set.of(
            "find",
            "rsync",
            "java",
            "tar",
            "fd",
            "rg",
            "grep",
            "inotifywait",
            "logrotate",
            "multitail",
            "filebeat",
            "celery",
            "nginx",
            "mongod",
            "rclone",
            "restic",
            "borg",
            "sed",
            "awk",
            "promtail",
            "vector",
            "fluent-bit");

    private UnitFaults() {}

    /** All commands where there are several although only {@code Type=oneshot} may have them. */
    static List<UnitFile.Line> commands(ParsedUnit unit) {
        List<UnitFile.Line> commands = new ArrayList<>();
        for (Setting setting : unit.execStarts()) {
            List<String> words = UnitWords.split(setting.value());
            long parts = 1
                    + words.subList(0, Math.max(0, words.size() - 1)).stream()
                            .filter(";"::equals)
                            .count();
            for (long i = 0; i < parts; i++) {
                commands.add(line(setting, "ExecStart=" + shown(setting.value())));
            }
        }
        return commands.size() < 2 || unit.type().equals("oneshot") ? List.of() : commands;
    }

    /** What a service of its type may not say (systemd.service(5), Restart=, BusName=). */
    static List<UnitFile.Line> refused(ParsedUnit unit) {
        boolean oneshot = unit.type().equals("oneshot");
        return unit
                .settings()
                .last("Service", "Restart")
                .filter(setting -> oneshot
                        && (setting.value().equals("always") || setting.value().equals("on-success")))
                .map(setting -> line(setting, "Restart=" + setting.value()))
                .stream()
                .toList();
    }

    static List<UnitFile.Line> unexpanded(ParsedUnit unit) {
        List<UnitFile.Line> lines = new ArrayList<>();
        for (Setting setting : unit.execStarts()) {
            String literal = inCommand(UnitFileResolver.arguments(setting.value()));
            if (literal != null) {
                lines.add(line(setting, literal));
            }
        }
        for (Setting setting : unit.environmentSettings()) {
            for (String word : UnitWords.split(setting.value())) {
                int end = Dollar.nameEnd(word, 0);
                Matcher variable = VARIABLE.matcher(word);
                if (end > 0 && end < word.length() && word.charAt(end) == '=' && variable.find(end)) {
                    lines.add(line(setting, variable.group() + " in Environment= of " + word.substring(0, end)));
                }
            }
        }
        return lines;
    }

    private static @Nullable String inCommand(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            boolean shell = SHELLS.contains(StartCommandParser.baseName(words.get(i)))
                    && words.subList(i + 1, words.size()).stream().anyMatch(word -> word.matches("-\\w*c\\w*"));
            if (shell) {
                return null;
            }
        }
        String program = words.isEmpty() ? "" : words.getFirst();
        if (program.matches("(~|\\.{1,2}|\\w[\\w.-]*)/.*")) {
            return program + " as the program of ExecStart=";
        }
        for (String word : words) {
            if (word.startsWith("~/")) {
                return word + " in ExecStart=";
            }
        }
        String pattern = pattern(words);
        if (pattern != null) {
            return pattern + " in ExecStart=";
        }
        for (String word : words) {
            Matcher expansion = SHELL_EXPANSION.matcher(word);
            if (expansion.find()) {
                return expansion.group() + " in ExecStart=";
            }
            if (OPERATORS.contains(word)) {
                return word + " in ExecStart=";
            }
            // Without braces a variable must be a word of its own.
            Matcher inside = INSIDE.matcher(word);
            if (inside.matches()) {
                return inside.group(1) + " within a word of ExecStart=";
            }
        }
        return null;
    }

    /** A path with a star that only a shell would turn into files; null where there is none, or a program takes patterns. */
    private static @Nullable String pattern(List<String> words) {
        if (words.isEmpty() || TAKE_PATTERNS.contains(StartCommandParser.baseName(words.getFirst()))) {
            return null;
        }
        for (int i = 1; i < words.size(); i++) {
            boolean value = words.get(i - 1).startsWith("-")
                    && !TAKE_FILES.contains(StartCommandParser.baseName(words.getFirst()));
            if (!value && words.get(i).matches("/[^*?:=\\s]*/[^*?:=/\\s]*\\*[^*?:=/\\s]*")) {
                return words.get(i);
            }
        }
        return null;
    }

    private static UnitFile.Line line(Setting setting, String text) {
        return new UnitFile.Line(setting.file(), setting.line(), text);
    }

    private static String shown(String value) {
        String masked = Masking.mask(value.replaceAll("\\s+", " "));
        return masked.length() > LONGEST ? masked.substring(0, LONGEST) + " ..." : masked;
    }
}
