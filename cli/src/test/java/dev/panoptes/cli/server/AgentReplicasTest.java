package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.server.StartedServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Three processes on one PostgreSQL: what they lead goes on without them, and what they do at the same time is done once. */
@Tag("e2e")
class AgentReplicasTest {
    private static final int INSTANCES = 4;

    @TempDir
    Path directory;

    private String admin = "";

    @Test
    void aRollOutSurvivesWhoLeadsItAndOneTicketIsOpenedForOneIssue()
            throws IOException, InterruptedException, ExecutionException, SQLException {
        List<StartedServer> replicas = new ArrayList<>();
        try (ExternalPostgres postgres = ExternalPostgres.start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), "version: '1.0'\nagents: {}\n");
            try {
                for (String name : List.of("first", "second", "third")) {
                    replicas.add(ServerSetup.in(directory)
                            .data(directory.resolve(name))
                            .database(postgres)
                            .options("--registry", registry.toString())
                            .environment("PANOPTES_OBSERVE_LOCAL", "false")
                            .environment("PANOPTES_REPLICAS_LEASE", "2s")
                            .environment("PANOPTES_LIMITS_REQUESTS_PER_SECOND", "0")
                            .start());
                }
                admin = replicas.getFirst()
                        .post("/api/v1/tokens", "{\"name\": \"all\", \"role\": \"admin\"}")
                        .json()
                        .path("token")
                        .asString();
                tickets(replicas, threads);
                try (Connection database = postgres.connect()) {
                    rollout(replicas, database);
                }
            } finally {
                for (StartedServer each : replicas) {
                    each.close();
                }
            }
        }
    }

    private Answer call(StartedServer on, String method, String path, String body)
            throws IOException, InterruptedException {
        return on.call(method, path, body, Map.of("Authorization", "Bearer " + admin));
    }

    /** Whoever opens tickets by program gives a key: of those that come at once, one is opened. */
    private void tickets(List<StartedServer> replicas, ExecutorService threads)
            throws InterruptedException, ExecutionException, IOException {
        List<Future<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            StartedServer on = replicas.get(i % replicas.size());
            calls.add(threads.submit(() -> call(
                    on,
                    "POST",
                    "/api/v1/tickets",
                    "{\"title\": \"hermes is lost\", \"key\": \"issue lost-agent-hermes\"}")));
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Answer> each : calls) {
            statuses.add(each.get().status());
        }
        assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);
        // Opened by hand, at the same time and for the same issue: one as well, and the rest learn which.
        calls.clear();
        for (int i = 0; i < 30; i++) {
            StartedServer on = replicas.get(i % replicas.size());
            String mine = "{\"title\": \"by hand " + i + "\", \"issue\": \"363e8bed8f1bccf29f2453922ced3c3c\"}";
            calls.add(threads.submit(() -> call(on, "POST", "/api/v1/tickets", mine)));
        }
        statuses.clear();
        for (Future<Answer> each : calls) {
            statuses.add(each.get().status());
        }
        assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);
        assertThat(call(replicas.getLast(), "GET", "/api/v1/tickets", null)
                        .json()
                        .path("items")
                        .size())
                .isEqualTo(2);
    }

    private void rollout(List<StartedServer> replicas, Connection database)
            throws IOException, InterruptedException, SQLException {
        StartedServer any = replicas.getFirst();
        String enrollment = call(
                        any, "POST", "/api/v1/enrollment-tokens", "{\"name\": \"test\", \"uses\": " + INSTANCES + "}")
                .json()
                .path("token")
                .asString();
        Map<String, String> tokens = new LinkedHashMap<>();
        for (int i = 0; i < INSTANCES; i++) {
            JsonNode registered = any.call(
                            "POST",
                            "/api/v1/agents/register",
                            "{\"agent_name\": \"hermes\"}",
                            Map.of("Authorization", "Bearer " + enrollment))
                    .json();
            String id = registered.path("id").asString();
            tokens.put(
                    id,
                    any.call(
                                    "POST",
                                    "/api/v1/auth/token",
                                    "{\"agent_id\": \"" + id + "\", \"credentials\": " + registered.path("credentials")
                                            + "}",
                                    Map.of())
                            .json()
                            .path("access_token")
                            .asString());
            say(any, id, tokens.get(id), "{}");
        }
        Answer begun = call(
                any,
                "PUT",
                "/api/v1/agents/" + tokens.keySet().iterator().next() + "/config?stages=25,50,75,100",
                "{\"settings\": {\"mark\": 1}}");
        assertThat(begun.status()).as(begun.body()).isEqualTo(202);
        String rollout = "/api/v1/rollouts/" + begun.json().path("id").asString();
        int stage = 1;
        while (replicas.size() > 1) {
            // Whoever has the jobs has this one too; it is gone before the stage can go on.
            StartedServer leader = leader(replicas, database);
            leader.kill9();
            replicas.remove(leader);
            leader.close();
            stage++;
            int wanted = stage;
            StartedServer left = replicas.getLast();
            Await.until("stage " + stage, () -> {
                obey(left, tokens);
                return configured(left, tokens) >= wanted;
            });
        }
        StartedServer last = replicas.getLast();
        Await.until("it is done", () -> {
            obey(last, tokens);
            return call(last, "GET", rollout, null)
                    .json()
                    .path("state")
                    .asString("")
                    .equals("done");
        });
        assertThat(configured(last, tokens)).isEqualTo(INSTANCES);
        try (Statement statement = database.createStatement();
                ResultSet versions =
                        statement.executeQuery("SELECT max(version) = 1 AND count(*) = 4 FROM agent_configs")) {
            assertThat(versions.next()).isTrue();
            assertThat(versions.getBoolean(1)).as("each was told once").isTrue();
        }
    }

    /** The one that ran the job last. */
    private static StartedServer leader(List<StartedServer> replicas, Connection database)
            throws IOException, InterruptedException {
        List<StartedServer> found = new ArrayList<>();
        Await.until("somebody leads", () -> {
            String holder = holder(database);
            found.clear();
            replicas.stream()
                    .filter(each -> holder.startsWith(each.pid() + " "))
                    .forEach(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    private static String holder(Connection database) {
        try (Statement statement = database.createStatement();
                ResultSet results = statement.executeQuery("SELECT holder FROM leases WHERE name = 'job rollouts'")) {
            return results.next() ? results.getString(1) : "";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void say(StartedServer on, String id, String token, String body)
            throws IOException, InterruptedException {
        assertThat(on.call(
                                "POST",
                                "/api/v1/agents/" + id + "/heartbeat",
                                body,
                                Map.of("Authorization", "Bearer " + token))
                        .status())
                .isEqualTo(200);
    }

    private static Answer config(StartedServer on, String id, String token) throws IOException, InterruptedException {
        return on.call("GET", "/api/v1/agents/" + id + "/config", null, Map.of("Authorization", "Bearer " + token));
    }

    /** Every instance applies what it is told. */
    private static void obey(StartedServer on, Map<String, String> tokens) throws IOException, InterruptedException {
        for (Map.Entry<String, String> each : tokens.entrySet()) {
            Answer config = config(on, each.getKey(), each.getValue());
            say(
                    on,
                    each.getKey(),
                    each.getValue(),
                    "{\"config_version\": " + config.header("Config-Version") + ", \"config_hash\": \""
                            + config.header("Config-Hash") + "\", \"config_state\": \"APPLIED\"}");
        }
    }

    private static int configured(StartedServer on, Map<String, String> tokens)
            throws IOException, InterruptedException {
        int count = 0;
        for (Map.Entry<String, String> each : tokens.entrySet()) {
            count += config(on, each.getKey(), each.getValue()).body().contains("mark") ? 1 : 0;
        }
        return count;
    }
}
