package dev.panoptes.integrity.observed;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The code that served an agent's port at one time, by which a later scan tells that it has changed.
 *
 * @param host as the registry names it, or {@code local}
 * @param agent its key
 * @param digests {@link Owner#codeDigest} of every process that held the port, sorted; never empty
 */
public record RunningCode(String host, String agent, List<String> digests) {
    public RunningCode {
        digests = digests.stream().sorted().distinct().toList();
        if (digests.isEmpty()) {
            throw new IllegalArgumentException("no code of " + agent + " is known");
        }
    }

    /** What ran on the declared ports of the host that this snapshot is of; agents whose code is not known are left out. */
    public static List<RunningCode> of(Registry registry, Snapshot snapshot) {
        Map<Integer, List<Listener>> byPort = new HashMap<>();
        for (Listener listener : snapshot.listeners()) {
            if (listener.protocol().equals("tcp")) {
                byPort.computeIfAbsent(listener.port(), unused -> new ArrayList<>())
                        .add(listener);
            }
        }
        String host = snapshot.host().name();
        List<RunningCode> code = new ArrayList<>();
        for (DeclaredAgent agent : registry.agents()) {
            if (registry.endpoint(agent) instanceof DeclaredEndpoint.At at
                    && registry.hostsOf(agent).contains(host)) {
                List<String> digests = digests(byPort.getOrDefault(at.port(), List.of()));
                if (!digests.isEmpty()) {
                    code.add(new RunningCode(host, agent.key(), digests));
                }
            }
        }
        return code;
    }

    private static List<String> digests(List<Listener> listeners) {
        return listeners.stream()
                .flatMap(listener -> listener.owners().stream())
                .map(Owner::codeDigest)
                .filter(Objects::nonNull)
                .toList();
    }
}
