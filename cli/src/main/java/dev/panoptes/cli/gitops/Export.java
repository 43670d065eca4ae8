package dev.panoptes.cli.gitops;

import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.UsageException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What is declared on a server as files that {@code panoptes apply} takes, and then finds nothing to change. */
public final class Export {
    private static final JsonMapper JSON = new JsonMapper();

    private Export() {}

    /** The content of each file by its path below the directory. */
    public static Map<String, byte[]> of(ServerClient client, Instant now) throws UsageException, InterruptedException {
        Server server = new Server(client);
        Map<String, byte[]> files = new TreeMap<>();
        List<JsonNode> agents = server.all(Server.AGENTS);
        Map<String, Integer> instances = new HashMap<>();
        agents.forEach(each -> instances.merge(each.path("name").asString(), 1, Integer::sum));
        for (JsonNode agent : agents) {
            // A decommissioned agent takes no configuration any more.
            if (!agent.path("decommissioned_at").isString()) {
                agent(server, agent, instances, files);
            }
        }
        for (JsonNode schema : server.schemas()) {
            String name = schema.path("agent_name").asString();
            ObjectNode file = JSON.createObjectNode().put("agent_name", name);
            file.set("schema", schema.path("schema"));
            put(files, Declaration.SCHEMAS, name, file);
        }
        ArrayNode waivers = JSON.createArrayNode();
        for (JsonNode each : server.waivers()) {
            add(waivers, Steps.waiver(each, now));
        }
        ArrayNode silences = JSON.createArrayNode();
        for (JsonNode each : server.silences()) {
            ObjectNode said = Steps.silence(each, now);
            if (said != null && Instant.parse(each.path("starts_at").asString()).isAfter(now)) {
                said.set("starts_at", each.path("starts_at"));
            }
            add(silences, said);
        }
        files.put(Declaration.WAIVERS, Yaml.write(waivers));
        files.put(Declaration.SILENCES, Yaml.write(silences));
        return files;
    }

    private static void add(ArrayNode list, @Nullable ObjectNode said) {
        if (said != null) {
            list.add(said);
        }
    }

    /** Limits go into a file of their own, so that who may change them can be told apart. */
    private static void agent(Server server, JsonNode agent, Map<String, Integer> instances, Map<String, byte[]> files)
            throws UsageException, InterruptedException {
        String id = agent.path("id").asString();
        String name = agent.path("name").asString();
        String key = instances.getOrDefault(name, 0) == 1 ? name : id;
        JsonNode read = server.get(Server.AGENTS + "/" + Server.segment(id) + "/config");
        ObjectNode config = (ObjectNode) Steps.writable(read);
        JsonNode limits = config.remove("limits");
        ObjectNode file = JSON.createObjectNode().put("agent", key);
        config.properties().forEach(each -> file.set(each.getKey(), each.getValue()));
        put(files, Declaration.CONFIGS, key, file);
        if (limits != null && !limits.isEmpty() && limits.valueStream().allMatch(JsonNode::isNumber)) {
            ObjectNode own = JSON.createObjectNode().put("agent", key);
            own.set("limits", limits);
            put(files, Declaration.LIMITS, key, own);
        } else if (limits != null && !limits.isEmpty()) {
            file.set("limits", limits);
            put(files, Declaration.CONFIGS, key, file);
        }
    }

    /** Names of agents are free text; those of files are not. */
    private static void put(Map<String, byte[]> files, String directory, String name, ObjectNode content) {
        String plain = name.replaceAll("[^A-Za-z0-9_-]", "_");
        String safe = plain.equals(name) && name.length() <= 100
                ? name
                : plain.substring(0, Math.min(60, plain.length())) + "-"
                        + String.format(Locale.ROOT, "%08x", name.hashCode());
        files.put(directory + "/" + safe + ".yaml", Yaml.write(content));
    }
}
