package dev.panoptes.cli.simulate;

import dev.panoptes.cli.child.ChildServer;
import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.client.ServerUrl;
import dev.panoptes.cli.client.Token;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.OpenDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Servers of one database, started for a simulation and gone with it. Whoever calls asks one of them, and the next where that one
 * is away.
 */
public final class Replicas implements Servers, AutoCloseable {
    /** How long an agent may be silent before these servers call it lost: soon, so that a simulation sees them be wrong. */
    static final Duration LOST_AFTER = Duration.ofSeconds(15);

    private static final Duration ONE_TRY = Duration.ofSeconds(10);
    private static final int SECRET_BYTES = 32;
    private static final JsonMapper JSON = new JsonMapper();

    private final Path home;
    private final Path folder;
    private final OpenDatabase database;
    private final Map<String, String> settings;
    private final List<ChildServer> servers = new ArrayList<>();
    /** Null while the server of this place is away. */
    private final AtomicReferenceArray<@Nullable ServerClient> clients;

    private final AtomicInteger started = new AtomicInteger();
    private final Map<String, LongAdder> unanswered = new ConcurrentHashMap<>();
    private Token operator = new Token.Given("none");

    private Replicas(Path home, Path folder, OpenDatabase database, Map<String, String> settings, int count) {
        this.home = home;
        this.folder = folder;
        this.database = database;
        this.settings = settings;
        this.clients = new AtomicReferenceArray<>(count);
    }

    /**
     * Starts a database and so many servers on it.
     *
     * @param home where the program is installed
     * @param folder for everything that they keep; what is in it at the end is the caller's to remove
     * @param interval between heartbeats
     */
    public static Replicas start(Path home, Path folder, int count, Duration interval)
            throws UsageException, IOException, InterruptedException {
        OpenDatabase database;
        try {
            database = OpenDatabase.alone(Files.createDirectory(folder.resolve("db")), null);
        } catch (CannotStart e) {
            throw new UsageException(String.valueOf(e.getMessage()), "");
        }
        Replicas replicas = new Replicas(home, folder, database, settings(folder, database, interval), count);
        try {
            for (int i = 0; i < count; i++) {
                replicas.servers.add(replicas.startOne());
                replicas.enter(i);
            }
            replicas.makeOperator();
            return replicas;
        } catch (IOException | UsageException | InterruptedException | RuntimeException e) {
            replicas.close();
            throw e;
        }
    }

    private static Map<String, String> settings(Path folder, OpenDatabase database, Duration interval)
            throws IOException {
        if (!(database.address() instanceof DatabaseAddress.Socket(Path path, String user, String name))) {
            throw new IllegalStateException("the embedded database is entered by its socket");
        }
        Path registry = Files.writeString(folder.resolve("agent-registry.yaml"), "version: '1'\nagents: {}\n");
        byte[] secret = new byte[SECRET_BYTES];
        new java.security.SecureRandom().nextBytes(secret);
        return Map.of(
                "DATABASE_URL",
                "postgres:///" + name + "?host=" + path.getParent() + "&user=" + user,
                "JWT_SECRET",
                java.util.HexFormat.of().formatHex(secret),
                "REGISTRY_PATH",
                registry.toString(),
                "PANOPTES_OBSERVE_LOCAL",
                "false",
                "PANOPTES_LIMITS_REQUESTS_PER_SECOND",
                "0",
                "PANOPTES_AGENTS_HEARTBEAT_INTERVAL",
                Math.max(1, interval.toSeconds()) + "s",
                "PANOPTES_AGENTS_LOST_AFTER",
                LOST_AFTER.toSeconds() + "s");
    }

    private ChildServer startOne() throws IOException, InterruptedException {
        Path own = Files.createDirectory(folder.resolve("server-" + started.incrementAndGet()));
        return ChildServer.start(home, own, List.of(), settings);
    }

    private void enter(int place) throws UsageException {
        ChildServer server = servers.get(place);
        clients.set(place, new ServerClient(ServerUrl.of(server.url()), new Token.InFile(server.token(), ""), null));
    }

    /** The token in a server's folder is for that server only. */
    private void makeOperator() throws UsageException, InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("name", "simulation").put("role", "operator");
        String token = Objects.requireNonNull(clients.get(0))
                .call("POST", "/api/v1/tokens", ServerClient.bytes(body), ONE_TRY)
                .orRefuse()
                .path("token")
                .asString("");
        operator = new Token.Given(token);
    }

    int count() {
        return clients.length();
    }

    /** Kills the server of this place where it stands, and starts another one there. */
    void killAndStart(int place) throws IOException, UsageException, InterruptedException {
        ServerClient client = Objects.requireNonNull(clients.getAndSet(place, null));
        // Its calls fail by themselves, as those of a machine that went away.
        servers.get(place).kill();
        client.close();
        servers.set(place, startOne());
        enter(place);
    }

    DatabaseAddress database() {
        return database.address();
    }

    /** How often a call to this path got no answer from a server, so that nobody knows what came of it. */
    long unanswered(String path) {
        LongAdder counted = unanswered.get(path);
        return counted == null ? 0 : counted.sum();
    }

    @Override
    public Caller operator() {
        return (method, path, body, patience) -> call(operator, method, path, body, patience);
    }

    @Override
    public Caller as(Token somebody) {
        return (method, path, body, patience) -> call(somebody, method, path, body, patience);
    }

    private Reply call(Token token, String method, String path, byte @Nullable [] body, Duration patience)
            throws UsageException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        int first = ThreadLocalRandom.current().nextInt(count());
        for (int turn = 0; ; turn++) {
            ServerClient client = clients.get((first + turn) % count());
            Reply reply = client == null
                    ? new Reply.Unreached("the server is away", "")
                    : client.as(token).call(method, path, body, ONE_TRY);
            if (client != null && uncertain(reply)) {
                unanswered.computeIfAbsent(path, _ -> new LongAdder()).increment();
            }
            if ((client != null && !uncertain(reply)) || System.nanoTime() > end) {
                return reply;
            }
            if (turn % count() == count() - 1) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    /** Also 503: a database that went away in the middle of a commit. */
    private static boolean uncertain(Reply reply) {
        return reply instanceof Reply.Unreached || (reply instanceof Reply.Refused refused && refused.status() == 503);
    }

    /** Stops all of them, then their database. */
    @Override
    public void close() throws IOException {
        for (int i = 0; i < count(); i++) {
            ServerClient client = clients.getAndSet(i, null);
            if (client != null) {
                client.close();
            }
        }
        try {
            for (ChildServer server : servers) {
                server.close();
            }
        } finally {
            database.close();
        }
    }
}
