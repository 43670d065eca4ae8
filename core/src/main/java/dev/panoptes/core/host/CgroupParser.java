package dev.panoptes.core.host;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code /proc/PID/cgroup} of both cgroup versions (cgroups(7)) to unit and container. Pure. */
final class CgroupParser {
    /** Engines name the group after the container's id, bare or within a scope such as {@code docker-ID.scope}. */
    private static final Pattern CONTAINER = Pattern.compile(
            "(?:docker|libpod|crio|cri-containerd|containerd|nerdctl|podman|buildkit)?-?([0-9a-f]{64})(?:\\.scope)?");
    /** Other kinds, named rather than numbered. */
    private static final Pattern NAMED =
            Pattern.compile("lxc\\.payload[./]([^/]+)|machine-([^/]+)\\.scope|lxc-([^/]+)\\.scope");

    private CgroupParser() {}

    /**
     * @param unit the innermost service or else scope; of a user's manager {@code user@UID.service/NAME}; null where none
     * @param container null where none
     */
    record Group(@Nullable String unit, @Nullable String container) {}

    static Group parse(String text) {
        @Nullable String unit = null;
        @Nullable String container = null;
        for (String line : text.lines().toList()) {
            String[] parts = line.split(":", 3);
            if (parts.length < 3) {
                continue;
            }
            // In version 1 most hierarchies hold everything in their root.
            if (parts[2].length() < 2) {
                continue;
            }
            List<String> path = List.of(parts[2].split("/"));
            if (container == null) {
                container = container(path);
            }
            // Version 2 has the one line with no controller; in version 1 systemd keeps a hierarchy of its own.
            if (unit == null && (parts[1].isEmpty() || parts[1].equals("name=systemd"))) {
                unit = unit(path);
            }
        }
        return new Group(container == null ? unit : null, container);
    }

    private static @Nullable String unit(List<String> path) {
        for (String suffix : List.of(".service", ".scope")) {
            for (String component : path.reversed()) {
                if (component.endsWith(suffix) && component.length() > suffix.length()) {
                    return ofManager(component, path);
                }
            }
        }
        return null;
    }

    /** A unit of a user's manager is another one than the system's of the same name. */
    private static String ofManager(String unit, List<String> path) {
        for (String component : path) {
            if (component.startsWith("user@") && component.endsWith(".service") && !component.equals(unit)) {
                return component + "/" + unit;
            }
        }
        return unit;
    }

    private static @Nullable String container(List<String> path) {
        for (int i = path.size() - 1; i >= 0; i--) {
            Matcher numbered = CONTAINER.matcher(path.get(i));
            if (numbered.matches()) {
                return numbered.group(1);
            }
            Matcher named = NAMED.matcher(path.get(i));
            if (named.matches()) {
                for (int group = 1; group <= named.groupCount(); group++) {
                    if (named.group(group) != null) {
                        return named.group(group);
                    }
                }
            }
            if (path.get(i).equals("lxc") && i + 1 < path.size()) {
                return path.get(i + 1);
            }
        }
        return null;
    }
}
