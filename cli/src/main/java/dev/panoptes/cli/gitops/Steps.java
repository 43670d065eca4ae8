package dev.panoptes.cli.gitops;

import dev.panoptes.cli.client.Line;
import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.UsageException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Finds what must change on a server for it to be as declared. Schemas come first: configurations must fit them. */
public final class Steps {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String MARK = "?managed=true&cause=panoptes%20apply";

    private final ServerClient client;
    private final Server server;
    private final Instant now;
    private final List<Step> steps = new ArrayList<>();

    private Steps(ServerClient client, Instant now) {
        this.client = client;
        this.server = new Server(client);
        this.now = now;
    }

    /**
     * @param prune also takes back the waivers and ends the silences in force that the files leave out
     * @throws UsageException where an agent that is declared is not enrolled, or the server cannot be asked
     */
    public static List<Step> of(Declaration declared, ServerClient client, Instant now, boolean prune)
            throws UsageException, InterruptedException {
        Steps found = new Steps(client, now);
        found.schemas(declared.schemas());
        found.configs(declared);
        if (declared.waivers() != null) {
            found.entries("waiver", Server.WAIVERS, declared.waivers(), found.server.waivers(), Steps::waiver, prune);
        }
        if (declared.silences() != null) {
            found.entries(
                    "silence", Server.SILENCES, declared.silences(), found.server.silences(), Steps::silence, prune);
        }
        return List.copyOf(found.steps);
    }

    private void schemas(Map<String, JsonNode> declared) throws UsageException, InterruptedException {
        Map<String, JsonNode> present = new LinkedHashMap<>();
        if (!declared.isEmpty()) {
            server.schemas().forEach(each -> present.put(each.path("agent_name").asString(), each.path("schema")));
        }
        for (Map.Entry<String, JsonNode> each : declared.entrySet()) {
            JsonNode wanted = each.getValue().path("schema");
            JsonNode before = present.getOrDefault(each.getKey(), JSON.missingNode());
            List<String> lines = Difference.between(before, wanted);
            if (!lines.isEmpty()) {
                String path = Server.SCHEMAS + "/" + Server.segment(each.getKey());
                steps.add(new Step("schema of " + Line.of(each.getKey()), lines, "PUT", path, wanted));
            }
        }
    }

    private void configs(Declaration declared) throws UsageException, InterruptedException {
        Set<String> agents = new TreeSet<>(declared.configs().keySet());
        agents.addAll(declared.limits().keySet());
        for (String agent : agents) {
            String path = Server.AGENTS + "/" + Server.segment(agent) + "/config";
            ServerClient.Tagged read = client.tagged(path);
            JsonNode present = present(agent, read.reply());
            JsonNode wanted = wanted(
                    agent,
                    present,
                    declared.configs().get(agent),
                    declared.limits().get(agent));
            List<String> lines = Difference.between(present, wanted);
            if (!lines.isEmpty()) {
                steps.add(
                        new Step("configuration of " + Line.of(agent), lines, "PUT", path + MARK, wanted, read.tag()));
            }
        }
    }

    private static JsonNode present(String agent, Reply read) throws UsageException {
        return switch (read) {
            case Reply.Refused(int status, String reason, var _)
            when status == 404 || status == 409 ->
                throw new UsageException(
                        "the configuration of " + Line.of(agent) + " cannot be read: " + reason + " (" + status + ")",
                        "Enrolled agents: panoptes agents");
            case Reply reply -> writable(reply.orRefuse());
        };
    }

    /** What can be written of what is read. */
    static JsonNode writable(JsonNode config) {
        return config.has("agent_metadata") ? JSON.createObjectNode().set("config", config.path("config")) : config;
    }

    private static JsonNode wanted(String agent, JsonNode present, @Nullable JsonNode config, @Nullable JsonNode limits)
            throws UsageException {
        boolean free = present.has("config");
        if ((config != null && config.has("config") != free) || (limits != null && free)) {
            throw new UsageException(
                    "the configuration of " + Line.of(agent) + " has "
                            + (free ? "one part, config" : "the parts rules, settings and limits"),
                    "panoptes export writes it as it is");
        }
        ObjectNode wanted = (ObjectNode) present.deepCopy();
        if (config != null) {
            config.properties().forEach(each -> {
                if (!each.getKey().equals("agent")) {
                    wanted.set(each.getKey(), each.getValue());
                }
            });
        }
        if (limits != null) {
            wanted.set("limits", limits.path("limits"));
        }
        return wanted;
    }

    /** What an entry says, without what the server adds. */
    @FunctionalInterface
    private interface Said {
        /** @return null where it is over */
        @Nullable
        ObjectNode of(JsonNode entry, Instant now) throws UsageException;
    }

    private void entries(
            String kind, String path, List<JsonNode> declared, List<JsonNode> present, Said said, boolean prune)
            throws UsageException {
        Map<JsonNode, List<String>> ids = new LinkedHashMap<>();
        for (JsonNode each : present) {
            ObjectNode key = said.of(each, now);
            if (key != null) {
                ids.computeIfAbsent(key, _ -> new ArrayList<>())
                        .add(each.path("id").asString());
            }
        }
        for (JsonNode each : declared) {
            ObjectNode wanted = said.of(each, now);
            // What is over needs nothing.
            if (wanted != null && ids.remove(wanted) == null) {
                ObjectNode body = wanted.deepCopy();
                if (each.path("starts_at").isString()) {
                    body.set("starts_at", each.path("starts_at"));
                }
                steps.add(new Step("new " + kind, List.of(Line.of("+ " + body)), "POST", path, body));
            }
        }
        if (prune) {
            ids.forEach((key, all) -> all.forEach(id -> steps.add(new Step(
                    kind + " " + Line.of(id),
                    List.of(Line.of("- " + key)),
                    "DELETE",
                    path + "/" + Server.segment(id),
                    null))));
        }
    }

    static @Nullable ObjectNode waiver(JsonNode entry, Instant now) throws UsageException {
        String expires = entry.path("expires").asString("");
        try {
            if (LocalDate.parse(expires).isBefore(LocalDate.ofInstant(now, ZoneOffset.UTC))) {
                return null;
            }
        } catch (DateTimeParseException e) {
            throw new UsageException("a waiver expires on a day such as 2027-01-31: " + Line.of(expires), "");
        }
        ObjectNode said = JSON.createObjectNode();
        for (String name : List.of("issue", "owner", "reason", "expires")) {
            said.put(name, entry.path(name).asString(""));
        }
        return said;
    }

    static @Nullable ObjectNode silence(JsonNode entry, Instant now) throws UsageException {
        String expires = entry.path("expires_at").asString("");
        Instant end;
        try {
            end = Instant.parse(expires);
        } catch (DateTimeParseException e) {
            throw new UsageException(
                    "a silence expires at a time such as 2027-01-31T12:00:00Z: " + Line.of(expires), "");
        }
        if (!end.isAfter(now)) {
            return null;
        }
        ObjectNode matcher = JSON.createObjectNode();
        for (String name : List.of("agent", "check", "host", "severity")) {
            if (entry.path("matcher").path(name).isString()) {
                matcher.set(name, entry.path("matcher").path(name));
            }
        }
        ObjectNode said = JSON.createObjectNode();
        said.set("matcher", matcher);
        return said.put("reason", entry.path("reason").asString("")).put("expires_at", end.toString());
    }
}
