package dev.panoptes.cli.commands;

import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.core.registry.Protocol;
import dev.panoptes.integrity.adopt.Adoption;
import dev.panoptes.integrity.observed.LocalObserver;
import dev.panoptes.integrity.observed.ObserveRequest;
import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.observed.ProbeTarget;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds out what the ports of this host answer, by requests that change nothing. */
final class AskedPorts {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
    private static final int CONCURRENCY = 64;
    private static final int FIRST_UNPRIVILEGED_PORT = 1024;
    /** Where health answers usually are, the likeliest first. */
    private static final List<String> PATHS =
            List.of("/health", "/healthz", "/api/health", "/status", "/ready", "/readyz", "/actuator/health", "/");

    private static final String MCP_ENDPOINT = "/mcp";
    /** Bad Request, Method Not Allowed, Not Acceptable (RFC 9110). */
    private static final Set<Integer> REFUSES_GET = Set.of(400, 405, 406);

    private final LocalObserver observer;
    private final Map<Integer, String> addresses;

    AskedPorts(LocalObserver observer, List<Listener> listeners) {
        this.observer = observer;
        this.addresses = addresses(listeners);
    }

    /** Asks every port at the usual paths, until one answers as a health endpoint does; the first answer by HTTP is kept otherwise. */
    Map<Integer, Adoption.Answered> answers() throws InterruptedException {
        Map<Integer, Adoption.Answered> answers = new HashMap<>();
        Map<Integer, String> left = new HashMap<>(addresses);
        List<Integer> newer = new ArrayList<>();
        for (String path : PATHS) {
            if (left.isEmpty()) {
                break;
            }
            List<ProbeTarget> targets = new ArrayList<>();
            left.forEach((port, address) -> targets.add(target(Protocol.HTTP, port, address, path)));
            probes(targets).forEach(probe -> {
                Adoption.Answered answered = new Adoption.Answered(Protocol.HTTP, path, probe.answer());
                switch (probe.answer()) {
                    case ProbeAnswer.Healthy _ -> {
                        answers.put(probe.port(), answered);
                        left.remove(probe.port());
                    }
                    case ProbeAnswer.Faulty(Integer status, String _, boolean _, long _)
                    when status != null -> {
                        // A page with 2xx is better than a refusal at another path.
                        Adoption.Answered before = answers.get(probe.port());
                        if (before == null || (status / 100 == 2 && !answers2xx(before))) {
                            answers.put(probe.port(), answered);
                        }
                    }
                    case ProbeAnswer.Faulty faulty
                    when faulty.speaksHttp2() -> {
                        newer.add(probe.port());
                        left.remove(probe.port());
                    }
                    default -> left.remove(probe.port());
                }
            });
        }
        spoken(Protocol.GRPC, "/", newer, answers);
        spoken(Protocol.A2A, Protocol.A2A.endpoint(), unspoken(answers), answers);
        // A server of MCP refuses a GET that asks for no stream; nobody else is sent a message.
        List<Integer> refusing = new ArrayList<>();
        for (Snapshot.Probe probe : probes(targets(Protocol.HTTP, MCP_ENDPOINT, unspoken(answers)))) {
            if (probe.answer() instanceof ProbeAnswer.Faulty(Integer status, String _, boolean _, long _)
                    && status != null
                    && REFUSES_GET.contains(status)) {
                refusing.add(probe.port());
            }
        }
        spoken(Protocol.MCP, MCP_ENDPOINT, refusing, answers);
        return answers;
    }

    /** What speaks HTTP and answers no health request. */
    private static List<Integer> unspoken(Map<Integer, Adoption.Answered> answers) {
        return answers.entrySet().stream()
                .filter(entry -> entry.getValue().answer() instanceof ProbeAnswer.Faulty)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Asks whether these ports speak this protocol, and takes the answers of those that do. */
    private void spoken(Protocol protocol, String path, List<Integer> ports, Map<Integer, Adoption.Answered> answers)
            throws InterruptedException {
        for (Snapshot.Probe probe : probes(targets(protocol, path, ports))) {
            if (probe.answer() instanceof ProbeAnswer.Healthy) {
                answers.put(probe.port(), new Adoption.Answered(protocol, path, probe.answer()));
            }
        }
    }

    private List<ProbeTarget> targets(Protocol protocol, String path, List<Integer> ports) {
        List<ProbeTarget> targets = new ArrayList<>();
        for (int port : ports) {
            if (addresses.get(port) instanceof String address) {
                targets.add(target(protocol, port, address, path));
            }
        }
        return targets;
    }

    private List<Snapshot.Probe> probes(List<ProbeTarget> targets) throws InterruptedException {
        return targets.isEmpty()
                ? List.of()
                : observer.observe(new ObserveRequest(DeclaredHost.LOCAL, targets, CONCURRENCY, DEADLINE))
                        .probes();
    }

    private static boolean answers2xx(Adoption.Answered answered) {
        return answered.answer() instanceof ProbeAnswer.Faulty(Integer status, String _, boolean _, long _)
                && status != null
                && status / 100 == 2;
    }

    /** One address of each unprivileged port; below 1024 live old protocols that a request might upset. */
    private static Map<Integer, String> addresses(List<Listener> listeners) {
        Map<Integer, String> addresses = new HashMap<>();
        Set<Integer> seen = new HashSet<>();
        for (Listener listener : listeners) {
            int port = listener.port();
            if (listener.protocol().equals("tcp") && port >= FIRST_UNPRIVILEGED_PORT && seen.add(port)) {
                addresses.put(
                        port,
                        switch (listener.address()) {
                            case "0.0.0.0", "*" -> "127.0.0.1";
                            case "::" -> "::1";
                            default -> listener.address();
                        });
            }
        }
        return addresses;
    }

    private static ProbeTarget target(Protocol protocol, int port, String address, String path) {
        return new ProbeTarget(
                "port-" + port,
                protocol,
                "http",
                "localhost:" + port,
                "localhost",
                port,
                path,
                new ProbeTarget.Destination.Addresses(List.of(address)),
                PROBE_TIMEOUT);
    }
}
