package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.KubernetesService;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.kubernetes.ClusterView;
import dev.panoptes.integrity.kubernetes.ClusterView.Deployment;
import dev.panoptes.integrity.kubernetes.ClusterView.Endpoint;
import dev.panoptes.integrity.kubernetes.ClusterView.Look;
import dev.panoptes.integrity.kubernetes.ClusterView.Pod;
import dev.panoptes.integrity.kubernetes.ClusterView.Running;
import dev.panoptes.integrity.kubernetes.ClusterView.Service;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * An agent beside the Service that the registry says it runs behind, as the cluster has it.
 *
 * @param named what the registry names
 */
record BehindService(
        DeclaredAgent agent, KubernetesService named, String cluster, Look.Seen namespace, Service service) {
    private static final int MOST_PODS = 5;

    /** What is known of an agent that names a Service. */
    sealed interface Found {
        record There(BehindService behind) implements Found {}

        /** The namespace could be read, and the Service is not in it. */
        record Missing(DeclaredAgent agent, KubernetesService named, String cluster, Look.Seen namespace)
                implements Found {}

        record Unseen(CheckResult.Unknown unknown) implements Found {}
    }

    /** Every agent that is to run and names a Service; none where no cluster is to be asked. */
    static List<Found> all(World world) {
        List<Found> all = new ArrayList<>();
        ClusterView cluster = world.cluster();
        for (DeclaredAgent agent : world.registry().agents()) {
            KubernetesService named = agent.kubernetes();
            if (cluster != null && named != null) {
                all.add(
                        switch (cluster.look(named.namespace())) {
                            case Look.Unseen(String reason) ->
                                new Found.Unseen(new CheckResult.Unknown(agent.key(), reason));
                            case Look.Seen seen -> find(agent, named, cluster.cluster(), seen);
                        });
            }
        }
        return all;
    }

    /** What a check says of every agent behind a Service that is there; {@code cluster-service-missing} tells of the others. */
    static List<CheckResult> judged(World world, BiConsumer<BehindService, List<CheckResult>> check) {
        List<CheckResult> results = new ArrayList<>();
        for (Found found : all(world)) {
            switch (found) {
                case Found.There(BehindService behind) -> check.accept(behind, results);
                case Found.Unseen(CheckResult.Unknown unknown) -> results.add(unknown);
                case Found.Missing missing -> {}
            }
        }
        return results;
    }

    private static Found find(DeclaredAgent agent, KubernetesService named, String cluster, Look.Seen seen) {
        return seen.services().stream()
                .filter(service -> service.name().equals(named.service()))
                .findFirst()
                .<Found>map(service -> new Found.There(new BehindService(agent, named, cluster, seen, service)))
                .orElse(new Found.Missing(agent, named, cluster, seen));
    }

    /** Addresses behind the Service that take requests. */
    Set<String> ready() {
        Set<String> addresses = new TreeSet<>();
        endpoints().stream().filter(Endpoint::ready).map(Endpoint::address).forEach(addresses::add);
        return addresses;
    }

    List<Endpoint> endpoints() {
        return namespace.slices().stream()
                .filter(slice -> slice.service().equals(service.name()))
                .flatMap(slice -> slice.endpoints().stream())
                .toList();
    }

    /** Pods that the Service selects and that are not told to end. */
    List<Pod> pods() {
        return namespace.pods().stream()
                .filter(pod -> service.selects(pod.labels()) && !pod.leaving())
                .toList();
    }

    List<Deployment> deployments() {
        return namespace.deployments().stream()
                .filter(deployment -> service.selects(deployment.labels()))
                .toList();
    }

    /** A failure about the agent, with the Service and pods of it as evidence. */
    Failure.Builder failure() {
        Failure.Builder failure = Failure.of(agent.key())
                .affected(agent.key(), named.id())
                .evidence(Evidence.of("cluster", words(service)));
        pods().stream().limit(MOST_PODS).forEach(pod -> failure.evidence(Evidence.of("cluster", words(pod))));
        return failure;
    }

    private String words(Service each) {
        StringBuilder text = new StringBuilder("service " + named.id() + " of " + cluster + ":");
        each.ports()
                .forEach(port ->
                        text.append(' ').append(port.number()).append("->").append(port.target()));
        return text + ", " + ready().size() + " of " + endpoints().size() + " endpoints ready";
    }

    private static String words(Pod pod) {
        StringBuilder text =
                new StringBuilder("pod " + pod.name() + ": " + pod.phase() + (pod.ready() ? ", ready" : ", not ready"));
        for (Running container : pod.containers()) {
            text.append("; ").append(container.name()).append(' ').append(container.image());
            if (!container.digest().isEmpty()) {
                text.append(' ').append(shortened(container.digest()));
            }
            if (!container.waiting().isEmpty()) {
                text.append(", ").append(container.waiting());
            }
            if (container.restarts() > 0) {
                text.append(", started again ").append(Words.count(container.restarts(), "time"));
            }
        }
        return text.toString();
    }

    /** {@code sha256:0123456789ab}. */
    static String shortened(String digest) {
        return digest.length() <= 19 ? digest : digest.substring(0, 19);
    }
}
