package dev.panoptes.integrity.adopt;

import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A registry that explains the TCP listeners of a host: one agent per port, named after what runs there. It declares only
 * what was seen, so a scan with it right afterwards has nothing to accuse; its owners then give the agents better names.
 *
 * @param yaml the registry
 * @param listeners how many TCP listeners there are
 * @param explained how many of them the registry explains: those whose port it declares
 */
public record Adoption(String yaml, int listeners, int explained) {

    /**
     * @param listeners the host's listening sockets; UDP ones are left out, for a registry declares TCP
     * @param answers what ports answered to a health request, by port; ports that were not asked are absent
     */
    public static Adoption of(String hostName, List<Listener> listeners, Map<Integer, ProbeAnswer> answers) {
        Map<Integer, List<Listener>> byPort = new TreeMap<>();
        for (Listener listener : listeners) {
            if (listener.protocol().equals("tcp")) {
                byPort.computeIfAbsent(listener.port(), _ -> new ArrayList<>()).add(listener);
            }
        }
        StringBuilder yaml = new StringBuilder("# What listens on " + oneLine(hostName) + ", one agent per TCP port.\n"
                + "# Give the agents their real names, add what they can do, and keep this file in Git.\n"
                + "# tcp:// says that the port answers no HTTP health request; such an agent is not probed.\n"
                + "version: '1'\n\nagents:" + (byPort.isEmpty() ? " {}" : "") + "\n");
        Set<String> keys = new HashSet<>();
        byPort.forEach((port, group) -> yaml.append(entry(port, group, answers.get(port), keys)));
        int count = byPort.values().stream().mapToInt(List::size).sum();
        return new Adoption(yaml.toString(), count, count);
    }

    private static String entry(int port, List<Listener> group, @Nullable ProbeAnswer answer, Set<String> keys) {
        List<Owner> owners =
                group.stream().flatMap(listener -> listener.owners().stream()).toList();
        String key = unique(name(owners, answer, port), port, keys);
        ProbeAnswer.Healthy healthy = usable(answer, port);
        StringBuilder text = new StringBuilder();
        text.append("  ").append(key).append(":\n");
        if (healthy != null && healthy.identity() != null) {
            text.append("    name: ").append(quoted(healthy.identity())).append('\n');
        }
        if (healthy != null && healthy.version() != null) {
            text.append("    version: ").append(quoted(healthy.version())).append('\n');
        }
        String scheme = healthy == null ? "tcp" : "http";
        String host = loopbackOnly(group) ? "localhost" : key;
        text.append("    connection:\n      url: ")
                .append(quoted(scheme + "://" + host + ":" + port))
                .append('\n');
        if (healthy != null) {
            text.append(
                    "      health_endpoint: /health\n    actions:\n      health: {endpoint: /health, method: GET}\n");
        }
        String exe = common(owners);
        if (exe != null) {
            text.append("    exe: ").append(quoted(exe)).append('\n');
        }
        String unit = unit(owners);
        if (unit != null) {
            text.append("    unit: ").append(quoted(unit)).append('\n');
        }
        return text.toString();
    }

    /** A health answer that can be declared without the next scan accusing it. */
    private static ProbeAnswer.@Nullable Healthy usable(@Nullable ProbeAnswer answer, int port) {
        return answer instanceof ProbeAnswer.Healthy healthy && (healthy.port() == null || healthy.port() == port)
                ? healthy
                : null;
    }

    private static String name(List<Owner> owners, @Nullable ProbeAnswer answer, int port) {
        if (answer instanceof ProbeAnswer.Healthy healthy && healthy.identity() != null) {
            String reported = slug(healthy.identity());
            if (!reported.isEmpty()) {
                return reported;
            }
        }
        for (Owner owner : owners) {
            String unit = owner.unit();
            if (unit != null
                    && unit.endsWith(".service")
                    && !unit.startsWith("session-")
                    && !unit.startsWith("user@")) {
                return slug(unit.substring(0, unit.length() - ".service".length()));
            }
        }
        for (Owner owner : owners) {
            String script = owner.script();
            if (script != null) {
                String[] parts = script.split("/");
                String file = parts[parts.length - 1].replaceFirst("\\.[A-Za-z0-9]+$", "");
                boolean common = Set.of("main", "app", "server", "index", "run", "start", "__main__", "agent", "api")
                        .contains(file.toLowerCase(Locale.ROOT));
                String chosen = common && parts.length > 1 ? slug(parts[parts.length - 2]) : slug(file);
                if (!chosen.isEmpty()) {
                    return chosen;
                }
            }
        }
        for (Owner owner : owners) {
            if (owner.exe() != null) {
                String chosen = slug(owner.exe().substring(owner.exe().lastIndexOf('/') + 1));
                if (!chosen.isEmpty()) {
                    return chosen;
                }
            }
        }
        return "port-" + port;
    }

    private static String unique(String wanted, int port, Set<String> keys) {
        String start = wanted.isEmpty() || Character.isDigit(wanted.charAt(0)) ? "agent-" + wanted : wanted;
        String key = keys.add(start) ? start : start + "-" + port;
        keys.add(key);
        return key;
    }

    private static boolean loopbackOnly(List<Listener> group) {
        return group.stream().allMatch(listener -> {
            try {
                return InetAddress.ofLiteral(listener.address()).isLoopbackAddress();
            } catch (IllegalArgumentException e) {
                // An address we cannot read is not known to be loopback.
                return false;
            }
        });
    }

    private static @Nullable String common(List<Owner> owners) {
        Set<String> exes = new HashSet<>();
        for (Owner owner : owners) {
            if (owner.exe() == null || owner.exe().endsWith(" (deleted)")) {
                return null;
            }
            exes.add(owner.exe());
        }
        return exes.size() == 1 ? exes.iterator().next() : null;
    }

    private static @Nullable String unit(List<Owner> owners) {
        Set<String> units = new HashSet<>();
        for (Owner owner : owners) {
            if (owner.unit() == null
                    || !owner.unit().endsWith(".service")
                    || owner.unit().startsWith("user@")) {
                return null;
            }
            units.add(owner.unit());
        }
        return units.size() == 1 ? units.iterator().next() : null;
    }

    private static String slug(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    /** A YAML single-quoted scalar on one line (YAML 1.2.2, section 7.3.2). */
    private static String quoted(String text) {
        return "'" + oneLine(text).replace("'", "''") + "'";
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
