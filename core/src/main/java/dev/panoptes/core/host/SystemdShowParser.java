package dev.panoptes.core.host;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Parses the output of {@code systemctl show} (systemctl(1)): one {@code Name=value} a line, an empty line between units.
 * Older versions leave properties out that they do not know.
 */
final class SystemdShowParser {
    /** The properties that are asked for. */
    static final List<String> PROPERTIES = List.of(
            "Id",
            "Names",
            "LoadState",
            "ActiveState",
            "SubState",
            "UnitFileState",
            "Type",
            "NRestarts",
            "MainPID",
            "ActiveEnterTimestampMonotonic",
            "Result",
            "TriggeredBy",
            "WantedBy",
            "RequiredBy",
            "WorkingDirectory",
            "FragmentPath",
            "ExecStart",
            "DropInPaths",
            "NeedDaemonReload");

    /** {@code { path=/bin/x ; argv[]=/bin/x --y ; ignore_errors=no ; ... }}. */
    private static final Pattern ARGUMENTS = Pattern.compile("argv\\[\\]=(.*?) ; (?:ignore_errors|flags|start_time)=");

    private SystemdShowParser() {}

    /** In order of appearance; a unit that was asked for under several names is there once. */
    static List<HostUnit> parse(String output) {
        Map<String, HostUnit> units = new LinkedHashMap<>();
        Map<String, String> properties = new HashMap<>();
        for (String line : output.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (line.isBlank()) {
                add(properties, units);
                properties.clear();
            } else if (equals > 0) {
                // Of a service with several commands each has a line of its own.
                properties.merge(
                        line.substring(0, equals), line.substring(equals + 1).strip(), (a, b) -> a + "\n" + b);
            }
        }
        add(properties, units);
        return List.copyOf(units.values());
    }

    private static void add(Map<String, String> properties, Map<String, HostUnit> units) {
        String id = properties.getOrDefault("Id", "");
        if (id.isEmpty()) {
            return;
        }
        List<String> wantedBy = new ArrayList<>(words(properties, "WantedBy"));
        wantedBy.addAll(words(properties, "RequiredBy"));
        String workingDirectory = properties.getOrDefault("WorkingDirectory", "");
        units.putIfAbsent(
                id,
                new HostUnit(
                        id,
                        words(properties, "Names"),
                        properties.getOrDefault("LoadState", ""),
                        properties.getOrDefault("ActiveState", ""),
                        properties.getOrDefault("SubState", ""),
                        properties.getOrDefault("UnitFileState", ""),
                        properties.getOrDefault("Type", ""),
                        (int) number(properties, "NRestarts"),
                        (int) number(properties, "MainPID"),
                        number(properties, "ActiveEnterTimestampMonotonic"),
                        properties.getOrDefault("Result", ""),
                        words(properties, "TriggeredBy"),
                        wantedBy,
                        // "!" marks a directory that may be missing.
                        workingDirectory.startsWith("!") ? workingDirectory.substring(1) : workingDirectory,
                        properties.getOrDefault("FragmentPath", ""),
                        commands(properties.getOrDefault("ExecStart", "")),
                        words(properties, "DropInPaths"),
                        properties.getOrDefault("NeedDaemonReload", "").equals("yes"),
                        null));
    }

    private static List<String> commands(String shown) {
        return ARGUMENTS.matcher(shown).results().map(found -> found.group(1)).toList();
    }

    private static List<String> words(Map<String, String> properties, String name) {
        String value = properties.getOrDefault(name, "");
        return value.isEmpty() ? List.of() : List.of(value.split("\\s+"));
    }

    /** 0 for what is absent or no number; too large a number becomes the largest. */
    private static long number(Map<String, String> properties, String name) {
        String value = properties.getOrDefault(name, "");
        if (value.isEmpty() || value.length() > 18 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        long number = Long.parseLong(value);
        boolean isInt = name.equals("NRestarts") || name.equals("MainPID");
        return isInt ? Math.min(number, Integer.MAX_VALUE) : number;
    }
}
