package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.Manifests.ContainerPort;
import dev.panoptes.integrity.declared.Manifests.Identity;
import dev.panoptes.integrity.declared.Manifests.PodContainer;
import dev.panoptes.integrity.declared.Manifests.Probe;
import dev.panoptes.integrity.declared.Manifests.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what makes pods: workload resources and their pod template (Kubernetes API reference, "Workload Resources"). */
final class PodReader {
    /** By the group of their apiVersion; with those of Argo Rollouts, OpenShift and OpenKruise, whose templates are the same. */
    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("Deployment", "apps"),
            Map.entry("StatefulSet", "apps"),
            Map.entry("DaemonSet", "apps"),
            Map.entry("ReplicaSet", "apps"),
            Map.entry("ReplicationController", ""),
            Map.entry("Pod", ""),
            Map.entry("Job", "batch"),
            Map.entry("CronJob", "batch"),
            Map.entry("Rollout", "argoproj.io"),
            Map.entry("DeploymentConfig", "apps.openshift.io"),
            Map.entry("CloneSet", "apps.kruise.io"));

    private static final List<String> PROBES = List.of("startupProbe", "readinessProbe", "livenessProbe");

    private final PodEnvironment environment;
    private final PodImages images;

    PodReader(PodEnvironment environment, PodImages images) {
        this.environment = environment;
        this.images = images;
    }

    /** True for an object that makes pods. */
    static boolean isWorkload(String kind, String group) {
        String wanted = KINDS.get(kind);
        return wanted != null && (wanted.equals(group) || (wanted.equals("apps") && group.equals("extensions")));
    }

    /** @return null where it holds no pod template, which the API server refuses */
    @Nullable
    Workload read(Identity identity, YamlNode.Fields object) {
        String[] path = switch (identity.kind()) {
            case "Pod" -> new String[0];
            case "CronJob" -> new String[] {"spec", "jobTemplate", "spec", "template"};
            default -> new String[] {"spec", "template"};
        };
        YamlNode.Fields pod = ManifestYaml.fields(object, path);
        YamlNode.Fields spec = ManifestYaml.fields(pod, "spec");
        if (spec == null) {
            return null;
        }
        boolean hostNetwork = ManifestYaml.isTrue(spec, "hostNetwork");
        List<YamlNode> sidecars = ManifestYaml.items(spec, "initContainers").stream()
                .filter(each -> "Always".equals(ManifestYaml.text(each, "restartPolicy")))
                .toList();
        List<YamlNode> written = Stream.concat(ManifestYaml.items(spec, "containers").stream(), sidecars.stream())
                .toList();
        List<PodContainer> containers = new ArrayList<>();
        for (YamlNode each : written) {
            if (each instanceof YamlNode.Fields container) {
                containers.add(container(identity, container, hostNetwork, written.size() > 1));
            }
        }
        YamlNode labels = ManifestYaml.at(pod, "metadata", "labels");
        Identity told = ManifestYaml.isOpen(labels) && labels != null
                ? opened(identity, "its labels are filled in by a tool")
                : identity;
        return new Workload(
                told,
                ManifestYaml.strings(labels),
                hostNetwork,
                nodes(spec),
                identity.kind().equals("Job") || identity.kind().equals("CronJob"),
                containers);
    }

    private static String nodes(YamlNode.Fields spec) {
        StringBuilder nodes = new StringBuilder();
        String name = ManifestYaml.text(spec, "nodeName");
        if (name != null) {
            nodes.append("nodeName ").append(name);
        }
        ManifestYaml.strings(ManifestYaml.at(spec, "nodeSelector"))
                .forEach((key, value) ->
                        nodes.append(key).append('=').append(value).append(' '));
        if (ManifestYaml.at(spec, "affinity", "nodeAffinity") != null) {
            nodes.append("nodeAffinity");
        }
        return nodes.toString().strip();
    }

    static Identity opened(Identity identity, String why) {
        return identity.open() != null
                ? identity
                : new Identity(
                        identity.kind(), identity.namespace(), identity.name(), identity.file(), identity.line(), why);
    }

    private PodContainer container(Identity identity, YamlNode.Fields container, boolean hostNetwork, boolean several) {
        String written = ManifestYaml.text(container, "name");
        String name = written == null ? "" : written;
        String image = ManifestYaml.text(container, "image");
        String id = several ? identity.id() + "/" + name : identity.id();
        PodImages.Built built = images.of(image);
        ComposeFile.Environment set = environment.of(identity.namespace(), container);
        ComposeFile.Service runs = new ComposeFile.Service(
                several ? identity.name() + "/" + name : identity.name(),
                identity.file(),
                container.line(),
                List.of(),
                List.of(),
                hostNetwork,
                null,
                image,
                built == null ? null : built.build(),
                words(container, "command", set),
                words(container, "args", set),
                ManifestYaml.text(container, "workingDir"),
                null,
                set,
                List.of());
        return new PodContainer(
                name,
                id,
                container.line(),
                image,
                ports(container, hostNetwork),
                probes(container),
                built == null ? null : built.doubt(),
                runs);
    }

    private static @Nullable Invocation words(YamlNode.Fields container, String key, ComposeFile.Environment set) {
        YamlNode node = container.get(key);
        if (!(node instanceof YamlNode.Items)) {
            return null;
        }
        List<String> words = new ArrayList<>();
        List<String> written = new ArrayList<>();
        for (YamlNode item : ManifestYaml.items(node)) {
            String text = item instanceof YamlNode.Scalar scalar ? scalar.text() : "${UNKNOWN}";
            written.add(text);
            words.add(PodEnvironment.expanded(text, set.known()));
        }
        return words.isEmpty() ? null : new Invocation(words, written, false, Set.of(), node.file(), node.line());
    }

    private static List<ContainerPort> ports(YamlNode.Fields container, boolean hostNetwork) {
        List<ContainerPort> ports = new ArrayList<>();
        for (YamlNode each : ManifestYaml.items(container, "ports")) {
            PortValue number = ManifestYaml.port(ManifestYaml.at(each, "containerPort"));
            if (number == null) {
                continue;
            }
            PortValue host = ManifestYaml.port(ManifestYaml.at(each, "hostPort"));
            String name = ManifestYaml.text(each, "name");
            String protocol = ManifestYaml.text(each, "protocol");
            String address = ManifestYaml.text(each, "hostIP");
            ports.add(new ContainerPort(
                    name == null ? "" : name,
                    number,
                    protocol == null ? "TCP" : protocol,
                    // With the node's network a port of the container is one of the node (ContainerPort, "hostPort").
                    host == null && hostNetwork ? number : host,
                    address == null ? "" : address,
                    new Evidence(
                            "manifest",
                            each.file(),
                            each.line(),
                            "containerPort: " + ManifestYaml.text(each, "containerPort")
                                    + (name == null ? "" : ", name: " + name)
                                    + (host == null ? "" : ", hostPort: " + ManifestYaml.text(each, "hostPort")))));
        }
        return ports;
    }

    /** Those that ask the pod itself: one with {@code host} asks somebody else. */
    private static List<Probe> probes(YamlNode.Fields container) {
        List<Probe> probes = new ArrayList<>();
        for (String kind : PROBES) {
            for (String handler : List.of("httpGet", "tcpSocket", "grpc")) {
                YamlNode.Fields asked = ManifestYaml.fields(container, kind, handler);
                String port = ManifestYaml.text(asked, "port");
                if (asked != null && port != null && asked.get("host") == null) {
                    YamlNode at = ManifestYaml.at(asked, "port");
                    String path = handler.equals("httpGet") ? ManifestYaml.text(asked, "path") : null;
                    probes.add(new Probe(
                            kind,
                            port,
                            path == null ? "" : path,
                            new Evidence(
                                    "manifest",
                                    asked.file(),
                                    at == null ? asked.line() : at.line(),
                                    kind + ": " + handler + " port " + port)));
                }
            }
        }
        return probes;
    }
}
