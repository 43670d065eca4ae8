package dev.panoptes.cli.demo;

import dev.panoptes.cli.child.ChildServer;
import dev.panoptes.cli.child.TemporaryFolder;
import dev.panoptes.cli.client.Line;
import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.client.ServerUrl;
import dev.panoptes.cli.client.Token;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The whole loop with a server: agents enroll, one is configured, breaks its limit, keeps it, dies, is missed, and is back. */
public final class DemoWithServer {
    private static final String ONE = "herald";
    private static final String AGENT = "/api/v1/agents/" + ONE;
    private static final String LOST = "/api/v1/integrity/issues/lost-agent-" + ONE;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final JsonMapper JSON = new JsonMapper();
    /** Faster than anybody would want it, so that the demo does not take long. */
    private static final Map<String, String> SETTINGS = Map.of(
            "PANOPTES_AGENTS_HEARTBEAT_INTERVAL", "1s",
            "PANOPTES_AGENTS_LOST_AFTER", "8s",
            "PANOPTES_WATCH_INTERVAL", "2s",
            "PANOPTES_LIMITS_REQUESTS_PER_SECOND", "0");

    private final Path home;
    private final Shell shell;

    public DemoWithServer(Shell shell) {
        this.home = shell.home();
        this.shell = shell;
    }

    /**
     * Runs it to its end. Everything that was started is stopped, and everything that was written removed, however it ends.
     *
     * @param fault null for none beside the planted ones
     */
    public void run(Path example, @Nullable DemoFault fault) throws UsageException, IOException, InterruptedException {
        Path folder = Files.createTempDirectory("panoptes-demo-");
        try (TemporaryFolder _ = new TemporaryFolder(folder)) {
            Path fleet = folder.resolve("fleet");
            FleetCopy.copyTree(example, fleet);
            if (fault != null) {
                fault.plant(fleet);
            }
            try (DemoFleet running = new DemoFleet(fleet, shell.random())) {
                Path registry = fleet.resolve("agent-registry.yaml");
                // The server asks where it is told to; the fleet listens on an address of its own.
                Files.writeString(
                        registry,
                        Files.readString(registry)
                                .replaceAll("(url: https?://)[a-z0-9-]+:", "$1" + running.address() + ":"));
                shell.err().println("Starting the example fleet on " + running.address() + " ...");
                running.start();
                shell.err().println(running.size() + " agents run. Starting a server ...");
                List<String> options = List.of(
                        "--registry", registry.toString(),
                        "--agents-path", fleet.resolve("agents").toString(),
                        "--root", fleet.toString());
                try (ChildServer server = ChildServer.start(home, folder, options, SETTINGS);
                        DemoAgents agents = new DemoAgents(
                                home.resolve("examples/agents/python"),
                                Files.createDirectory(folder.resolve("agents")),
                                server.url());
                        ServerClient client = new ServerClient(
                                ServerUrl.of(server.url()), new Token.InFile(server.token(), ""), null)) {
                    say("The server: " + server.url() + "/dashboard");
                    loop(client, agents, names(registry));
                }
            }
        }
        shell.err().println("The fleet, its agents and the server are stopped, the demo is over.");
    }

    private static List<String> names(Path registry) throws UsageException {
        if (!(new RegistryLoader().load(registry) instanceof RegistryResult.Loaded(Registry loaded, var _))) {
            throw new UsageException("the registry of the example fleet cannot be read", "");
        }
        return loaded.agents().stream().map(DeclaredAgent::key).toList();
    }

    private void loop(ServerClient server, DemoAgents agents, List<String> names)
            throws UsageException, IOException, InterruptedException {
        step("panoptes enroll fleet --uses " + names.size());
        String token = send(
                        server,
                        "POST",
                        "/api/v1/enrollment-tokens",
                        JSON.createObjectNode().put("name", "fleet").put("uses", names.size()))
                .path("token")
                .asString("");
        agents.enroll(names, ONE, token);
        await(
                server,
                "/api/v1/agents?status=running&limit=1",
                all -> all.path("total").asInt() == names.size());
        say(names.size() + " agents are enrolled, each with a key of its own, and beat.");

        step("panoptes agents config set " + ONE + " config.json     # {\"settings\": {\"pretend_cpu\": 97}}");
        ObjectNode config = JSON.createObjectNode();
        config.putObject("settings").put("pretend_cpu", 97);
        send(server, "PUT", AGENT + "/config", config);
        say(ONE + " is told version 1 of its configuration with its next heartbeat.");
        await(server, AGENT, applied(1));
        say(ONE + " runs version 1: APPLIED.");

        JsonNode broken = await(
                server, AGENT + "/status", each -> !each.path("violations").isEmpty());
        JsonNode violation = broken.path("violations").path(0);
        say(ONE + " is " + text(broken, "health") + ": " + text(violation, "resource") + " is "
                + violation.path("value") + ", its limit is " + violation.path("limit") + ".");
        String findings = "/api/v1/findings?type=resource_limit&agent=" + ONE;
        JsonNode finding = await(server, findings, all -> all.path("total").asInt() > 0)
                .path("items")
                .path(0);
        say("Finding, " + text(finding, "status") + ": " + text(finding, "title") + ".");

        step("panoptes agents limits " + ONE + " cpu=99");
        config.putObject("limits").put("cpu", 99);
        send(server, "PUT", AGENT + "/config", config);
        await(server, AGENT + "/status", each -> text(each, "health").equals("healthy"));
        await(server, findings, all -> text(all.path("items").path(0), "status").equals("RESOLVED"));
        say(ONE + " is healthy again, and its finding RESOLVED.");

        step("kill -9 the agent of " + ONE);
        agents.killOne();
        say("It said nothing. After 8 s without a heartbeat (5 min, unless it is set) it is lost.");
        JsonNode lost = await(server, LOST, each -> text(each, "state").equals("new"));
        say("Issue, " + text(lost, "severity") + ": " + text(lost, "title") + ".");

        step("panoptes tickets open \"" + ONE + " is lost\" --issue lost-agent-" + ONE + " --assignee eva");
        JsonNode ticket = send(
                server,
                "POST",
                "/api/v1/tickets",
                JSON.createObjectNode()
                        .put("title", ONE + " is lost")
                        .put("issue", text(lost, "fingerprint"))
                        .put("assignee", "eva"));
        say("Ticket " + ticket.path("id") + " is " + text(ticket, "status") + ".");

        step("start the agent of " + ONE + " again");
        agents.startOne(ONE);
        await(server, AGENT, applied(2));
        say("It kept its key and its last good configuration: version 2, APPLIED.");
        await(server, LOST, each -> text(each, "state").equals("resolved"));
        say("The next watch cycle resolved the issue.");

        step("panoptes tickets close " + ticket.path("id"));
        JsonNode closed = send(
                server,
                "PATCH",
                "/api/v1/tickets/" + ticket.path("id"),
                JSON.createObjectNode().put("status", "closed").put("note", ONE + " beats again"));
        say("Ticket " + closed.path("id") + " is " + text(closed, "status") + ".");
    }

    private static Predicate<JsonNode> applied(int version) {
        return agent -> agent.path("config_version").asInt() == version
                && text(agent, "config_state").equals("APPLIED")
                && text(agent, "state").equals("running");
    }

    private static String text(JsonNode node, String field) {
        return Line.of(node.path(field).asString(""));
    }

    private void step(String command) throws IOException {
        shell.print("\n$ " + command + "\n");
    }

    private void say(String sentence) throws IOException {
        shell.print("  " + sentence + "\n");
    }

    private static JsonNode send(ServerClient server, String method, String path, ObjectNode body)
            throws UsageException, InterruptedException {
        return server.call(method, path, ServerClient.bytes(body), PATIENCE).orRefuse();
    }

    /** Asks until the answer is as wanted; what is not there yet is not. */
    private static JsonNode await(ServerClient server, String path, Predicate<JsonNode> wanted)
            throws UsageException, IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            if (server.get(path) instanceof Reply.Done(int _, JsonNode body) && wanted.test(body)) {
                return body;
            }
            Thread.sleep(LOOK);
        }
        throw new IOException("the demo waited for " + PATIENCE.toSeconds() + " s in vain: " + path);
    }
}
