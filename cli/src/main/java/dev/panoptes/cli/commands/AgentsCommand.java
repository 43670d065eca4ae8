package dev.panoptes.cli.commands;

import dev.panoptes.cli.client.Line;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Looks at the enrolled agents of a running server, and changes what they may do. */
final class AgentsCommand implements Command {
    private static final String PATH = "/api/v1/agents";
    private static final String ROLLOUTS = "/api/v1/rollouts";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> VERBS =
            List.of("list", "show", "config", "limits", "rollouts", "cancel", "revoke", "accept", "decommission");
    private static final List<String> CONFIG_VERBS = List.of("get", "set", "history", "diff", "rollback");
    private static final List<String> HEADINGS =
            List.of("NAME", "STATE", "HEALTH", "HOST", "VERSION", "LAST SEEN", "CONFIG", "ID");

    @Override
    public String name() {
        return "agents";
    }

    @Override
    public String summary() {
        return "List, configure, limit and end the agents enrolled with a server";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        PositionalParamSpec verb = options.argument(0, "0..1", "VERB", VERBS, String.join(", ", VERBS) + ".");
        PositionalParamSpec second = options.argument(
                1,
                "0..1",
                "AGENT",
                "Its id, or its name. For config first: " + String.join(", ", CONFIG_VERBS)
                        + ". cancel: a roll-out's id.");
        PositionalParamSpec third = options.argument(2, "0..1", "WORD", "config: the agent. limits: such as cpu=90.");
        PositionalParamSpec fourth = options.argument(3, "0..1", "FILE", "config set: JSON. rollback: a version.");
        OptionSpec json = options.flag("--json", "Print what the server answers.");
        OptionSpec stages = options.text(
                "--stages", "LIST", "config set: roll out to all instances of the name, such as 1,10,100 per cent.");
        options.heading("Which server");
        ClientOptions client = new ClientOptions(
                options,
                "Where it is. Else server_url of the configuration, else where that says it listens.",
                "An operator's token. Else PANOPTES_TOKEN, PANOPTES_TOKEN_FILE, the data directory's.");
        ServerConfiguration configuration = ServerConfiguration.ofClient(options);
        options.close();
        return shell -> {
            String word = Options.text(verb);
            String wanted = word == null ? "list" : word;
            if (!VERBS.contains(wanted)) {
                throw new UsageException("there is no verb " + wanted, "Verbs: " + String.join(", ", VERBS));
            }
            try (ServerClient server = client.client(configuration.load(shell), shell)) {
                Call call = new Call(server, shell, Options.given(json), Options.text(stages));
                List<String> words = new ArrayList<>();
                for (PositionalParamSpec each : List.of(second, third, fourth)) {
                    String text = Options.text(each);
                    if (text != null) {
                        words.add(text);
                    }
                }
                call.run(wanted, words);
            }
            return ExitCode.OK;
        };
    }

    private record Call(
            ServerClient server,
            Shell shell,
            boolean json,
            @Nullable String stages) {
        void run(String verb, List<String> words) throws UsageException, IOException, InterruptedException {
            switch (verb) {
                case "list" -> list();
                case "show" -> show(one(verb, words, 1));
                case "config" -> config(words);
                case "limits" -> limits(words);
                case "rollouts" -> rollouts(words);
                case "cancel" -> {
                    String rollout = words.size() == 1 ? words.getFirst() : "";
                    if (!rollout.matches("[0-9a-fA-F-]{36}")) {
                        throw new UsageException("cancel needs the id of a roll-out", "panoptes agents rollouts");
                    }
                    write("POST", ROLLOUTS + "/" + rollout + "/cancel", null);
                }
                case "revoke" -> write("DELETE", at(one(verb, words, 1)) + "/credentials", null);
                case "accept" -> write("POST", at(one(verb, words, 1)) + "/accept", null);
                default -> write("DELETE", at(one(verb, words, 1)), null);
            }
        }

        private static String one(String verb, List<String> words, int count) throws UsageException {
            if (words.size() != count) {
                throw new UsageException(
                        verb + " needs an agent's id or name, and nothing else", "panoptes agents list");
            }
            return words.getFirst();
        }

        private static String at(String agent) {
            return PATH + "/" + URLEncoder.encode(agent, StandardCharsets.UTF_8).replace("+", "%20");
        }

        private JsonNode get(String path) throws UsageException, InterruptedException {
            return server.get(path).orRefuse();
        }

        private JsonNode write(String method, String path, @Nullable JsonNode body)
                throws UsageException, InterruptedException {
            return server.call(method, path, body == null ? null : ServerClient.bytes(body), PATIENCE)
                    .orRefuse();
        }

        private void print(JsonNode node) throws IOException {
            shell.print(node.toPrettyString() + "\n");
        }

        private void list() throws UsageException, IOException, InterruptedException {
            List<List<String>> rows = new ArrayList<>();
            rows.add(HEADINGS);
            String cursor = "";
            while (true) {
                JsonNode page = get(PATH + "?limit=1000" + cursor);
                if (json) {
                    print(page.path("items"));
                }
                for (JsonNode agent : page.path("items")) {
                    rows.add(List.of(
                            text(agent, "name"),
                            text(agent, "state"),
                            text(agent, "health"),
                            text(agent, "host"),
                            text(agent, "version"),
                            Times.seconds(text(agent, "last_seen")),
                            config(agent),
                            text(agent, "id")));
                }
                if (!page.path("next").isString()) {
                    break;
                }
                cursor = "&cursor=" + page.path("next").asString();
            }
            if (!json) {
                shell.print(
                        rows.size() == 1
                                ? "No agent is enrolled. To enroll one: panoptes enroll NAME\n"
                                : Columns.of(rows));
            }
        }

        private static String config(JsonNode agent) {
            JsonNode version = agent.path("config_version");
            return version.asInt(0) > 0 ? version.asInt() + " " + text(agent, "config_state") : "-";
        }

        private void show(String agent) throws UsageException, IOException, InterruptedException {
            JsonNode facts = get(at(agent));
            JsonNode status = get(at(agent) + "/status");
            if (json) {
                ObjectNode both = new JsonMapper().createObjectNode();
                both.set("agent", facts);
                both.set("status", status);
                print(both);
                return;
            }
            List<List<String>> rows = new ArrayList<>();
            for (String field : List.of(
                    "name",
                    "id",
                    "state",
                    "health",
                    "host",
                    "version",
                    "description",
                    "origin",
                    "last_seen",
                    "config_version",
                    "config_state",
                    "config_error",
                    "cloned_at",
                    "created_at")) {
                JsonNode value = facts.path(field);
                if (!value.isNull() && !value.asString("x").isEmpty()) {
                    rows.add(List.of(field.replace('_', ' '), Line.of(value.asString(value.toString()))));
                }
            }
            JsonNode identity = facts.path("identity");
            if (identity.isObject()) {
                rows.add(List.of(
                        "identity",
                        (identity.path("verified").asBoolean(false) ? "verified: " : text(identity, "proof") + ": ")
                                + text(identity, "detail")));
            }
            rows.add(List.of("health with limits", text(status, "health")));
            for (JsonNode violation : status.path("violations")) {
                rows.add(List.of(
                        "violation",
                        Line.of(violation.path("resource").asString("")) + " " + violation.path("value") + ", limit "
                                + violation.path("limit")));
            }
            rows.add(List.of("resources", Line.of(status.path("resources").toString())));
            rows.add(List.of("metrics", Line.of(status.path("metrics").toString())));
            rows.add(List.of("permissions", Line.of(facts.path("permissions").toString())));
            shell.print(Columns.of(rows));
        }

        private void config(List<String> words) throws UsageException, IOException, InterruptedException {
            String verb = words.isEmpty() ? "" : words.getFirst();
            if (!CONFIG_VERBS.contains(verb) || words.size() < 2) {
                throw new UsageException(
                        "config needs one of " + String.join(", ", CONFIG_VERBS) + ", then an agent",
                        "panoptes agents config get hermes");
            }
            String path = at(words.get(1)) + "/config";
            String more = words.size() > 2 ? words.get(2) : null;
            switch (verb) {
                case "get" -> print(get(path));
                case "history" -> history(path);
                case "diff" -> print(get(path + "/diff").path("changes"));
                case "rollback" -> {
                    ObjectNode body = new JsonMapper().createObjectNode();
                    if (more != null) {
                        if (!more.matches("\\d{1,9}")) {
                            throw new UsageException("a version is a number: " + more, "");
                        }
                        body.put("version", Integer.parseInt(more));
                    }
                    print(write("POST", path + "/rollback", body));
                }
                default -> {
                    if (more == null) {
                        throw new UsageException("config set needs a file with JSON", "");
                    }
                    print(write("PUT", path + (stages == null ? "" : "?stages=" + stages), read(more)));
                }
            }
        }

        private void history(String path) throws UsageException, IOException, InterruptedException {
            JsonNode versions = get(path + "/history").path("items");
            if (json) {
                print(versions);
                return;
            }
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("VERSION", "WRITTEN", "BY", "WHY"));
            for (JsonNode version : versions) {
                rows.add(List.of(
                        version.path("version").toString(),
                        Times.seconds(text(version, "created_at")),
                        text(version, "created_by"),
                        text(version, "cause")));
            }
            shell.print(Columns.of(rows));
        }

        private void rollouts(List<String> words) throws UsageException, IOException, InterruptedException {
            if (!words.isEmpty()) {
                throw new UsageException("rollouts takes no further word", "");
            }
            JsonNode all = get(ROLLOUTS).path("items");
            if (json) {
                print(all);
                return;
            }
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("AGENT", "STATE", "STAGES", "TOLD", "APPLIED", "BEGUN", "WHY", "ID"));
            for (JsonNode each : all) {
                rows.add(List.of(
                        text(each, "agent_name"),
                        text(each, "state"),
                        each.path("stages").toString(),
                        each.path("put") + " of " + each.path("total"),
                        each.path("applied").toString(),
                        Times.seconds(text(each, "created_at")),
                        text(each, "reason"),
                        text(each, "id")));
            }
            shell.print(
                    rows.size() == 1
                            ? "There was no roll-out. To begin one: panoptes agents config set NAME FILE --stages 1,10,100\n"
                            : Columns.of(rows));
        }

        private JsonNode read(String file) throws UsageException, IOException {
            try {
                return new JsonMapper().readTree(Files.readAllBytes(shell.resolve(Path.of(file))));
            } catch (NoSuchFileException e) {
                throw new UsageException(file + ": there is no such file", "");
            } catch (JacksonException e) {
                String reason =
                        String.valueOf(e.getOriginalMessage()).replaceFirst("(?s)[:;(\\[]? ?\\(?start marker.*", "");
                throw new UsageException(
                        file + " is no JSON, at line "
                                + Math.max(1, e.getLocation().getLineNr()) + ": " + Line.of(reason.strip()),
                        "");
            }
        }

        /** Shows the limits, or sets those that are given as NAME=NUMBER in a new version of the configuration. */
        private void limits(List<String> words) throws UsageException, IOException, InterruptedException {
            if (words.isEmpty()) {
                throw new UsageException("limits needs an agent", "panoptes agents limits hermes cpu=90");
            }
            String agent = words.getFirst();
            if (words.size() > 1) {
                ServerClient.Tagged read = server.tagged(at(agent) + "/config");
                ObjectNode config = (ObjectNode) read.reply().orRefuse();
                ObjectNode limits = config.withObject("/limits");
                for (String word : words.subList(1, words.size())) {
                    for (String each : word.split(",")) {
                        if (!each.matches("[A-Za-z0-9_.-]{1,100}=\\d{1,15}(\\.\\d{1,6})?")) {
                            throw new UsageException("a limit is NAME=NUMBER: " + each, "cpu=90, or network=2097152");
                        }
                        limits.put(
                                each.substring(0, each.indexOf('=')),
                                Double.parseDouble(each.substring(each.indexOf('=') + 1)));
                    }
                }
                String tag = read.tag();
                // What somebody else wrote meanwhile must not be lost: then it is refused.
                server.callIf(
                                tag == null ? "*" : tag,
                                "PUT",
                                at(agent) + "/config",
                                ServerClient.bytes(config),
                                PATIENCE)
                        .orRefuse();
            }
            Map<String, String> all = new TreeMap<>();
            get(at(agent) + "/status")
                    .path("limits")
                    .properties()
                    .forEach(each ->
                            all.put(Line.of(each.getKey()), each.getValue().toString()));
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("RESOURCE", "LIMIT"));
            all.forEach((name, limit) -> rows.add(List.of(name, limit)));
            shell.print(Columns.of(rows));
        }

        private static String text(JsonNode node, String field) {
            String text = Line.of(node.path(field).asString(""));
            return text.isEmpty() ? "-" : text;
        }
    }
}
