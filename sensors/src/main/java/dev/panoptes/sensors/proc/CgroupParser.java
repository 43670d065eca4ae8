package dev.panoptes.sensors.proc;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code /proc/PID/cgroup} (cgroups(7)). Pure. */
final class CgroupParser {
    private static final Pattern CONTAINER = Pattern.compile("(?:^|[^0-9a-f])([0-9a-f]{64})(?:[^0-9a-f]|$)");
    private static final String SERVICE = ".service";

    private CgroupParser() {}

    /** @param service innermost; null where none @param container 64 hex digits; null where none */
    record Group(@Nullable String service, @Nullable String container) {}

    static Group parse(String text) {
        String service = null;
        String container = null;
        for (String line : text.split("\n")) {
            String[] parts = line.split(":", 3);
            if (parts.length < 3) {
                continue;
            }
            Matcher matcher = CONTAINER.matcher(parts[2]);
            while (container == null && matcher.find()) {
                container = matcher.group(1);
            }
            // In version 1 systemd keeps a hierarchy of its own; version 2 has the one line without a controller.
            if (service == null && (parts[1].isEmpty() || parts[1].equals("name=systemd"))) {
                service = service(List.of(parts[2].split("/")));
            }
        }
        return new Group(service, container);
    }

    private static @Nullable String service(List<String> path) {
        for (String component : path.reversed()) {
            if (component.endsWith(SERVICE) && component.length() > SERVICE.length()) {
                return component;
            }
        }
        return null;
    }
}
