package dev.panoptes.integrity.kubernetes;

import dev.panoptes.integrity.kubernetes.ClusterView.Deployment;
import dev.panoptes.integrity.kubernetes.ClusterView.Endpoint;
import dev.panoptes.integrity.kubernetes.ClusterView.Kept;
import dev.panoptes.integrity.kubernetes.ClusterView.Pod;
import dev.panoptes.integrity.kubernetes.ClusterView.Port;
import dev.panoptes.integrity.kubernetes.ClusterView.Running;
import dev.panoptes.integrity.kubernetes.ClusterView.Service;
import dev.panoptes.integrity.kubernetes.ClusterView.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The four resources that are looked at, and what of their objects is kept (Kubernetes API reference). Texts are cut and lists bounded:
 * whoever may write objects must not fill our memory.
 */
enum KeptObjects {
    SERVICES("/api/v1", "services") {
        @Override
        Kept read(String name, JsonNode object) {
            JsonNode spec = object.path("spec");
            List<Port> ports = new ArrayList<>();
            for (JsonNode each : limited(spec.path("ports"))) {
                JsonNode target = each.path("targetPort");
                ports.add(new Port(
                        text(each.path("name")),
                        each.path("port").asInt(0),
                        protocol(each),
                        target.isNumber() ? Integer.toString(target.asInt(0)) : text(target)));
            }
            boolean direct = text(spec.path("clusterIP")).equals("None")
                    || text(spec.path("type")).equals("ExternalName");
            return new Service(name, texts(spec.path("selector")), direct, ports);
        }
    },
    SLICES("/apis/discovery.k8s.io/v1", "endpointslices") {
        @Override
        Kept read(String name, JsonNode object) {
            List<Endpoint> endpoints = new ArrayList<>();
            for (JsonNode each : limited(object.path("endpoints"))) {
                JsonNode ready = each.path("conditions").path("ready");
                boolean pod = text(each.path("targetRef").path("kind")).equals("Pod");
                endpoints.add(new Endpoint(
                        text(each.path("addresses").path(0)),
                        ready.isMissingNode() || ready.isNull() || ready.asBoolean(false),
                        pod ? text(each.path("targetRef").path("name")) : null));
            }
            List<Port> ports = new ArrayList<>();
            for (JsonNode each : limited(object.path("ports"))) {
                ports.add(new Port(text(each.path("name")), each.path("port").asInt(0), protocol(each), ""));
            }
            String service = text(object.path("metadata").path("labels").path("kubernetes.io/service-name"));
            return new Slice(name, service, endpoints, ports);
        }
    },
    DEPLOYMENTS("/apis/apps/v1", "deployments") {
        @Override
        Kept read(String name, JsonNode object) {
            JsonNode spec = object.path("spec");
            JsonNode status = object.path("status");
            int wanted = spec.path("replicas").asInt(1);
            List<String> images = new ArrayList<>();
            for (JsonNode each : limited(spec.path("template").path("spec").path("containers"))) {
                images.add(text(each.path("image")));
            }
            boolean settled = status.path("observedGeneration").asLong(0)
                            >= object.path("metadata").path("generation").asLong(0)
                    && status.path("updatedReplicas").asInt(0) == wanted
                    && status.path("replicas").asInt(0) == wanted;
            return new Deployment(
                    name,
                    texts(spec.path("template").path("metadata").path("labels")),
                    wanted,
                    status.path("readyReplicas").asInt(0),
                    settled,
                    images);
        }
    },
    PODS("/api/v1", "pods") {
        @Override
        Kept read(String name, JsonNode object) {
            JsonNode status = object.path("status");
            Map<String, JsonNode> states = new HashMap<>();
            for (JsonNode each : limited(status.path("containerStatuses"))) {
                states.put(text(each.path("name")), each);
            }
            List<Running> containers = new ArrayList<>();
            for (JsonNode each : limited(object.path("spec").path("containers"))) {
                containers.add(running(text(each.path("name")), text(each.path("image")), states));
            }
            boolean ready = false;
            for (JsonNode each : limited(status.path("conditions"))) {
                ready = ready
                        || (text(each.path("type")).equals("Ready")
                                && text(each.path("status")).equals("True"));
            }
            JsonNode metadata = object.path("metadata");
            return new Pod(
                    name,
                    texts(metadata.path("labels")),
                    text(status.path("phase")),
                    ready,
                    !metadata.path("deletionTimestamp").isMissingNode(),
                    containers);
        }
    };

    private static final int LONGEST = 400;
    private static final int MOST = 1_000;

    private final String group;
    private final String plural;

    KeptObjects(String group, String plural) {
        this.group = group;
        this.plural = plural;
    }

    /** What of an object is kept. */
    abstract Kept read(String name, JsonNode object);

    /** The path of the collection in a namespace. */
    String path(String namespace) {
        return group + "/namespaces/" + namespace + "/" + plural;
    }

    /** As messages name it: {@code endpointslices.discovery.k8s.io}. */
    String plural() {
        return plural;
    }

    /** @return null where it is no object with a name */
    @Nullable
    Kept read(JsonNode object) {
        String name = text(object.path("metadata").path("name"));
        return name.isEmpty() ? null : read(name, object);
    }

    private static Running running(String name, String image, Map<String, JsonNode> states) {
        JsonNode state = states.get(name);
        if (state == null) {
            return new Running(name, image, "", false, 0, "");
        }
        String id = text(state.path("imageID"));
        int at = id.indexOf("sha256:");
        return new Running(
                name,
                image,
                at < 0 ? "" : id.substring(at),
                state.path("ready").asBoolean(false),
                state.path("restartCount").asInt(0),
                text(state.path("state").path("waiting").path("reason")));
    }

    private static String protocol(JsonNode port) {
        String protocol = text(port.path("protocol"));
        return protocol.isEmpty() ? "TCP" : protocol;
    }

    private static String text(JsonNode node) {
        String text = node.isString() ? node.asString("") : "";
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private static Map<String, String> texts(JsonNode node) {
        Map<String, String> texts = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            if (texts.size() < MOST) {
                texts.put(each.getKey(), text(each.getValue()));
            }
        }
        return texts;
    }

    private static List<JsonNode> limited(JsonNode list) {
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode each : list) {
            if (items.size() == MOST) {
                break;
            }
            items.add(each);
        }
        return items;
    }
}
