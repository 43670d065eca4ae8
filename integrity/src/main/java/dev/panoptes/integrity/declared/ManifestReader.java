package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.Kustomizations.Placed;
import dev.panoptes.integrity.declared.ManifestFiles.Written;
import dev.panoptes.integrity.declared.Manifests.Backend;
import dev.panoptes.integrity.declared.Manifests.Identity;
import dev.panoptes.integrity.declared.Manifests.Ingress;
import dev.panoptes.integrity.declared.Manifests.ManifestSet;
import dev.panoptes.integrity.declared.Manifests.Service;
import dev.panoptes.integrity.declared.Manifests.ServicePort;
import dev.panoptes.integrity.declared.Manifests.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes {@link Manifests} of the Kubernetes objects of a tree (Kubernetes API reference). */
final class ManifestReader {
    private final PodImages images;

    private ManifestReader(PodImages images) {
        this.images = images;
    }

    static Manifests read(ManifestFiles files, List<ComposeFile> composeFiles, List<Dockerfile> dockerfiles) {
        if (files.files().isEmpty() && files.kustomizations().isEmpty()) {
            return new Manifests(List.of(), files.unread());
        }
        ManifestReader reader = new ManifestReader(new PodImages(composeFiles, dockerfiles));
        Kustomizations kustomizations = new Kustomizations(files);
        List<ManifestSet> sets = new ArrayList<>();
        kustomizations.applied().forEach((file, placed) -> reader.add(file, placed, sets));
        Map<String, List<Placed>> loose = new TreeMap<>();
        files.files().forEach((file, written) -> {
            if (!kustomizations.holds(file)) {
                List<Placed> folder = loose.computeIfAbsent(ManifestFiles.folder(file), unused -> new ArrayList<>());
                written.forEach(object -> folder.add(new Placed(object, null, null)));
            }
        });
        loose.forEach((folder, placed) -> reader.add(folder, placed, sets));
        return new Manifests(sets, files.unread());
    }

    private void add(String place, List<Placed> placed, List<ManifestSet> sets) {
        Map<String, Integer> times = new HashMap<>();
        PodEnvironment environment = new PodEnvironment();
        for (Placed each : placed) {
            times.merge(key(each), 1, Integer::sum);
            Written object = each.object();
            String name = object.name();
            if (object.kind().equals("ConfigMap") && object.group().isEmpty() && name != null) {
                environment.add(
                        namespace(each),
                        name,
                        new PodEnvironment.ConfigMap(
                                ManifestYaml.strings(object.node().get("data")), each.open()));
            }
        }
        PodReader pods = new PodReader(environment, images);
        List<Workload> workloads = new ArrayList<>();
        List<Service> services = new ArrayList<>();
        List<Ingress> ingresses = new ArrayList<>();
        for (Placed each : placed) {
            Written object = each.object();
            Identity identity = identity(each, times.getOrDefault(key(each), 1) > 1);
            if (identity == null) {
                continue;
            }
            if (PodReader.isWorkload(object.kind(), object.group())) {
                Workload workload = pods.read(identity, object.node());
                if (workload != null) {
                    workloads.add(workload);
                }
            } else if (object.kind().equals("Service") && object.group().isEmpty()) {
                services.add(service(identity, object.node()));
            } else if (object.kind().equals("Ingress") && object.group().equals("networking.k8s.io")) {
                ingresses.add(ingress(identity, object.node()));
            }
        }
        if (!workloads.isEmpty() || !services.isEmpty() || !ingresses.isEmpty()) {
            sets.add(new ManifestSet(place, workloads, services, ingresses));
        }
    }

    private static String namespace(Placed placed) {
        String outer = placed.namespace();
        String own = ManifestYaml.text(placed.object().node(), "metadata", "namespace");
        return outer != null ? outer : own == null ? "" : own;
    }

    private static String key(Placed placed) {
        return placed.object().kind() + "/" + namespace(placed) + "/"
                + placed.object().name();
    }

    private static @Nullable Identity identity(Placed placed, boolean twice) {
        YamlNode.Fields node = placed.object().node();
        YamlNode named = ManifestYaml.at(node, "metadata", "name");
        String name = placed.object().name();
        String namespace = namespace(placed);
        String open = placed.open();
        if (name == null || named == null) {
            return null;
        }
        if (open == null && (ManifestYaml.isPlaceholder(name) || ManifestYaml.isPlaceholder(namespace))) {
            open = "a tool fills in its name";
        }
        if (open == null && twice) {
            open = "it is declared more than once in one place, so that only one of them is applied";
        }
        return new Identity(
                placed.object().kind(),
                ManifestYaml.isPlaceholder(namespace) ? "" : namespace,
                name,
                node.file(),
                named.line(),
                open);
    }

    private static Service service(Identity identity, YamlNode.Fields node) {
        YamlNode selector = ManifestYaml.at(node, "spec", "selector");
        Identity told = selector != null && ManifestYaml.isOpen(selector)
                ? PodReader.opened(identity, "a tool fills in its selector")
                : identity;
        List<ServicePort> ports = new ArrayList<>();
        for (YamlNode each : ManifestYaml.items(node, "spec", "ports")) {
            PortValue port = ManifestYaml.port(ManifestYaml.at(each, "port"));
            if (port == null) {
                continue;
            }
            String name = ManifestYaml.text(each, "name");
            String written = String.valueOf(ManifestYaml.text(each, "port"));
            String target = ManifestYaml.text(each, "targetPort");
            String protocol = ManifestYaml.text(each, "protocol");
            boolean computed = target == null && ManifestYaml.at(each, "targetPort") instanceof YamlNode.Fields;
            ports.add(new ServicePort(
                    name == null ? "" : name,
                    port,
                    computed ? "{{" : target == null ? written : target,
                    protocol == null ? "TCP" : protocol,
                    ManifestYaml.port(ManifestYaml.at(each, "nodePort")),
                    new Evidence(
                            "manifest",
                            each.file(),
                            each.line(),
                            "port: " + written + (target == null ? "" : ", targetPort: " + target))));
        }
        boolean external = "ExternalName".equals(ManifestYaml.text(node, "spec", "type"));
        boolean direct = external || "None".equals(ManifestYaml.text(node, "spec", "clusterIP"));
        return new Service(told, external ? Map.of() : ManifestYaml.strings(selector), direct, ports);
    }

    private static Ingress ingress(Identity identity, YamlNode.Fields node) {
        List<Backend> backends = new ArrayList<>();
        backend(ManifestYaml.at(node, "spec", "defaultBackend"), backends);
        for (YamlNode rule : ManifestYaml.items(node, "spec", "rules")) {
            for (YamlNode path : ManifestYaml.items(rule, "http", "paths")) {
                backend(ManifestYaml.at(path, "backend"), backends);
            }
        }
        return new Ingress(identity, backends);
    }

    /** Of networking.k8s.io/v1 ({@code service: {name, port: {number, name}}}) and of its beta ({@code serviceName, servicePort}). */
    private static void backend(@Nullable YamlNode node, List<Backend> backends) {
        String service = ManifestYaml.text(node, "service", "name");
        String port = ManifestYaml.text(node, "service", "port", "number");
        port = port == null ? ManifestYaml.text(node, "service", "port", "name") : port;
        service = service == null ? ManifestYaml.text(node, "serviceName") : service;
        port = port == null ? ManifestYaml.text(node, "servicePort") : port;
        if (node != null && service != null && port != null) {
            backends.add(new Backend(
                    service,
                    port,
                    new Evidence("manifest", node.file(), node.line(), "backend: " + service + ", port " + port)));
        }
    }
}
