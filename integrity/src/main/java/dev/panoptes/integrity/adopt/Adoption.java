package dev.panoptes.integrity.adopt;

import dev.panoptes.core.registry.Protocol;
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

/** Agents out of what listens on one host: one per TCP port. What it writes scans clean on that host. */
public final class Adoption {
    private Adoption() {}

    /**
     * What a port answered, and where.
     *
     * @param path of the answer that was taken
     */
    public record Answered(Protocol protocol, String path, ProbeAnswer answer) {}

    /** @param answers by port; a port that was not asked, or that answers no HTTP, has none */
    public static List<AdoptedAgent> of(List<Listener> listeners, Map<Integer, Answered> answers) {
        Map<Integer, List<Listener>> byPort = new TreeMap<>();
        for (Listener listener : listeners) {
            if (listener.protocol().equals("tcp")) {
                byPort.computeIfAbsent(listener.port(), _ -> new ArrayList<>()).add(listener);
            }
        }
        List<AdoptedAgent> agents = new ArrayList<>();
        byPort.forEach((port, group) -> agents.add(agent(port, group, answers.get(port))));
        return agents;
    }

    private static AdoptedAgent agent(int port, List<Listener> group, @Nullable Answered answered) {
        List<Owner> owners =
                group.stream().flatMap(listener -> listener.owners().stream()).toList();
        ProbeAnswer answer = answered == null ? null : answered.answer();
        String path = answered == null ? null : answered.path();
        String key = AdoptedAgent.key(name(owners, answer, port));
        String host = loopbackOnly(group) ? "localhost" : key;
        String exe = common(owners);
        String unit = unit(owners);
        if (answered != null && answered.protocol().tellsWhatItOffers() && answer instanceof ProbeAnswer.Healthy told) {
            boolean usual = answered.protocol() == Protocol.MCP
                    || answered.protocol() == Protocol.GRPC
                    || answered.path().equals(answered.protocol().endpoint());
            return new AdoptedAgent(
                    key,
                    told.identity(),
                    told.version(),
                    port,
                    "http",
                    host,
                    usual ? null : path,
                    false,
                    exe,
                    unit,
                    null,
                    null,
                    new AdoptedAgent.Spoken(answered.protocol(), told.offers() == null ? List.of() : told.offers()));
        }
        if (answer instanceof ProbeAnswer.Healthy healthy && (healthy.port() == null || healthy.port() == port)) {
            return new AdoptedAgent(
                    key,
                    healthy.identity(),
                    healthy.version(),
                    port,
                    "http",
                    host,
                    path,
                    healthy.identity() == null,
                    exe,
                    unit,
                    null,
                    null);
        }
        if (answer instanceof ProbeAnswer.Faulty(Integer status, String _, boolean _, long _)
                && status != null
                && status / 100 == 2) {
            return new AdoptedAgent(key, null, null, port, "http", host, path, true, exe, unit, null, null);
        }
        return new AdoptedAgent(
                key, null, null, port, "tcp", host, null, false, exe, unit, null, refusal(answer, port));
    }

    /** Why it is not declared as something that answers health requests; null where it does not speak HTTP. */
    private static @Nullable String refusal(@Nullable ProbeAnswer answer, int port) {
        return switch (answer) {
            case ProbeAnswer.Healthy healthy
            when healthy.port() != null -> "reports the port " + healthy.port() + ", but listens on " + port;
            case ProbeAnswer.Faulty(Integer status, String _, boolean _, long _)
            when status != null -> "speaks HTTP and answers health requests with " + status;
            case null, default -> null;
        };
    }

    private static String name(List<Owner> owners, @Nullable ProbeAnswer answer, int port) {
        if (answer instanceof ProbeAnswer.Healthy healthy && healthy.identity() != null) {
            String reported = AdoptedAgent.slug(healthy.identity());
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
                return AdoptedAgent.slug(unit.substring(0, unit.length() - ".service".length()));
            }
        }
        for (Owner owner : owners) {
            String script = owner.script();
            if (script != null) {
                String[] parts = script.split("/");
                String file = parts[parts.length - 1].replaceFirst("\\.[A-Za-z0-9]+$", "");
                boolean common = Set.of("main", "app", "server", "index", "run", "start", "__main__", "agent", "api")
                        .contains(file.toLowerCase(Locale.ROOT));
                String chosen = common && parts.length > 1
                        ? AdoptedAgent.slug(parts[parts.length - 2])
                        : AdoptedAgent.slug(file);
                if (!chosen.isEmpty()) {
                    return chosen;
                }
            }
        }
        for (Owner owner : owners) {
            if (owner.exe() != null) {
                String chosen =
                        AdoptedAgent.slug(owner.exe().substring(owner.exe().lastIndexOf('/') + 1));
                if (!chosen.isEmpty()) {
                    return chosen;
                }
            }
        }
        return "port-" + port;
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
}
