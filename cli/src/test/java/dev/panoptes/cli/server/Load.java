package dev.panoptes.cli.server;

import dev.panoptes.cli.server.StartedServer.Answer;
import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.SnapshotJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/**
 * Writers that never rest, and what they were told: a write is acknowledged, refused with the word that nothing was changed,
 * or nobody knows. What was acknowledged must be there ever after; what was refused must not. Every write bears a name of its
 * own; each scan finds one more conflict, so that there is something to alert.
 */
public final class Load implements AutoCloseable {
    /** What is written. */
    public enum Kind {
        TOKEN,
        WAIVER,
        SILENCE,
        NOTE,
        SCAN,
        SNAPSHOT
    }

    private static final int FIRST_PORT = 20_000;
    private static final String AGENT = "watched";

    private final Path registry;
    private final AtomicReference<StartedServer> server = new AtomicReference<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger conflicts = new AtomicInteger(1);
    private final AtomicBoolean going = new AtomicBoolean();
    private final Map<Kind, Set<String>> acknowledged = new EnumMap<>(Kind.class);
    private final Map<Kind, Set<String>> refused = new EnumMap<>(Kind.class);
    private final Set<String> surprises = ConcurrentHashMap.newKeySet();
    private final List<Future<?>> running = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile String observer = "";

    /** @param registry is written here, and again for every scan */
    public Load(Path registry) throws IOException {
        this.registry = registry;
        for (Kind kind : Kind.values()) {
            acknowledged.put(kind, ConcurrentHashMap.newKeySet());
            refused.put(kind, ConcurrentHashMap.newKeySet());
        }
        declare();
    }

    /** One agent that notes are written on, and two on one port for every conflict so far. */
    private void declare() throws IOException {
        StringBuilder text = new StringBuilder("""
                version: '1.0'
                hosts: {web-1: {address: 10.0.0.5}}
                agents:
                """);
        for (String name : List.of(AGENT, "other")) {
            text.append("  ")
                    .append(name)
                    .append(": {connection: {url: 'http://")
                    .append(name);
            text.append(":").append(FIRST_PORT).append("'}, actions: {a: {endpoint: /a, method: GET}}}\n");
        }
        for (int i = 1; i < conflicts.get(); i++) {
            for (String side : List.of("left", "right")) {
                text.append("  ")
                        .append(side)
                        .append(i)
                        .append(": {connection: {url: 'http://")
                        .append(side)
                        .append(i);
                text.append(":").append(FIRST_PORT + i).append("'}, actions: {a: {endpoint: /a, method: GET}}}\n");
            }
        }
        Path next = Files.writeString(registry.resolveSibling("registry.next"), text);
        Files.move(next, registry, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Before the first round: an observer's token, and the issue that notes are written on. */
    public void prepare(StartedServer first) throws IOException, InterruptedException {
        observer = first.post("/api/v1/tokens", "{\"name\": \"web-1\", \"role\": \"observer\", \"host\": \"web-1\"}")
                .json()
                .path("token")
                .asString();
        Answer scan = first.call("POST", "/scan", null);
        if (scan.status() != 200) {
            throw new AssertionError(scan.body());
        }
    }

    /** Lets the writers write to this server until {@link #pause}. */
    public void go(StartedServer to) {
        server.set(to);
        going.set(true);
        for (Kind kind : Kind.values()) {
            running.add(threads.submit(() -> write(kind)));
        }
    }

    /** Stops the writers; returns when the last one has its answer. */
    public void pause() throws ExecutionException, InterruptedException {
        going.set(false);
        for (Future<?> each : running) {
            each.get();
        }
        running.clear();
    }

    private Void write(Kind kind) throws InterruptedException {
        while (going.get()) {
            String name = kind.name().toLowerCase(java.util.Locale.ROOT) + "-" + count.incrementAndGet();
            try {
                judge(kind, name, attempt(kind, name, server.get()));
            } catch (IOException e) {
                // No answer: nobody knows whether it was written. The next one waits a moment, as any client does.
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
        return null;
    }

    private void judge(Kind kind, String name, Answer answer) {
        String key = kind == Kind.SCAN && answer.status() == 200
                ? answer.json().path("report_id").asString()
                : name;
        switch (answer.status()) {
            case 200, 201 -> acknowledged.get(kind).add(key);
            case 503 -> {
                if (answer.header("Retry-After") == null) {
                    surprises.add("503 without Retry-After: " + answer.body());
                }
                if (answer.body().contains("nothing was changed")) {
                    refused.get(kind).add(key);
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
            default -> surprises.add(kind + ": " + answer.status() + " " + answer.body());
        }
    }

    private Answer attempt(Kind kind, String name, StartedServer to) throws IOException, InterruptedException {
        return switch (kind) {
            case TOKEN -> to.post("/api/v1/tokens", "{\"name\": \"" + name + "\", \"role\": \"viewer\"}");
            case WAIVER ->
                to.post(
                        "/api/v1/waivers",
                        "{\"issue\": \"" + name + "\", \"owner\": \"eva\", \"reason\": \"known\", \"expires\": \""
                                + LocalDate.now(ZoneOffset.UTC).plusDays(30) + "\"}");
            case SILENCE ->
                to.post(
                        "/api/v1/silences",
                        "{\"matcher\": {\"check\": \"" + name + "\"}, \"reason\": \"" + name
                                + "\", \"duration\": \"1h\"}");
            case NOTE ->
                to.post(
                        "/api/v1/integrity/issues/port-conflict-" + FIRST_PORT + "/acknowledge",
                        "{\"note\": \"" + name + "\"}");
            case SCAN -> {
                conflicts.incrementAndGet();
                declare();
                yield to.call("POST", "/scan", null);
            }
            case SNAPSHOT ->
                to.call("POST", "/api/v1/snapshots", snapshot(name), Map.of("Authorization", "Bearer " + observer));
        };
    }

    /** Each differs, so that each is kept. */
    private static String snapshot(String name) throws IOException {
        Snapshot snapshot = new Snapshot(
                Snapshot.SCHEMA,
                new Snapshot.HostIdentity("id-of-web-1", "web-1", null, "boot-1"),
                Instant.now(),
                name,
                Map.of(Snapshot.Source.PROBES, new Snapshot.Coverage.Complete()),
                List.of(),
                List.of(),
                List.of(new Snapshot.Probe(
                        AGENT,
                        "http://10.0.0.5:18014/health",
                        18014,
                        "10.0.0.5",
                        new ProbeAnswer.Healthy(200, name, 18014, null, "healthy", 1))));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SnapshotJson().write(snapshot, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** How many writes were acknowledged so far. */
    public int acknowledgedCount() {
        return acknowledged.values().stream().mapToInt(Set::size).sum();
    }

    /** Answers that nobody should ever get, such as 500. */
    public Set<String> surprises() {
        return Set.copyOf(surprises);
    }

    /** What is wrong: acknowledged and not there, or refused and there. @param database behind it */
    public List<String> wrong(StartedServer on, Connection database)
            throws IOException, InterruptedException, SQLException {
        List<String> wrong = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Set<String> there = switch (kind) {
                case SNAPSHOT -> snapshots(database);
                // The API lists the newest thousand.
                case TOKEN -> tokens(database);
                case WAIVER, SILENCE, NOTE, SCAN -> there(kind, on);
            };
            acknowledged.get(kind).stream()
                    .filter(name -> !there.contains(name))
                    .forEach(name -> wrong.add("acknowledged and lost: " + kind + " " + name));
            refused.get(kind).stream()
                    .filter(there::contains)
                    .forEach(name -> wrong.add("'nothing was changed', and it was: " + kind + " " + name));
        }
        return wrong;
    }

    private static Set<String> there(Kind kind, StartedServer on) throws IOException, InterruptedException {
        return switch (kind) {
            case WAIVER -> all(on, "/api/v1/waivers", "issue");
            case SILENCE -> all(on, "/api/v1/silences", "reason");
            case NOTE -> all(on, "/api/v1/agents/" + AGENT + "/timeline", "note");
            case SCAN -> all(on, "/api/v1/scans", "report_id");
            case TOKEN, SNAPSHOT -> throw new IllegalArgumentException("the API does not list all of them");
        };
    }

    private static Set<String> tokens(Connection database) throws SQLException {
        Set<String> names = new HashSet<>();
        try (Statement statement = database.createStatement();
                ResultSet results = statement.executeQuery("SELECT name FROM api_tokens")) {
            while (results.next()) {
                names.add(results.getString("name"));
            }
        }
        return names;
    }

    private static Set<String> snapshots(Connection database) throws SQLException {
        Set<String> names = new HashSet<>();
        try (Statement statement = database.createStatement();
                ResultSet results = statement.executeQuery("SELECT body FROM snapshots WHERE host = 'web-1'")) {
            Pattern name = Pattern.compile("snapshot-\\d+");
            while (results.next()) {
                Matcher found = name.matcher(text(results.getBytes("body")));
                if (found.find()) {
                    names.add(found.group());
                }
            }
        }
        return names;
    }

    private static String text(byte[] gzip) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One field of every row of every page of a list. */
    static Set<String> all(StartedServer on, String path, String field) throws IOException, InterruptedException {
        Set<String> found = new HashSet<>();
        String cursor = "";
        do {
            String separator = path.contains("?") ? "&" : "?";
            String page = path + separator + "limit=1000" + (cursor.isEmpty() ? "" : "&cursor=" + cursor);
            Answer answer = on.get(page);
            if (answer.status() != 200) {
                throw new AssertionError(page + ": " + answer.status() + " " + answer.body());
            }
            JsonNode json = answer.json();
            json.path("items").forEach(row -> found.add(row.path(field).asString("")));
            cursor = json.path("next").asString("");
        } while (!cursor.isEmpty());
        return found;
    }

    @Override
    public void close() {
        going.set(false);
        threads.close();
    }
}
