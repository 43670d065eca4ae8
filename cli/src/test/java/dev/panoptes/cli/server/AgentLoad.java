package dev.panoptes.cli.server;

import dev.panoptes.cli.server.StartedServer.Answer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * Agents that beat, measure and find without rest, and what they were told of it. A beat or a figure is sent once; a finding until
 * it is acknowledged, always under one id, as the reference agent does. They also die, and come back with another boot id.
 */
final class AgentLoad implements AutoCloseable {
    private static final int DIES_EVERY = 40;

    private final List<Agent> agents = new ArrayList<>();
    private final List<Future<?>> running = new ArrayList<>();
    private final AtomicReference<StartedServer> server = new AtomicReference<>();
    private final AtomicBoolean going = new AtomicBoolean();
    private final Set<String> surprises = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** One of them; only its own thread changes it. */
    private static final class Agent {
        private final String id;
        private final String name;
        private final JsonNode credentials;
        private String token = "";
        private int life;
        private int next;
        private int beatsSent;
        private int beatsAcknowledged;
        private int lastBeat;
        private final Set<Integer> sent = new HashSet<>();
        private final Set<Integer> figures = new HashSet<>();
        private final Set<String> findings = new HashSet<>();

        Agent(String name, JsonNode registered) {
            this.name = name;
            this.id = registered.path("id").asString();
            this.credentials = registered.path("credentials");
        }
    }

    static String name(int number) {
        return "load-" + number;
    }

    void enroll(StartedServer on, int count) throws IOException, InterruptedException {
        String token = on.post("/api/v1/enrollment-tokens", "{\"name\": \"load\", \"uses\": " + count + "}")
                .json()
                .path("token")
                .asString();
        for (int i = 0; i < count; i++) {
            Answer answer =
                    on.call("POST", "/api/v1/agents/register", "{\"agent_name\": \"" + name(i) + "\"}", bearer(token));
            if (answer.status() != 201) {
                throw new AssertionError(answer.body());
            }
            agents.add(new Agent(name(i), answer.json()));
        }
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    void go(StartedServer to) {
        server.set(to);
        going.set(true);
        agents.forEach(agent -> running.add(threads.submit(() -> {
            live(agent);
            return null;
        })));
    }

    void pause() throws ExecutionException, InterruptedException {
        going.set(false);
        for (Future<?> each : running) {
            each.get();
        }
        running.clear();
    }

    private void live(Agent agent) throws InterruptedException {
        while (going.get()) {
            int n = ++agent.next;
            if (n % DIES_EVERY == 0) {
                agent.life++;
                agent.token = "";
                pause(300);
            }
            beat(agent, n);
            agent.sent.add(n);
            if (taken(agent, "/api/v1/metrics/" + agent.id, "{\"n\": " + n + "}")) {
                agent.figures.add(n);
            }
            String finding = agent.name + "-" + n;
            String body = "{\"finding_id\": \"" + finding + "\", \"type\": \"" + finding
                    + "\", \"severity\": \"low\", \"description\": \"x\"}";
            while (!taken(agent, "/api/v1/findings", body)) {
                if (!going.get()) {
                    return;
                }
            }
            agent.findings.add(finding);
            pause(20);
        }
    }

    private void beat(Agent agent, int n) throws InterruptedException {
        String body = "{\"status\": \"running\", \"details\": {\"n\": " + n
                + "}, \"host\": \"host-1\", \"boot_id\": \"boot-" + agent.life + "\"}";
        agent.beatsSent++;
        if (taken(agent, "/api/v1/agents/" + agent.id + "/heartbeat", body)) {
            agent.beatsAcknowledged++;
            agent.lastBeat = n;
        }
    }

    /** True where it was acknowledged. What was not may have been done or not. */
    private boolean taken(Agent agent, String path, String body) throws InterruptedException {
        try {
            if (agent.token.isEmpty()) {
                Answer answer = server.get()
                        .call(
                                "POST",
                                "/api/v1/auth/token",
                                "{\"agent_id\": \"" + agent.id + "\", \"credentials\": " + agent.credentials + "}",
                                Map.of());
                if (answer.status() != 200) {
                    refused(path, answer);
                    return false;
                }
                agent.token = answer.json().path("access_token").asString();
            }
            Answer answer = server.get().call("POST", path, body, bearer(agent.token));
            if (answer.status() == 200 || answer.status() == 201) {
                return true;
            }
            refused(path, answer);
        } catch (IOException e) {
            // No answer: the server is gone.
            pause(30);
        }
        return false;
    }

    private void refused(String path, Answer answer) throws InterruptedException {
        if (answer.status() != 503 || answer.header("Retry-After") == null) {
            surprises.add(path + ": " + answer.status() + " " + answer.body());
        }
        pause(30);
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }

    int acknowledged() {
        return agents.stream().mapToInt(agent -> agent.beatsAcknowledged).sum();
    }

    /** Answers that nobody should get. */
    Set<String> surprises() {
        return Set.copyOf(surprises);
    }

    /** What was acknowledged and is not there, or is there more often than it was sent. Only while they pause. */
    List<String> wrong(Connection database) throws SQLException {
        List<String> wrong = new ArrayList<>();
        for (Agent agent : agents) {
            beats(database, agent, wrong);
            Map<String, Integer> figures = counts(
                    database,
                    "SELECT (readings ->> 'n')::numeric::int::text, count(*)::int FROM metrics WHERE agent_id = ? GROUP BY 1",
                    agent);
            agent.figures.forEach(n -> {
                if (!figures.containsKey(Integer.toString(n))) {
                    wrong.add("lost: figure " + n + " of " + agent.name);
                }
            });
            figures.forEach((n, count) -> {
                if (count != 1 || !agent.sent.contains(Integer.valueOf(n))) {
                    wrong.add("figure " + n + " of " + agent.name + " is there " + count + " times");
                }
            });
            Map<String, Integer> findings =
                    counts(database, "SELECT name, sum(count)::int FROM findings WHERE agent_id = ? GROUP BY 1", agent);
            agent.findings.forEach(name -> {
                if (!findings.containsKey(name)) {
                    wrong.add("lost: finding " + name);
                }
            });
            findings.forEach((name, count) -> {
                if (count != 1) {
                    wrong.add("finding " + name + " was counted " + count + " times");
                }
            });
        }
        try (Statement statement = database.createStatement();
                ResultSet results =
                        statement.executeQuery("SELECT issue_id FROM issues WHERE check_id IN ('lost-agent',"
                                + " 'identity-clone', 'too-many-instances')")) {
            while (results.next()) {
                wrong.add("accused: " + results.getString(1));
            }
        }
        return wrong;
    }

    private static void beats(Connection database, Agent agent, List<String> wrong) throws SQLException {
        try (PreparedStatement statement =
                database.prepareStatement("SELECT beats, (details ->> 'n')::int FROM agent_beats WHERE agent_id = ?")) {
            statement.setString(1, agent.id);
            try (ResultSet results = statement.executeQuery()) {
                int beats = 0;
                int last = 0;
                if (results.next()) {
                    beats = results.getInt(1);
                    last = results.getInt(2);
                }
                if (beats < agent.beatsAcknowledged || last < agent.lastBeat) {
                    wrong.add("lost: of " + agent.name + " " + beats + " beats are there, the last " + last
                            + "; acknowledged were " + agent.beatsAcknowledged + ", the last " + agent.lastBeat);
                }
                if (beats > agent.beatsSent) {
                    wrong.add("counted twice: " + beats + " beats of " + agent.beatsSent + " by " + agent.name);
                }
            }
        }
    }

    private static Map<String, Integer> counts(Connection database, String sql, Agent agent) throws SQLException {
        Map<String, Integer> counts = new HashMap<>();
        try (PreparedStatement statement = database.prepareStatement(sql)) {
            statement.setString(1, agent.id);
            try (ResultSet results = statement.executeQuery()) {
                while (results.next()) {
                    counts.put(results.getString(1), results.getInt(2));
                }
            }
        }
        return counts;
    }

    @Override
    public void close() {
        going.set(false);
        threads.close();
    }
}
