package dev.panoptes.integrity.observed;

import dev.panoptes.core.Tasks;
import dev.panoptes.core.Tasks.Outcome;
import dev.panoptes.core.host.Host;
import dev.panoptes.integrity.observed.Container.Inner;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The containers of a host, by the sockets of its engines.
 *
 * @param containers by name; of several engines all
 */
record ContainerObservation(List<Container> containers, Coverage coverage) {
    /** An engine that hangs must not hold up what else is looked at. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int MOST = 5_000;

    /** @param sockets where engines listen; those that are not there count as no engine */
    static ContainerObservation of(Host host, List<Path> sockets) throws InterruptedException {
        if (!host.isLive()) {
            return new ContainerObservation(List.of(), new Coverage.Absent("a captured tree has no container engine"));
        }
        List<Path> there = new ArrayList<>();
        for (Path socket : sockets) {
            // One engine under two names: /var/run is a link to /run.
            Path real = real(socket);
            if (real != null && !there.contains(real)) {
                there.add(real);
            }
        }
        if (there.isEmpty()) {
            return new ContainerObservation(List.of(), new Coverage.Absent("no container engine's socket was found"));
        }
        List<Container> containers = new ArrayList<>();
        String denied = null;
        List<Callable<List<Container>>> engines = new ArrayList<>();
        there.forEach(socket -> engines.add(() -> ask(host, socket)));
        List<Outcome<List<Container>>> outcomes = Tasks.runAll(engines, engines.size(), PATIENCE);
        for (int i = 0; i < outcomes.size(); i++) {
            switch (outcomes.get(i)) {
                case Outcome.Done<List<Container>>(List<Container> found) -> containers.addAll(found);
                case Outcome.Failed<List<Container>>(Throwable cause) -> denied = reason(there.get(i), cause, host);
                case Outcome.TimedOut<List<Container>>() ->
                    denied = "the container engine at " + there.get(i) + " did not answer within "
                            + PATIENCE.toSeconds() + " seconds";
            }
        }
        containers.sort(Comparator.comparing(Container::name).thenComparing(Container::id));
        return new ContainerObservation(
                containers, denied == null ? new Coverage.Complete() : new Coverage.Denied(denied));
    }

    static ContainerObservation unseen(String reason) {
        return new ContainerObservation(List.of(), new Coverage.Denied(reason));
    }

    private static @Nullable Path real(Path socket) {
        try {
            return socket.toRealPath();
        } catch (AccessDeniedException e) {
            // It is there and hidden: asking says so.
            return socket;
        } catch (IOException e) {
            return null;
        }
    }

    private static String reason(Path socket, Throwable cause, Host host) {
        if (cause instanceof IOException && Files.exists(socket) && !Files.isWritable(socket)) {
            return "the container engine's socket " + socket + " may not be opened by uid "
                    + host.observerUid().orElse(-1);
        }
        return "the container engine at " + socket + " could not be asked: " + cause.getMessage();
    }

    private static List<Container> ask(Host host, Path socket) throws IOException, InterruptedException {
        EngineSocket engine = new EngineSocket(socket);
        JsonNode listed = engine.get("/containers/json?all=1");
        if (!listed.isArray()) {
            throw new IOException("it does not list containers");
        }
        if (listed.size() > MOST) {
            throw new IOException("it has more than " + MOST + " containers");
        }
        List<Container> containers = new ArrayList<>();
        for (JsonNode each : listed) {
            String id = each.path("Id").isString() ? each.path("Id").asString() : "";
            if (!id.matches("[0-9a-f]{12,64}")) {
                throw new IOException("it lists a container without an id");
            }
            try {
                containers.add(withListeners(host, ContainerReader.read(engine.get("/containers/" + id + "/json"))));
            } catch (IOException e) {
                // Removed since it was listed: then the list is not asked again, for it may go on so for ever.
                if (!String.valueOf(e.getMessage()).contains("404")) {
                    throw e;
                }
            }
        }
        return containers;
    }

    /** What listens in the network of its first process. */
    private static Container withListeners(Host host, Container container) throws InterruptedException {
        if (container.pid() == 0) {
            return container;
        }
        try {
            return container.withListening(host.listeningInside(container.pid()).stream()
                    .map(socket -> new Inner(socket.address(), socket.port()))
                    .distinct()
                    .sorted(Comparator.comparingInt(Inner::port).thenComparing(Inner::address))
                    .toList());
        } catch (IOException e) {
            // Of another user, or gone: what listens there is not known.
            return container;
        }
    }
}
