package dev.panoptes.cli.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that follows the stream of several replicas: it goes to the next one, with the id of its last event, whenever a
 * connection ends or nothing comes for a while.
 */
public final class Follower implements AutoCloseable {
    /** Shorter than the heartbeat: a test has something to tell all the time. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final List<String> urls;
    private final String token;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final List<Event> seen = new CopyOnWriteArrayList<>();
    private final List<String> surprises = new CopyOnWriteArrayList<>();
    private final AtomicReference<String> lastId = new AtomicReference<>("");
    private final AtomicReference<InputStream> body = new AtomicReference<>();
    private final AtomicInteger moves = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile long heard = System.nanoTime();

    /** What was told. */
    public record Event(long id, String type, String data) {}

    /** @param first the replica to begin with */
    public Follower(List<String> urls, int first, String token) {
        this.urls = List.copyOf(urls);
        this.token = token;
        Thread.ofVirtual().start(() -> follow(first));
        Thread.ofVirtual().start(this::watch);
    }

    private void follow(int first) {
        for (int at = first; !over.get(); at++) {
            heard = System.nanoTime();
            try {
                HttpResponse<InputStream> response = http.send(
                        HttpRequest.newBuilder(URI.create(urls.get(at % urls.size()) + "/api/v1/stream"))
                                .timeout(PATIENCE)
                                .header("Authorization", "Bearer " + token)
                                .header("Last-Event-ID", lastId.get())
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
                body.set(response.body());
                if (response.statusCode() == 200) {
                    read(response.body());
                } else if (response.statusCode() != 503) {
                    surprises.add("status " + response.statusCode());
                }
            } catch (IOException e) {
                // This replica is gone, or too slow; the next one is not.
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            } catch (InterruptedException e) {
                return;
            }
            moves.incrementAndGet();
        }
    }

    private void read(InputStream stream) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String id = "";
            String type = "";
            String data = "";
            for (String line = lines.readLine(); line != null && !over.get(); line = lines.readLine()) {
                heard = System.nanoTime();
                if (line.startsWith("id: ")) {
                    id = line.substring("id: ".length());
                } else if (line.startsWith("event: ")) {
                    type = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    data = line.substring("data: ".length());
                } else if (line.isEmpty() && !id.isEmpty()) {
                    lastId.set(id);
                    if (!data.isEmpty()) {
                        seen.add(new Event(Long.parseLong(id), type, data));
                    }
                    type = "";
                    data = "";
                }
            }
        }
    }

    /** A frozen replica says nothing, not even that it is gone. */
    private void watch() {
        while (!over.get()) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            InputStream open = body.get();
            if (open != null && System.nanoTime() - heard > PATIENCE.toNanos()) {
                close(open);
            }
        }
    }

    private void close(InputStream open) {
        body.compareAndSet(open, null);
        try {
            open.close();
        } catch (IOException e) {
            surprises.add(e.toString());
        }
    }

    /** True where it has heard where the stream begins. */
    public boolean follows() {
        return !lastId.get().isEmpty();
    }

    public List<Event> seen() {
        return new ArrayList<>(seen);
    }

    /** How often it went to another replica. */
    public int moves() {
        return moves.get();
    }

    /** What should never have been answered. */
    public List<String> surprises() {
        return new ArrayList<>(surprises);
    }

    @Override
    public void close() {
        over.set(true);
        InputStream open = body.get();
        if (open != null) {
            close(open);
        }
        http.shutdownNow();
    }
}
