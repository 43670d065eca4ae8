package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Kubernetes manifests of a tree, by what is applied together: a folder of manifests, or a kustomization with all that it names. Sets
 * of different places may be alternatives, such as overlays, and are never held against each other.
 *
 * @param unread charts, templates and kustomizations of which what they render is not known
 */
public record Manifests(List<ManifestSet> sets, List<Unread> unread) {
    public static final Manifests NONE = new Manifests(List.of(), List.of());

    public Manifests {
        sets = List.copyOf(sets);
        unread = List.copyOf(unread);
    }

    /** @param place rootPath; @param reason a sentence without a full stop */
    public record Unread(String place, String reason) {}

    /**
     * What one command applies.
     *
     * @param place rootPath of the folder, or of the kustomization
     */
    public record ManifestSet(String place, List<Workload> workloads, List<Service> services, List<Ingress> ingresses) {
        public ManifestSet {
            workloads = List.copyOf(workloads);
            services = List.copyOf(services);
            ingresses = List.copyOf(ingresses);
        }
    }

    /**
     * Who an object is.
     *
     * @param kind as written: {@code Deployment}
     * @param namespace empty where whoever applies it chooses
     * @param open why it may be another when it is applied (a patch, a placeholder), a clause; null where it is as written
     */
    public record Identity(
            String kind,
            String namespace,
            String name,
            String file,
            int line,
            @Nullable String open) {
        /** How reports name it. */
        public String id() {
            return file + "#" + name;
        }

        /** True where both are in one namespace, or may be. */
        public boolean mayMeet(Identity other) {
            return namespace.equals(other.namespace) || namespace.isEmpty() || other.namespace.isEmpty();
        }

        public Evidence evidence() {
            return new Evidence("manifest", file, line, kind + " " + name);
        }
    }

    /**
     * Something that makes pods of one template.
     *
     * @param labels of its pods
     * @param hostNetwork true where its containers listen on the node itself
     * @param nodes what chooses its nodes, as text; empty where nothing does
     * @param ends true for a Job or CronJob, whose pods end
     * @param containers those that run at once: without init containers, with sidecars
     */
    public record Workload(
            Identity identity,
            Map<String, String> labels,
            boolean hostNetwork,
            String nodes,
            boolean ends,
            List<PodContainer> containers) {
        public Workload {
            labels = Map.copyOf(labels);
            containers = List.copyOf(containers);
        }

        public boolean isSelectedBy(Service service) {
            return !service.selector().isEmpty()
                    && labels.entrySet().containsAll(service.selector().entrySet())
                    && identity.mayMeet(service.identity());
        }
    }

    /**
     * A container of a pod.
     *
     * @param id how reports name it
     * @param image null where it is not said
     * @param doubt why its image may be another than the one of the tree that {@code runs} builds; null where not
     * @param runs the same as a compose service, which is what follows commands, images and code
     */
    public record PodContainer(
            String name,
            String id,
            int line,
            @Nullable String image,
            List<ContainerPort> ports,
            List<Probe> probes,
            @Nullable String doubt,
            ComposeFile.Service runs) {
        public PodContainer {
            ports = List.copyOf(ports);
            probes = List.copyOf(probes);
        }
    }

    /**
     * A port that a container says it opens (core/v1 ContainerPort), which opens nothing by itself.
     *
     * @param name empty where it has none
     * @param hostPort null where it has none
     * @param hostAddress of {@code hostIP}; empty for every address
     */
    public record ContainerPort(
            String name,
            PortValue number,
            String protocol,
            @Nullable PortValue hostPort,
            String hostAddress,
            Evidence evidence) {}

    /**
     * What the kubelet asks (core/v1 Probe): HTTP, TCP or gRPC on the pod itself.
     *
     * @param kind {@code readinessProbe} and so on
     * @param port as written: a number, or a name of a port of the same container
     * @param path of {@code httpGet}; empty for others, and where none is written
     */
    public record Probe(String kind, String port, String path, Evidence evidence) {}

    /**
     * A Service (core/v1).
     *
     * @param selector empty where somebody else writes its endpoints, or it is a name of another host's
     * @param direct true for one whose name leads to the pods themselves or elsewhere, not to ports of its own ({@code clusterIP: None},
     *     ExternalName)
     */
    public record Service(Identity identity, Map<String, String> selector, boolean direct, List<ServicePort> ports) {
        public Service {
            selector = Map.copyOf(selector);
            ports = List.copyOf(ports);
        }
    }

    /**
     * @param name empty where it has none
     * @param target as written: a number or the name of a container's port; the port itself where absent
     * @param nodePort null where the cluster picks one or none is wanted
     */
    public record ServicePort(
            String name,
            PortValue port,
            String target,
            String protocol,
            @Nullable PortValue nodePort,
            Evidence evidence) {}

    /** An Ingress (networking.k8s.io) with the Services that it leads to. */
    public record Ingress(Identity identity, List<Backend> backends) {
        public Ingress {
            backends = List.copyOf(backends);
        }
    }

    /** @param port as written: a number or a name of the Service's */
    public record Backend(String service, String port, Evidence evidence) {}
}
