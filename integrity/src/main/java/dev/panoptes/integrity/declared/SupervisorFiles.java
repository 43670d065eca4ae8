package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import dev.panoptes.core.text.Lines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code [program:x]} and {@code [fcgi-program:x]} sections of supervisord files (supervisord, "Configuration File").
 * Commands are run without a shell. A second process of one program ({@code numprocs}) differs by {@code process_num} only.
 */
final class SupervisorFiles {
    private static final int MOST = 500;
    private static final int MOST_PROCESSES = 50;
    private static final int LONGEST_VALUE = 16_000;
    private static final Pattern SECTION = Pattern.compile("\\[(?:fcgi-)?program:([^\\]]{1,200})]");
    private static final Pattern EXPANSION = Pattern.compile("%%|%\\((\\w{1,100})\\)(0?)(\\d{0,2})([sd])");
    private static final String VARIABLE = "ENV_";
    private static final Pattern ASSIGNMENT =
            Pattern.compile("\\s*([A-Za-z_][\\w]{0,200})\\s*=\\s*(\"([^\"]*)\"|'([^']*)'|([^,]*))\\s*(?:,|$)");

    private SupervisorFiles() {}

    /** @param paths maps absolute paths of the deployed machine to the tree */
    static List<HostProcess> read(String file, String text, DeployedPaths paths) {
        List<HostProcess> processes = new ArrayList<>();
        for (Section section : sections(text)) {
            int count = number(section.values.get("numprocs"), 1);
            int first = number(section.values.get("numprocs_start"), 0);
            for (int i = first; i < first + Math.min(count, MOST_PROCESSES) && processes.size() < MOST; i++) {
                process(section, i, count, file, paths, processes);
            }
        }
        return processes;
    }

    private static void process(
            Section section, int number, int count, String file, DeployedPaths paths, List<HostProcess> into) {
        Map<String, String> expansions = Map.of(
                "program_name", section.name,
                "group_name", section.name,
                "process_num", Integer.toString(number),
                "numprocs", Integer.toString(count),
                "here", HostProcess.HERE);
        String command = section.values.get("command");
        String expanded = command == null ? null : expand(command, expansions, true);
        String written = section.values.get("directory");
        String directory = written == null ? null : expand(written, expansions, false);
        Map<String, String> environment = environment(section.values.get("environment"), expansions);
        StartCommand start = expanded == null
                ? null
                : StartCommandParser.ofArguments(ShellWords.split(expanded), environment, section.commandLine);
        into.add(new HostProcess(
                HostProcess.Kind.SUPERVISORD,
                count > 1 ? section.name + "_" + number : section.name,
                file,
                section.commandLine,
                start,
                directory == null ? null : HostProcessReader.located(directory, file, paths),
                environment,
                Set.of(),
                start != null
                        ? null
                        : command == null
                                ? "its section has no command"
                                : "its command holds what only supervisord's own environment tells"));
    }

    private record Section(String name, Map<String, String> values, int commandLine) {}

    private static List<Section> sections(String text) {
        List<Section> sections = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        String name = null;
        String key = null;
        int commandLine = 0;
        int line = 0;
        for (String raw : Lines.of(text)) {
            line++;
            String stripped = raw.strip();
            if (stripped.isEmpty()
                    || stripped.length() > LONGEST_VALUE
                    || stripped.startsWith(";")
                    || stripped.startsWith("#")) {
                continue;
            }
            boolean goesOn = Character.isWhitespace(raw.charAt(0)) && key != null;
            String plain = stripped.replaceFirst("\\s;.*", "").strip();
            if (goesOn) {
                values.merge(
                        String.valueOf(key),
                        plain,
                        (a, b) -> a.length() + b.length() > LONGEST_VALUE ? a : a + " " + b);
            } else if (stripped.startsWith("[")) {
                if (name != null) {
                    sections.add(new Section(name, values, commandLine));
                }
                Matcher section = SECTION.matcher(plain);
                name = section.matches() ? section.group(1).strip() : null;
                values = new LinkedHashMap<>();
                key = null;
                commandLine = line;
            } else {
                int equals = plain.indexOf('=');
                int colon = plain.indexOf(':');
                int at = equals < 0 ? colon : colon < 0 ? equals : Math.min(equals, colon);
                key = at <= 0 ? null : plain.substring(0, at).strip().toLowerCase(Locale.ROOT);
                if (key != null) {
                    values.put(key, plain.substring(at + 1).strip());
                    commandLine = key.equals("command") ? line : commandLine;
                }
            }
        }
        if (name != null) {
            sections.add(new Section(name, values, commandLine));
        }
        return sections;
    }

    /**
     * Null where it holds an expansion that is not known here.
     *
     * @param variables true where one of the environment that supervisord itself is started in, {@code %(ENV_PORT)s}, becomes a variable
     */
    private static @Nullable String expand(String text, Map<String, String> expansions, boolean variables) {
        Matcher found = EXPANSION.matcher(text);
        StringBuilder expanded = new StringBuilder();
        while (found.find()) {
            String name = found.group(1);
            String value = name == null
                    ? "%"
                    : variables && name.startsWith(VARIABLE)
                            ? "${" + name.substring(VARIABLE.length()) + "}"
                            : expansions.get(name);
            if (value == null) {
                return null;
            }
            int width = name == null || found.group(3).isEmpty() ? 0 : Integer.parseInt(found.group(3));
            String padding = found.group(2) == null || found.group(2).isEmpty() ? " " : "0";
            String padded = padding.repeat(Math.max(0, width - value.length())) + value;
            found.appendReplacement(expanded, Matcher.quoteReplacement(padded));
        }
        return found.appendTail(expanded).toString();
    }

    private static Map<String, String> environment(@Nullable String text, Map<String, String> expansions) {
        Map<String, String> environment = new HashMap<>();
        Matcher found = ASSIGNMENT.matcher(text == null ? "" : text);
        while (found.find()) {
            String value =
                    found.group(3) != null ? found.group(3) : found.group(4) != null ? found.group(4) : found.group(5);
            String expanded = expand(value.strip(), expansions, false);
            if (expanded != null) {
                environment.put(found.group(1), expanded);
            }
        }
        return environment;
    }

    private static int number(@Nullable String text, int otherwise) {
        return text != null && text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : otherwise;
    }
}
