package dev.panoptes.integrity.declared;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The assignments of a unit file in file order (systemd.syntax(7)): continued lines joined, comments left out, nothing
 * interpreted.
 */
record UnitSettings(List<Setting> settings) {
    private static final int MOST_SETTINGS = 20_000;

    UnitSettings {
        settings = List.copyOf(settings);
    }

    /**
     * @param value trimmed; empty resets what stood before
     * @param file path below the root
     * @param line where it begins, from 1
     */
    record Setting(String section, String key, String value, String file, int line) {}

    /** A line that begins a section. */
    record Header(String name, int line) {}

    /** A whole file: its assignments, and where its sections begin. */
    record Text(String file, UnitSettings settings, List<Header> headers) {
        Text {
            headers = List.copyOf(headers);
        }
    }

    /** Parses the text of a unit file or drop-in. What is no assignment is left out, as systemd does. */
    static UnitSettings parse(String text, String file) {
        return whole(text, file).settings();
    }

    /** The same with the lines that begin its sections. */
    static Text whole(String text, String file) {
        List<Setting> settings = new ArrayList<>();
        List<Header> headers = new ArrayList<>();
        String section = "";
        StringBuilder joined = new StringBuilder();
        int begin = 0;
        int number = 0;
        int at = 0;
        while (at <= text.length() && settings.size() < MOST_SETTINGS) {
            int newline = text.indexOf('\n', at);
            int end = newline < 0 ? text.length() : newline;
            String line = withoutReturn(text.substring(at, end));
            at = end + 1;
            number++;
            boolean comment = isComment(line);
            boolean last = at > text.length();
            if (comment && !last) {
                continue;
            }
            if (begin == 0) {
                begin = number;
            }
            boolean continues = line.endsWith("\\") && !last;
            if (!comment) {
                joined.append(continues ? line.substring(0, line.length() - 1) + " " : line);
            }
            if (continues) {
                continue;
            }
            String whole = joined.toString().strip();
            joined.setLength(0);
            if (whole.startsWith("[") && whole.endsWith("]")) {
                section = whole.substring(1, whole.length() - 1);
                headers.add(new Header(section, begin));
            } else {
                int equals = whole.indexOf('=');
                if (equals > 0) {
                    settings.add(new Setting(
                            section,
                            whole.substring(0, equals).strip(),
                            whole.substring(equals + 1).strip(),
                            file,
                            begin));
                }
            }
            begin = 0;
        }
        return new Text(file, new UnitSettings(settings), headers);
    }

    private static String withoutReturn(String line) {
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private static boolean isComment(String line) {
        String stripped = line.stripLeading();
        return stripped.startsWith("#") || stripped.startsWith(";");
    }

    /** These settings with those of a drop-in after them. */
    UnitSettings and(UnitSettings dropIn) {
        List<Setting> both = new ArrayList<>(settings);
        both.addAll(dropIn.settings);
        return new UnitSettings(both);
    }

    /** True where it is a unit of systemd: others, such as D-Bus services, use the suffix too. */
    boolean isServiceUnit() {
        return settings.stream().anyMatch(setting -> setting.section().equals("Service"));
    }

    /** The assignments of a setting that holds a list: those after the last empty one. */
    List<Setting> list(String section, String key) {
        List<Setting> values = new ArrayList<>();
        for (Setting setting : settings) {
            if (setting.section().equals(section) && setting.key().equals(key)) {
                if (setting.value().isEmpty()) {
                    values.clear();
                } else {
                    values.add(setting);
                }
            }
        }
        return values;
    }

    /** The assignment that counts of a setting that holds one value; empty where there is none or it was reset. */
    Optional<Setting> last(String section, String key) {
        return settings.stream()
                .filter(setting ->
                        setting.section().equals(section) && setting.key().equals(key))
                .reduce((first, second) -> second)
                .filter(setting -> !setting.value().isEmpty());
    }
}
