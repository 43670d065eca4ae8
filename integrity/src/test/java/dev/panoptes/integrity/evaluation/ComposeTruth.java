package dev.panoptes.integrity.evaluation;

import dev.panoptes.integrity.evaluation.Fleet.Agent;
import dev.panoptes.integrity.evaluation.Fleet.Compose;
import dev.panoptes.integrity.evaluation.Fleet.Dir;
import dev.panoptes.integrity.evaluation.Fleet.Published;
import dev.panoptes.integrity.evaluation.Fleet.Service;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with compose files and Dockerfiles. */
final class ComposeTruth {
    private final Fleet fleet;
    private final List<Label> labels = new ArrayList<>();

    private ComposeTruth(Fleet fleet) {
        this.fleet = fleet;
    }

    static List<Label> of(Fleet fleet) {
        ComposeTruth truth = new ComposeTruth(fleet);
        for (Dir dir : fleet.dirs) {
            if (dir.docker != null && dir.docker.module() != null && !dir.docker.moduleThere()) {
                truth.labels.add(
                        Label.of("dockerfile-missing-module", fleet.agentsPath + "/" + dir.name + "/Dockerfile"));
            }
        }
        truth.conflicts();
        for (Compose file : fleet.composeFiles) {
            file.services().forEach(service -> truth.service(file, service));
        }
        return truth.labels;
    }

    private record Bound(Compose file, Service service, Published port) {
        String id() {
            return file.path() + "#" + service.name;
        }
    }

    private void conflicts() {
        List<Bound> all = new ArrayList<>();
        for (Compose file : fleet.composeFiles) {
            for (Service service : file.services()) {
                service.ports.forEach(port -> all.add(new Bound(file, service, port)));
            }
        }
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                Bound a = all.get(i);
                Bound b = all.get(j);
                if (!meet(a.port(), b.port())) {
                    continue;
                }
                boolean sameFile = a.file().equals(b.file());
                boolean disjoint = a.service().profile != null
                        && b.service().profile != null
                        && !a.service().profile.equals(b.service().profile);
                if (sameFile && !disjoint) {
                    labels.add(Label.of("compose-host-port-conflict", a.id(), b.id()));
                } else if (!sameFile
                        && !a.service().name.equals(b.service().name)
                        && !Truth.withKey(a.service().name, fleet).isEmpty()
                        && !Truth.withKey(b.service().name, fleet).isEmpty()) {
                    // services that nobody declares may be alternatives: nothing says that both run
                    labels.add(Label.of("compose-cross-file-port-conflict", a.id(), b.id()));
                }
            }
        }
    }

    private static boolean meet(Published a, Published b) {
        return a.host() == b.host()
                && a.protocol().equals(b.protocol())
                && (a.address().isEmpty()
                        || b.address().isEmpty()
                        || a.address().equals(b.address()));
    }

    private void service(Compose file, Service service) {
        String id = file.path() + "#" + service.name;
        if (!service.contextThere) {
            labels.add(Label.of("compose-missing-context", id));
            labels.add(Label.of("compose-missing-dockerfile", id).open());
            return;
        }
        if (!service.dockerfileThere) {
            labels.add(Label.of("compose-missing-dockerfile", id));
        }
        List<Agent> linked = Truth.withKey(service.name, fleet);
        for (Agent agent : linked) {
            if (agent.port != null
                    && !service.ports.isEmpty()
                    && service.ports.stream().noneMatch(port -> port.host() == agent.port)) {
                Label label = Label.of("port-mismatch-registry-compose", agent.key);
                // its own port is the container's where callers name the service
                boolean own = service.ports.stream().anyMatch(port -> port.container() == agent.port);
                labels.add(linked.size() > 1 || own ? label.open() : label);
            }
        }
        List<Integer> listens = listens(service);
        if (listens.isEmpty()) {
            return;
        }
        if (service.ports.stream().anyMatch(port -> !listens.contains(port.container()))) {
            labels.add(Label.of("port-mismatch-compose-container", id));
        }
        if (service.health != null && !listens.contains(service.health)) {
            labels.add(Label.of("port-mismatch-compose-healthcheck", id));
        }
    }

    /** {@code command}, else the Dockerfile's CMD, else the code of the build context. */
    private List<Integer> listens(Service service) {
        if (service.commandPort != null) {
            return List.of(service.commandPort);
        }
        if (service.builds == null) {
            return List.of();
        }
        Dir dir = fleet.dir(service.builds);
        if (dir.docker != null && dir.docker.port() != null) {
            return List.of(dir.docker.port());
        }
        String set = service.environment.get("PORT");
        if (set != null && "PORT".equals(dir.entry().variable())) {
            return List.of(Integer.parseInt(set));
        }
        return dir.programs.stream()
                .flatMap(program -> program.ports().stream())
                .toList();
    }
}
