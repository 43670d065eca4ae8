package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.YamlNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Recognises files of other formats that are taken for registries, so that the message can say what to do instead. */
final class ForeignFormats {
    private static final String FROM_TREE = "panoptes adopt --from-tree writes a registry from it";
    private static final String FROM_HOST = "panoptes adopt writes a registry from what listens on this host";
    private static final String FROM_FILE = "panoptes adopt --from FILE writes a registry from it";
    private static final Set<String> PROCESSES = Set.of("web", "worker", "release", "clock", "api", "scheduler");

    private ForeignFormats() {}

    /** A sentence that follows the file's name; null where the map looks like nothing known. */
    static @Nullable String recognise(YamlNode.Mapping top) {
        if (has(top, "mcpServers")
                || isMcpCatalogue(top)
                || map(top, "servers").filter(ForeignFormats::startsServers).isPresent()) {
            return "is a list of MCP servers, not a registry; " + FROM_FILE;
        }
        if (has(top, "skills") && (has(top, "protocolVersion") || has(top, "capabilities") || has(top, "url"))) {
            return "is an A2A agent card, which describes one agent, not a registry; " + FROM_FILE;
        }
        String apiVersion = text(top, "apiVersion");
        if (apiVersion != null && has(top, "kind")) {
            return apiVersion.startsWith("backstage.io/")
                    ? "is a Backstage catalog entity, not a registry; " + FROM_HOST
                    : "is a Kubernetes manifest, not a registry; " + FROM_HOST;
        }
        if (has(top, "openapi") || has(top, "swagger")) {
            return "is an OpenAPI description of one service, not a registry; declare the service under agents";
        }
        if (map(top, "services").filter(ForeignFormats::areComposeServices).isPresent()
                || (has(top, "services") && (has(top, "networks") || has(top, "volumes")))
                || areServicesWithoutVersion(top)) {
            return "is a compose file, not a registry; " + FROM_TREE;
        }
        if (isConsul(top)) {
            return "is a list of Consul services, not a registry; " + FROM_FILE;
        }
        if (has(top, "scrape_configs")) {
            return "is a Prometheus configuration, not a registry; " + FROM_HOST;
        }
        if (has(top, "name") && (has(top, "scripts") || has(top, "dependencies"))) {
            return "is a package.json, not a registry; " + FROM_TREE;
        }
        if (has(top, "on") && has(top, "jobs")) {
            return "is a GitHub Actions workflow, not a registry; " + FROM_TREE;
        }
        return isProcfile(top) ? "is a Procfile, not a registry; " + FROM_TREE : null;
    }

    /** The same for a file that is a list at its top. */
    static @Nullable String recognise(YamlNode.Sequence list) {
        List<YamlNode> items = list.items();
        if (items.isEmpty() || !(items.getFirst() instanceof YamlNode.Mapping first)) {
            return null;
        }
        if (has(first, "hosts") && (has(first, "tasks") || has(first, "roles"))) {
            return "is an Ansible playbook, not a registry; " + FROM_HOST;
        }
        return "is a list of agents, not a map at the top; " + keyed(first);
    }

    /** How the first item of a list would look in a map. */
    static String keyed(YamlNode.Mapping item) {
        String key = text(item, "key");
        key = key == null ? text(item, "id") : key;
        key = key == null ? text(item, "name") : key;
        return keyed(key);
    }

    /** How an agent of this name would look in a map; null for a name that is not known. */
    static String keyed(@Nullable String key) {
        String plain = key == null ? "KEY" : key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
        return "write agents as a map from key to agent, for example " + plain + ": {connection: {url: 'http://" + plain
                + ":PORT'}}";
    }

    private static boolean startsServers(YamlNode.Mapping servers) {
        return servers.entries().stream()
                .anyMatch(entry -> entry.value() instanceof YamlNode.Mapping server
                        && (has(server, "command") || text(server, "type") != null));
    }

    private static boolean isMcpCatalogue(YamlNode.Mapping top) {
        return top.find("servers").map(YamlNode.Entry::value).orElse(null) instanceof YamlNode.Sequence list
                && !list.items().isEmpty()
                && list.items().getFirst() instanceof YamlNode.Mapping first
                && (has(first, "packages") || has(first, "remotes") || has(first, "command"));
    }

    private static boolean areComposeServices(YamlNode.Mapping services) {
        return services.entries().stream()
                .anyMatch(entry -> entry.value() instanceof YamlNode.Mapping service
                        && (has(service, "image")
                                || has(service, "build")
                                || has(service, "extends")
                                || has(service, "ports")));
    }

    /** Compose's first format: services at the top, each with its image or build. */
    private static boolean areServicesWithoutVersion(YamlNode.Mapping top) {
        return !top.entries().isEmpty()
                && top.entries().stream()
                        .allMatch(entry -> entry.value() instanceof YamlNode.Mapping service
                                && (has(service, "image") || has(service, "build"))
                                && !has(service, "connection"));
    }

    private static boolean isConsul(YamlNode.Mapping top) {
        YamlNode services = top.find("services").map(YamlNode.Entry::value).orElse(null);
        boolean several = services instanceof YamlNode.Sequence list
                && !list.items().isEmpty()
                && list.items().getFirst() instanceof YamlNode.Mapping first
                && has(first, "name");
        boolean one = map(top, "service")
                .filter(service -> has(service, "name") && (has(service, "port") || has(service, "check")))
                .isPresent();
        return several || one || (has(top, "ServiceID") && has(top, "ServiceName"));
    }

    private static boolean isProcfile(YamlNode.Mapping top) {
        return top.entries().stream().anyMatch(entry -> PROCESSES.contains(entry.key()))
                && top.entries().stream()
                        .allMatch(entry -> entry.value() instanceof YamlNode.Scalar line
                                && line.text().strip().indexOf(' ') > 0);
    }

    private static boolean has(YamlNode.Mapping map, String key) {
        return map.find(key).isPresent();
    }

    private static Optional<YamlNode.Mapping> map(YamlNode.Mapping map, String key) {
        return map.find(key)
                .map(YamlNode.Entry::value)
                .flatMap(value -> value instanceof YamlNode.Mapping found ? Optional.of(found) : Optional.empty());
    }

    private static @Nullable String text(YamlNode.Mapping map, String key) {
        return map.find(key)
                .map(YamlNode.Entry::value)
                .filter(YamlNode.Scalar.class::isInstance)
                .map(value -> ((YamlNode.Scalar) value).text())
                .filter(text -> !text.isBlank())
                .orElse(null);
    }
}
