package dev.panoptes.sensors.persistence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Unit files of systemd.unit(5) in every search path, their drop-ins, and generators (systemd.generator(7)). */
final class SystemdPlaces {
    private static final List<String> SYSTEM = List.of(
            "/etc/systemd/system.control",
            "/run/systemd/system.control",
            "/run/systemd/transient",
            "/run/systemd/generator.early",
            "/etc/systemd/system",
            "/etc/systemd/system.attached",
            "/run/systemd/system",
            "/run/systemd/system.attached",
            "/run/systemd/generator",
            "/usr/local/lib/systemd/system",
            "/usr/lib/systemd/system",
            "/lib/systemd/system",
            "/run/systemd/generator.late");
    private static final List<String> GLOBAL = List.of(
            "/etc/systemd/user",
            "/run/systemd/user",
            "/etc/xdg/systemd/user",
            "/usr/local/lib/systemd/user",
            "/usr/local/share/systemd/user",
            "/usr/lib/systemd/user",
            "/usr/share/systemd/user",
            "/lib/systemd/user");
    private static final List<String> HOME =
            List.of(".config/systemd/user.control", ".config/systemd/user", ".local/share/systemd/user");
    private static final List<String> COMMANDS = List.of(
            "ExecStart", "ExecStartPre", "ExecStartPost", "ExecCondition", "ExecReload", "ExecStop", "ExecStopPost");
    private static final List<String> TIMES =
            List.of("OnCalendar", "OnBootSec", "OnStartupSec", "OnActiveSec", "OnUnitActiveSec", "OnUnitInactiveSec");
    private static final List<String> PATHS =
            List.of("PathExists", "PathExistsGlob", "PathChanged", "PathModified", "DirectoryNotEmpty");
    private static final List<String> LISTENS =
            List.of("ListenStream", "ListenDatagram", "ListenFIFO", "ListenNetlink", "ListenSpecial");

    private SystemdPlaces() {}

    /** @param suffix of the unit type, {@code service} */
    static Place.Reader units(String suffix) {
        return (tree, found) -> {
            directories(tree).forEach((directory, user) -> {
                for (String path : tree.files(directory)) {
                    if (path.endsWith("." + suffix)) {
                        unit(tree, "systemd_" + suffix, path, user, found);
                    }
                }
                masked(tree, suffix, directory, found);
            });
        };
    }

    /** A unit that leads to nothing cannot be started. */
    private static void masked(Tree tree, String suffix, String directory, Consumer<Entry> found) {
        for (String name : tree.names(directory)) {
            String path = tree.spell(directory + "/" + name);
            if (name.endsWith("." + suffix) && "/dev/null".equals(tree.link(path))) {
                found.accept(Entry.ofFile("systemd_" + suffix, name, path, "").enabled(false));
            }
        }
    }

    /** User by directory; the empty text for those of the system, which run as root unless they say otherwise. */
    private static Map<String, String> directories(Tree tree) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String directory : SYSTEM) {
            all.putIfAbsent(spelled(tree, directory), "root");
        }
        for (String directory : GLOBAL) {
            all.putIfAbsent(spelled(tree, directory), "");
        }
        tree.homes().forEach((home, user) -> HOME.forEach(inner -> all.putIfAbsent(home + "/" + inner, user)));
        return all;
    }

    private static String spelled(Tree tree, String directory) {
        String spelled = tree.spell(directory + "/");
        return spelled.substring(0, spelled.length() - 1);
    }

    private static void unit(Tree tree, String kind, String path, String user, Consumer<Entry> found) {
        String text = tree.text(path);
        if (text == null || "/dev/null".equals(tree.link(path))) {
            return;
        }
        String target = tree.link(path);
        if (target != null
                && FilePlaces.name(target).endsWith(path.substring(path.lastIndexOf('.')))
                && tree.glob(tree.spell(target.startsWith("/") ? target : directory(path) + "/" + target))
                        .contains(tree.spell(target.startsWith("/") ? target : directory(path) + "/" + target))
                && isSearched(tree, target.startsWith("/") ? target : directory(path) + "/" + target)) {
            // An alias of a unit that is an entry itself.
            return;
        }
        UnitText unit = UnitText.parse(text);
        String runs = String.join("; ", unit.values(COMMANDS));
        List<String> when = new ArrayList<>(unit.pairs(TIMES));
        when.addAll(unit.pairs(PATHS));
        when.addAll(unit.pairs(LISTENS));
        String as = unit.last("User");
        String started = unit.last("Unit");
        if (runs.isEmpty() && !kind.endsWith("_service")) {
            String name = FilePlaces.name(path);
            runs = started != null ? started : name.substring(0, name.lastIndexOf('.')) + ".service";
        }
        found.accept(Entry.ofFile(kind, FilePlaces.name(path), path, Entry.sha256(text))
                .runs(runs)
                .user(as != null ? as : user)
                .schedule(String.join(" ", when))
                .enabled(isEnabled(tree, path, unit)));
    }

    private static boolean isSearched(Tree tree, String path) {
        return directories(tree).containsKey(directory(tree.spell(path)));
    }

    private static String directory(String path) {
        return path.substring(0, Math.max(1, path.lastIndexOf('/')));
    }

    /**
     * Whether something starts it: a link in a wants or requires directory, or it needs none (it has no [Install] section and is
     * started by others).
     */
    private static boolean isEnabled(Tree tree, String path, UnitText unit) {
        if (!unit.hasSection("Install")) {
            return true;
        }
        String name = FilePlaces.name(path);
        String template = name.indexOf('@') > 0 ? name.substring(0, name.indexOf('@') + 1) : null;
        for (String directory : directories(tree).keySet()) {
            for (String inner : tree.names(directory)) {
                if (inner.endsWith(".wants") || inner.endsWith(".requires") || inner.endsWith(".upholds")) {
                    for (String link : tree.names(directory + "/" + inner)) {
                        if (link.equals(name) || (template != null && link.startsWith(template))) {
                            return true;
                        }
                    }
                } else {
                    String target = tree.link(directory + "/" + inner);
                    if (target != null
                            && !inner.equals(name)
                            && FilePlaces.name(target).equals(name)) {
                        return true; // an alias
                    }
                }
            }
        }
        return false;
    }

    /** Files that change units without standing in them. */
    static void dropIns(Tree tree, Consumer<Entry> found) {
        directories(tree).forEach((directory, user) -> {
            for (String name : tree.names(directory)) {
                if (!name.endsWith(".d")) {
                    continue;
                }
                for (String path : tree.files(directory + "/" + name)) {
                    String text = path.endsWith(".conf") ? tree.text(path) : null;
                    if (text != null) {
                        UnitText unit = UnitText.parse(text);
                        String as = unit.last("User");
                        found.accept(Entry.ofFile(
                                        "systemd_drop_in", name + "/" + FilePlaces.name(path), path, Entry.sha256(text))
                                .runs(String.join("; ", unit.values(COMMANDS)))
                                .user(as != null ? as : user)
                                .schedule(String.join(" ", unit.pairs(TIMES))));
                    }
                }
            }
        });
    }

    /** One unit file as key and value pairs. A value that is empty takes back those before it. */
    private static final class UnitText {
        private final Map<String, List<String>> values = new LinkedHashMap<>();
        private final List<String> sections = new ArrayList<>();

        static UnitText parse(String text) {
            UnitText unit = new UnitText();
            StringBuilder joined = new StringBuilder();
            for (String line : text.split("\n")) {
                String stripped = line.strip();
                if (stripped.startsWith("#") || stripped.startsWith(";")) {
                    continue;
                }
                if (stripped.endsWith("\\")) {
                    joined.append(stripped, 0, stripped.length() - 1).append(' ');
                    continue;
                }
                unit.take(joined.append(stripped).toString());
                joined.setLength(0);
            }
            return unit;
        }

        private void take(String line) {
            int equals = line.indexOf('=');
            if (line.startsWith("[") && line.endsWith("]")) {
                sections.add(line.substring(1, line.length() - 1));
            } else if (equals > 0) {
                String key = line.substring(0, equals).strip();
                String value = line.substring(equals + 1).strip();
                List<String> list = values.computeIfAbsent(key, _ -> new ArrayList<>());
                if (value.isEmpty()) {
                    list.clear();
                } else {
                    list.add(value);
                }
            }
        }

        boolean hasSection(String name) {
            return sections.contains(name);
        }

        List<String> values(List<String> keys) {
            List<String> all = new ArrayList<>();
            keys.forEach(key -> all.addAll(values.getOrDefault(key, List.of())));
            return all;
        }

        List<String> pairs(List<String> keys) {
            List<String> all = new ArrayList<>();
            keys.forEach(key -> values.getOrDefault(key, List.of()).forEach(value -> all.add(key + "=" + value)));
            return all;
        }

        @Nullable
        String last(String key) {
            List<String> list = values.getOrDefault(key, List.of());
            return list.isEmpty() ? null : list.getLast();
        }
    }
}
