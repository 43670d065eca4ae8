package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.checks.ObservedView.Look;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DeployedPath;
import dev.panoptes.integrity.observed.Container;
import dev.panoptes.integrity.observed.Container.Compose;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The containers of the observed hosts beside the compose files that started them. */
final class ContainerView {
    private final World world;
    private final ObservedView observed;

    ContainerView(World world, ObservedView observed) {
        this.world = world;
        this.observed = observed;
    }

    /** Every project that was started from a file of the tree, in the order of hosts and files. */
    static List<Project> projects(World world) {
        // Most hosts have no containers: then nothing is prepared for them, in any of the checks that ask.
        return world.snapshots().stream()
                        .allMatch(snapshot -> snapshot.containers().isEmpty())
                ? List.of()
                : new ContainerView(world, ObservedView.of(world)).projects();
    }

    /**
     * A compose file of the tree, of which containers run on a host.
     *
     * @param containers of this project, without those of {@code compose run}
     */
    record Project(String host, Snapshot snapshot, ComposeFile file, List<Container> containers) {
        /** Its containers of one service. */
        List<Container> of(ComposeFile.Service service) {
            return containers.stream()
                    .filter(each ->
                            each.compose() != null && each.compose().service().equals(service.name()))
                    .toList();
        }

        Optional<ComposeFile.Service> service(Container container) {
            return serviceOf(file, container);
        }
    }

    private List<Project> projects() {
        List<Project> projects = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return projects;
        }
        for (Snapshot snapshot : world.snapshots()) {
            String host = snapshot.host().name();
            if (!(observed.look(host, Source.CONTAINERS) instanceof Look.Seen)) {
                continue;
            }
            Map<String, List<Container>> byFile = new LinkedHashMap<>();
            for (Container container : snapshot.containers()) {
                file(container).ifPresent(file -> {
                    if (container.compose() != null && !container.compose().oneOff()) {
                        byFile.computeIfAbsent(file.rootPath(), unused -> new ArrayList<>())
                                .add(container);
                    }
                });
            }
            for (ComposeFile file : declarations.composeFiles()) {
                List<Container> containers = byFile.get(file.rootPath());
                if (containers != null) {
                    projects.add(new Project(host, snapshot, file, containers));
                }
            }
        }
        return projects;
    }

    /** The compose file of the tree that the engine says the container was started from; empty where none is. */
    Optional<ComposeFile> file(Container container) {
        Declarations declarations = world.declarations();
        Compose compose = container.compose();
        if (declarations == null || compose == null) {
            return Optional.empty();
        }
        for (String path : compose.files()) {
            if (declarations.paths().locateHere(path)
                            instanceof DeployedPath.Below(String rootPath, boolean exists, boolean _)
                    && exists) {
                Optional<ComposeFile> file = declarations.composeFiles().stream()
                        .filter(each -> each.rootPath().equals(rootPath))
                        .findFirst();
                if (file.isPresent()) {
                    return file;
                }
            }
        }
        return Optional.empty();
    }

    /** The service of the tree that the container is one of; empty where none is. */
    Optional<ComposeFile.Service> service(Container container) {
        return file(container).flatMap(file -> serviceOf(file, container));
    }

    private static Optional<ComposeFile.Service> serviceOf(ComposeFile file, Container container) {
        Compose compose = container.compose();
        return file.services().stream()
                .filter(service -> compose != null && service.name().equals(compose.service()))
                .findFirst();
    }

    /** The running container with this id on a host; null where none is known. */
    @Nullable
    Container byId(String host, String id) {
        return running(host).stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    /** The running container to which a TCP port of the host leads; null where none or several do. */
    @Nullable
    Container byPort(String host, int port) {
        List<Container> published = running(host).stream()
                .filter(each -> each.published().stream()
                        .anyMatch(one -> one.port() == port && one.protocol().equals("tcp")))
                .toList();
        return published.size() == 1 ? published.getFirst() : null;
    }

    /** Why the containers of a host are not known; null where they are. */
    @Nullable
    String unseen(String host) {
        return observed.look(host, Source.CONTAINERS) instanceof Look.Unseen(String reason) ? reason : null;
    }

    private List<Container> running(String host) {
        return observed.look(host, Source.CONTAINERS) instanceof Look.Seen(Snapshot snapshot)
                ? snapshot.containers().stream().filter(Container::isRunning).toList()
                : List.of();
    }

    /** {@code container shop-web-1 (image shop/web:1.4)}. */
    static String words(Container container) {
        return "container " + container.name() + " (image " + container.image() + ")";
    }

    static Evidence evidence(Container container) {
        StringBuilder text = new StringBuilder(words(container));
        text.append(": ").append(container.state());
        if (!container.health().isEmpty()) {
            text.append(", ").append(container.health());
        }
        if (!container.isRunning()) {
            text.append(", exit code ").append(container.exitCode());
        }
        if (container.restarts() > 0) {
            text.append(", started again ").append(Words.count(container.restarts(), "time"));
        }
        container.published().stream()
                .map(port ->
                        ", " + port.address() + ":" + port.port() + "->" + port.containerPort() + "/" + port.protocol())
                .distinct()
                .forEach(text::append);
        if (container.compose() != null) {
            text.append(", compose service ").append(container.compose().service());
        }
        return Evidence.of("container", text.toString());
    }
}
