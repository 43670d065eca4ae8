package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.Dollar;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.UnitSettings.Setting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of which podman makes a unit (podman-systemd.unit(5)), with its drop-ins.
 *
 * @param file rootPath
 * @param unit its name with the instance, without the suffix
 * @param kind its suffix: {@code container}, {@code pod}, {@code kube}, {@code build} ...
 * @param settings of the file and its drop-ins
 */
record Quadlet(String file, String unit, String kind, UnitSettings settings) {
    private static final Map<String, String> SECTIONS =
            Map.of("container", "Container", "pod", "Pod", "kube", "Kube", "build", "Build");

    /** What is known of a text in which systemd replaces variables and specifiers. */
    record Text(String value, Set<String> open) {
        boolean known() {
            return open.isEmpty();
        }
    }

    String section() {
        return SECTIONS.getOrDefault(kind, "");
    }

    /** The name of its file with the suffix, by which others name it. */
    String name() {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    String folder() {
        return HostProcessReader.folder(file);
    }

    /** Without an instance nothing of a template is started. */
    boolean template() {
        return unit.endsWith("@");
    }

    Optional<Setting> last(String key) {
        return settings.last(section(), key);
    }

    List<Setting> all(String key) {
        return settings.list(section(), key);
    }

    /** What systemd sets where it starts podman, of which it fills in the command line. */
    private Map<String, String> ownEnvironment() {
        return UnitWords.assignments(settings.list("Service", "Environment").stream()
                .map(setting -> UnitWords.specifiers(setting.value(), unit + ".service"))
                .toList());
    }

    /**
     * A value of the podman command line as systemd fills it in (systemd.service(5), "Command lines"): {@code ${A}} and specifiers
     * of the name are replaced, {@code $$} is a dollar sign. What stays has its name in {@code open}.
     */
    Text filled(String written) {
        String text = UnitWords.specifiers(written, unit + ".service");
        Set<String> open = new HashSet<>();
        for (int at = text.indexOf('%'); at >= 0 && at + 1 < text.length(); at = text.indexOf('%', at + 2)) {
            if (Character.isLetter(text.charAt(at + 1)) && written.contains("%" + text.charAt(at + 1))) {
                open.add("%" + text.charAt(at + 1));
            }
        }
        Map<String, String> environment = ownEnvironment();
        StringBuilder value = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '$' && at + 1 < text.length() && text.charAt(at + 1) == '$') {
                value.append('$');
                at += 2;
                continue;
            }
            String name = c == '$' ? variable(text, at) : null;
            if (name == null) {
                value.append(c);
                at++;
                continue;
            }
            String known = environment.get(name);
            int length = text.charAt(at + 1) == '{' ? name.length() + 3 : name.length() + 1;
            if (known == null) {
                open.add(name);
                value.append(text, at, at + length);
            } else {
                value.append(known);
            }
            at += length;
        }
        return new Text(value.toString(), open);
    }

    private static @Nullable String variable(String text, int dollar) {
        boolean braced = text.startsWith("${", dollar);
        int start = dollar + (braced ? 2 : 1);
        int end = Dollar.nameEnd(text, start);
        boolean whole = end > start && (!braced || (end < text.length() && text.charAt(end) == '}'));
        return whole ? text.substring(start, end) : null;
    }

    /** The words of a command line with what is open in them. */
    @Nullable
    Invocation words(String key) {
        Setting setting = last(key).orElse(null);
        if (setting == null) {
            return null;
        }
        List<String> words = new ArrayList<>();
        Set<String> open = new HashSet<>();
        for (String word : UnitWords.split(setting.value())) {
            Text text = filled(word);
            words.add(text.value());
            text.open().stream().filter(name -> !name.startsWith("%")).forEach(open::add);
        }
        return new Invocation(words, UnitWords.split(setting.value()), false, open, setting.file(), setting.line());
    }

    static Evidence evidence(Setting setting) {
        return new Evidence("launch", setting.file(), setting.line(), setting.key() + "=" + setting.value());
    }

    /** The first line of its own section. */
    int line() {
        return settings.settings().stream()
                .filter(setting ->
                        setting.section().equals(section()) && setting.file().equals(file))
                .map(Setting::line)
                .findFirst()
                .orElse(1);
    }
}
