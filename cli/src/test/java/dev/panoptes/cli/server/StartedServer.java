package dev.panoptes.cli.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One run of the real program {@code panoptes server}, started by a {@link ServerSetup}, and an ordinary HTTP client. It can
 * be stopped as systemd does, killed as a power cut does, and started again on the same data. {@link #close} kills what is
 * left, the embedded database with it.
 */
public final class StartedServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String READY = "ready ";
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final ServerSetup setup;
    private final Process process;
    private final Path log;
    private final String url;
    private final Duration startTime;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private StartedServer(ServerSetup setup, Process process, Path log, String url, Duration startTime) {
        this.setup = setup;
        this.process = process;
        this.log = log;
        this.url = url;
        this.startTime = startTime;
    }

    static StartedServer start(ServerSetup setup) throws IOException, InterruptedException {
        setup.lendPrograms();
        Path log = Files.createTempFile(setup.directory(), "server", ".log");
        long began = System.nanoTime();
        Process process = setup.process(setup.serverArguments())
                .redirectError(log.toFile())
                .start();
        CompletableFuture<String> ready = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> read(process, ready));
        try {
            String url = ready.get(LONGEST_START.toSeconds(), TimeUnit.SECONDS);
            Duration startTime = Duration.ofNanos(System.nanoTime() - began);
            return new StartedServer(setup, process, log, url, startTime);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new AssertionError("the server was not ready; it said: " + Files.readString(log), e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static void read(Process process, CompletableFuture<String> ready) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(READY)) {
                    ready.complete(line.substring(READY.length()));
                }
            }
            ready.completeExceptionally(new IOException("it ended before it was ready"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /** Another run on the same data; this one has ended. */
    public StartedServer again() throws IOException, InterruptedException {
        if (process.isAlive()) {
            throw new IllegalStateException("it still runs");
        }
        return setup.start();
    }

    /** Where it listens, from its own line. */
    public String url() {
        return url;
    }

    /** From the fork to the line {@code ready}. */
    public Duration startTime() {
        return startTime;
    }

    public long pid() {
        return process.pid();
    }

    public boolean runs() {
        return process.isAlive();
    }

    public Path dataDirectory() {
        return setup.dataDirectory();
    }

    /** What it wrote to its error stream so far: its log. */
    public String log() throws IOException {
        return Files.readString(log, StandardCharsets.UTF_8);
    }

    /** The postmaster of the embedded database; empty where there is none, or none at the moment. */
    public Optional<ProcessHandle> postgres() throws IOException {
        Path file = dataDirectory().resolve("postgresql/data/postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        return lines.isEmpty() || !lines.getFirst().strip().matches("\\d+")
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).filter(StartedServer::isPostgres);
    }

    /** The file may be of a dead one whose number is another process's by now. */
    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> command.endsWith("/postgres"))
                .isPresent();
    }

    /** SIGKILL to the server, as when the kernel runs out of memory; the embedded database is left to itself. */
    public void kill9() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    /** SIGKILL to the postmaster of the embedded database. False where none was running. */
    public boolean killPostgres9() throws IOException {
        return postgres().map(ProcessHandle::destroyForcibly).orElse(false);
    }

    /** SIGTERM and nothing more. */
    public void terminate() {
        // Of the handle: that of the process would close its streams before their last words are read.
        process.toHandle().destroy();
    }

    /** SIGTERM, as systemd stops it. @return its exit code */
    public int stop() throws InterruptedException {
        terminate();
        return exit(Duration.ofSeconds(30));
    }

    /** Waits for its end. */
    public int exit(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the server did not end within " + patience);
        }
        return process.exitValue();
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

        /** The problem's code; empty where it is none. */
        public String code() {
            return json().path("code").asString("");
        }
    }

    /** What commands on the same host use. */
    public String adminToken() throws IOException {
        return Files.readString(dataDirectory().resolve("admin.token")).strip();
    }

    /** A call as the local admin. @param body JSON; null for none */
    public Answer call(String method, String path, @Nullable String body) throws IOException, InterruptedException {
        return call(method, path, body, Map.of("Authorization", "Bearer " + adminToken()));
    }

    /** A call as whoever these headers make the caller. */
    public Answer call(String method, String path, @Nullable String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
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

    /** Kills what still runs and waits for it, so that its directory can be deleted. */
    @Override
    public void close() throws IOException {
        client.shutdownNow();
        kill9();
        Optional<ProcessHandle> orphan = postgres();
        if (orphan.isPresent()) {
            orphan.get().destroyForcibly();
            orphan.get().onExit().orTimeout(30, TimeUnit.SECONDS).join();
        }
    }
}
