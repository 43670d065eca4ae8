package dev.panoptes.cli;

import dev.panoptes.server.PanoptesServer;
import dev.panoptes.server.ServerOptions;
import dev.panoptes.server.auth.LocalToken;
import dev.panoptes.server.config.ConfigurationLoader;
import dev.panoptes.server.config.ConfigurationResult;
import dev.panoptes.server.life.CannotStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real server with a database of its own on a free port of loopback. Tests that only call it take the one that is started
 * once for all of them as a parameter ({@code @ExtendWith(RunningServer.Shared.class)}).
 */
final class RunningServer implements AutoCloseable {
    private final Path directory;
    private final PanoptesServer server;

    private RunningServer(Path directory, PanoptesServer server) {
        this.directory = directory;
        this.server = server;
    }

    /** @param settings by key, beside a port of its own */
    static RunningServer start(Path directory, Map<String, String> settings)
            throws CannotStart, IOException, InterruptedException {
        // The database runs as another user where the tests run as root.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Path empty = Files.writeString(directory.resolve("panoptes.yaml"), "");
        Map<String, String> given = new LinkedHashMap<>();
        given.put("listen", "127.0.0.1:0");
        given.put("registry", directory.resolve("agent-registry.yaml").toString());
        given.put("observe.local", "false");
        given.putAll(settings);
        ConfigurationResult result = ConfigurationLoader.load(empty, Map.of(), given);
        if (!(result instanceof ConfigurationResult.Loaded loaded)) {
            throw new IllegalArgumentException(result.toString());
        }
        ServerOptions options = new ServerOptions("1.2.3", InstantSource.system(), ZoneOffset.UTC, directory, Map.of());
        return new RunningServer(
                directory, PanoptesServer.start(loaded.configuration(), directory.resolve("data"), options));
    }

    String url() {
        return server.url();
    }

    Path dataDirectory() {
        return directory.resolve("data");
    }

    Path registry() {
        return directory.resolve("agent-registry.yaml");
    }

    String adminToken() throws IOException {
        return Files.readString(dataDirectory().resolve(LocalToken.FILE)).strip();
    }

    /** A full scan, now. @return its report */
    JsonNode scan() throws IOException, InterruptedException {
        return call("POST", "/scan", "");
    }

    /** As the admin. @param body JSON; empty for none @return the answer's */
    JsonNode call(String method, String path, String body) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create(url() + path))
                            .header("Authorization", "Bearer " + adminToken())
                            .header("Content-Type", "application/json")
                            .method(
                                    method,
                                    body.isEmpty()
                                            ? HttpRequest.BodyPublishers.noBody()
                                            : HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new JsonMapper().readTree(response.body());
        }
    }

    /** The options that lead a command to this server with its admin's token. */
    String[] withAdmin(String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 4);
        all[arguments.length] = "--server";
        all[arguments.length + 1] = url();
        all[arguments.length + 2] = "--data-dir";
        all[arguments.length + 3] = dataDirectory().toString();
        return all;
    }

    /** Ends it; another one may start on what it leaves. */
    void stop() {
        server.close();
    }

    @Override
    public void close() {
        server.close();
        try (Stream<Path> left = Files.walk(dataDirectory())) {
            left.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hands the one server out that all tests share which change nothing that others look at. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == RunningServer.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(Shared.class))
                    .computeIfAbsent(RunningServer.class, _ -> shared(), RunningServer.class);
        }

        private static RunningServer shared() {
            try {
                return start(Files.createTempDirectory("panoptes-cli"), Map.of());
            } catch (CannotStart | IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Hands out one of its own to a class of tests that changes what others would look at. */
    static final class Own implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == RunningServer.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getParent()
                    .orElseThrow()
                    .getStore(ExtensionContext.Namespace.create(Own.class))
                    .computeIfAbsent(RunningServer.class, _ -> Shared.shared(), RunningServer.class);
        }
    }
}
