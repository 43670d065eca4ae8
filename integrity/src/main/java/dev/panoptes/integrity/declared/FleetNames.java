package dev.panoptes.integrity.declared;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.Registry;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** What the services, containers and agents of a fleet are known by in its own networks. */
final class FleetNames {
    private FleetNames() {}

    /** True for one of them, in lower case. */
    static Predicate<String> of(
            List<ComposeFile> composeFiles, WorkloadReader.Read workloads, Manifests manifests, Registry registry) {
        Set<String> names = new HashSet<>();
        for (ComposeFile file : composeFiles) {
            file.services().forEach(service -> add(service, names));
        }
        for (Workload workload : workloads.workloads()) {
            workload.containers().forEach(container -> add(container, names));
        }
        for (Manifests.ManifestSet set : manifests.sets()) {
            for (Manifests.Service service : set.services()) {
                PodLaunches.names(service).forEach(name -> add(name, names));
            }
        }
        for (DeclaredAgent agent : registry.declared()) {
            if (registry.endpoint(agent) instanceof DeclaredEndpoint.At at && !at.isLoopback()) {
                add(at.address(), names);
            }
            add(agent.key(), names);
        }
        return names::contains;
    }

    private static void add(ComposeFile.Service service, Set<String> names) {
        add(service.name(), names);
        service.details().names().forEach(name -> add(name, names));
    }

    private static void add(String name, Set<String> names) {
        names.add(name.toLowerCase(Locale.ROOT));
    }
}
