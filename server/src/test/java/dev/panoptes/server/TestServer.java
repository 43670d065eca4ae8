package dev.panoptes.server;

import dev.panoptes.server.auth.LocalToken;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.ConfigurationLoader;
import dev.panoptes.server.config.ConfigurationResult;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.Storage;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole server on a random port, over an empty database of its own, and an ordinary client. */
public final class TestServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final PanoptesServer server;
    private final Path directory;
    private final Database database;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private TestServer(PanoptesServer server, Path directory, Database database) {
        this.server = server;
        this.directory = directory;
        this.database = database;
    }

    /** @param settings by key, beside a port of its own */
    public static TestServer start(Databases databases, Path directory, Map<String, String> settings)
            throws InterruptedException {
        return start(databases, directory, settings, null);
    }

    /** @param clock null: the database's */
    public static TestServer start(
            Databases databases, Path directory, Map<String, String> settings, @Nullable InstantSource clock)
            throws InterruptedException {
        return begin(databases, databases.freshAddress(), directory, settings, clock);
    }

    /** One more replica on this database, which signs with the same secret. @param directory its own */
    public static TestServer start(
            Databases databases,
            DatabaseAddress address,
            Path directory,
            Map<String, String> settings,
            @Nullable InstantSource clock)
            throws InterruptedException {
        Map<String, String> all = new LinkedHashMap<>(Map.of("jwt_secret", "one-secret-of-all-the-replicas-here"));
        all.putAll(settings);
        return begin(databases, address, directory, all, clock);
    }

    private static TestServer begin(
            Databases databases,
            DatabaseAddress address,
            Path directory,
            Map<String, String> settings,
            @Nullable InstantSource clock)
            throws InterruptedException {
        // Sensors that run on this machine are none of a test's.
        Map<String, String> apart = new LinkedHashMap<>(
                Map.of("sensors.heartbeat_dirs", directory.resolve("heartbeats").toString()));
        apart.putAll(settings);
        Configuration configuration = configuration(apart);
        try {
            Storage storage = databases.storage(directory, address);
            PanoptesServer server = PanoptesServer.start(
                    configuration,
                    Startup.check(configuration),
                    storage,
                    new ServerOptions(
                            "1.2.3",
                            clock == null ? InstantSource.system() : clock,
                            clock == null,
                            ZoneOffset.UTC,
                            directory,
                            Map.of()));
            // A scan that a test asks for must not be the one of the start, which began before the test did anything.
            server.firstScan().get();
            return new TestServer(server, directory, new Database(storage.address(), 4));
        } catch (CannotStart | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Configuration configuration(Map<String, String> settings) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("listen", "127.0.0.1:0");
        options.putAll(settings);
        return switch (ConfigurationLoader.load(emptyFile(), Map.of(), options)) {
            case ConfigurationResult.Loaded loaded -> loaded.configuration();
            case ConfigurationResult.Refused refused ->
                throw new IllegalArgumentException(refused.problems().toString());
        };
    }

    /** What a start with these settings would be warned of. */
    public static List<String> check(Map<String, String> settings) throws CannotStart {
        return Startup.check(configuration(settings)).warnings();
    }

    /** So that what this machine has in /etc decides nothing. */
    private static Path emptyFile() {
        try {
            Path file = Files.createTempFile("panoptes", ".yaml");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** What came back. */
    public record Answer(int status, Map<String, List<String>> headers, String body) {
        public JsonNode json() {
            return JSON.readTree(body);
        }

        public @Nullable String header(String name) {
            return headers.entrySet().stream()
                    .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                    .map(entry -> entry.getValue().getFirst())
                    .findFirst()
                    .orElse(null);
        }

        /** The problem's code. */
        public String code() {
            return json().path("code").asString("");
        }
    }

    public List<Route> routes() {
        return server.http().routes();
    }

    public String url() {
        return server.url();
    }

    public PanoptesServer server() {
        return server;
    }

    /** What the server keeps, for tests that look behind it. */
    public Database database() {
        return database;
    }

    /** What commands on the same host use. */
    public String adminToken() throws IOException {
        return Files.readString(directory.resolve(LocalToken.FILE)).strip();
    }

    /** A call as the local admin. @param body null for none */
    public Answer call(String method, String path, @Nullable String body) throws IOException, InterruptedException {
        return call(method, path, body, Map.of("Authorization", "Bearer " + adminToken()));
    }

    /** A call as whoever these headers make the caller. */
    public Answer call(String method, String path, @Nullable String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (body != null && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        HttpResponse<String> response =
                client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        return new Answer(response.statusCode(), response.headers().map(), response.body());
    }

    public Answer get(String path) throws IOException, InterruptedException {
        return call("GET", path, null);
    }

    public Answer post(String path, String body) throws IOException, InterruptedException {
        return call("POST", path, body);
    }

    /** A new token of this role. */
    public String token(String role) throws IOException, InterruptedException {
        String host = role.equals("observer") ? ", \"host\": \"web-1\"" : "";
        return post("/api/v1/tokens", "{\"name\": \"test\", \"role\": \"" + role + "\"" + host + "}")
                .json()
                .path("token")
                .asString();
    }

    @Override
    public void close() {
        database.close();
        server.close();
        client.shutdownNow();
    }
}
