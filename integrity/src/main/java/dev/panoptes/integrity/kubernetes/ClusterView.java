package dev.panoptes.integrity.kubernetes;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces of a cluster that the registry names, as they were seen together.
 *
 * @param cluster what the cluster is called: a context of the kubeconfig, or {@code in-cluster}
 * @param namespaces by name
 */
public record ClusterView(String cluster, Map<String, Look> namespaces) {
    public ClusterView {
        namespaces = Map.copyOf(namespaces);
    }

    /** Of a cluster that could not be asked at all. */
    public static ClusterView unseen(String reason) {
        return new ClusterView("", Map.of("", new Look.Unseen(reason)));
    }

    public Look look(String namespace) {
        Look whole = namespaces.get("");
        return whole != null
                ? whole
                : namespaces.getOrDefault(
                        namespace, new Look.Unseen("The namespace " + namespace + " was not asked for"));
    }

    /** What is known of a namespace. */
    public sealed interface Look {
        record Seen(List<Service> services, List<Slice> slices, List<Deployment> deployments, List<Pod> pods)
                implements Look {
            public Seen {
                services = List.copyOf(services);
                slices = List.copyOf(slices);
                deployments = List.copyOf(deployments);
                pods = List.copyOf(pods);
            }
        }

        /** @param reason one sentence without a full stop */
        record Unseen(String reason) implements Look {}
    }

    /** An object of which only what a check needs is kept. */
    public sealed interface Kept {
        String name();
    }

    /**
     * A Service (core/v1).
     *
     * @param selector empty where somebody else writes its endpoints
     * @param direct true where its name leads to its pods and not to ports of its own ({@code clusterIP: None}, ExternalName)
     */
    public record Service(String name, Map<String, String> selector, boolean direct, List<Port> ports) implements Kept {
        public Service {
            selector = Map.copyOf(selector);
            ports = List.copyOf(ports);
        }

        public boolean selects(Map<String, String> labels) {
            return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
        }
    }

    /** @param name empty where it has none @param target where it leads, a number or a name; empty in a slice */
    public record Port(String name, int number, String protocol, String target) {}

    /**
     * An EndpointSlice (discovery.k8s.io/v1).
     *
     * @param service the Service that it belongs to; empty where it says none
     */
    public record Slice(String name, String service, List<Endpoint> endpoints, List<Port> ports) implements Kept {
        public Slice {
            endpoints = List.copyOf(endpoints);
            ports = List.copyOf(ports);
        }
    }

    /**
     * @param ready as the slice says; true where it does not say ({@code null} is to be taken as ready)
     * @param pod the pod behind it; null where there is none
     */
    public record Endpoint(
            String address, boolean ready, @Nullable String pod) {}

    /**
     * A Deployment (apps/v1).
     *
     * @param labels of its pods
     * @param wanted copies that it is to keep
     * @param settled true where its controller has seen the newest specification and every copy is of it
     * @param images of its containers, in order
     */
    public record Deployment(
            String name, Map<String, String> labels, int wanted, int ready, boolean settled, List<String> images)
            implements Kept {
        public Deployment {
            labels = Map.copyOf(labels);
            images = List.copyOf(images);
        }
    }

    /**
     * A pod (core/v1).
     *
     * @param phase such as {@code Running}
     * @param leaving true where it has been told to end
     */
    public record Pod(
            String name,
            Map<String, String> labels,
            String phase,
            boolean ready,
            boolean leaving,
            List<Running> containers)
            implements Kept {
        public Pod {
            labels = Map.copyOf(labels);
            containers = List.copyOf(containers);
        }
    }

    /**
     * A container of a pod.
     *
     * @param image as the pod's specification names it
     * @param digest of the image that runs, {@code sha256:...}; empty where the kubelet has not said it
     * @param waiting why it does not run, such as {@code CrashLoopBackOff}; empty where it does
     */
    public record Running(String name, String image, String digest, boolean ready, int restarts, String waiting) {}
}
