package dev.panoptes.server.stream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a stream of server-sent events as a browser does. */
final class Client implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final int status;
    private final InputStream body;
    private final BlockingQueue<Event> arriving = new LinkedBlockingQueue<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean clean;
    private volatile @Nullable String lastId;

    record Event(long id, String type, String data) {
        JsonNode json() {
            return JSON.readTree(data);
        }
    }

    Client(String url, Map<String, String> headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        headers.forEach(request::header);
        HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        status = response.statusCode();
        body = response.body();
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            String id = null;
            String type = "message";
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    lastId = id;
                    begun.countDown();
                    if (!data.isEmpty()) {
                        arriving.add(new Event(Long.parseLong(String.valueOf(id)), type, data.toString()));
                    }
                    type = "message";
                    data.setLength(0);
                } else if (line.startsWith("id: ")) {
                    id = line.substring("id: ".length());
                } else if (line.startsWith("event: ")) {
                    type = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    data.append(line.substring("data: ".length()));
                }
            }
            clean = true;
        } catch (IOException e) {
            clean = false;
        } finally {
            ended.countDown();
        }
    }

    int status() {
        return status;
    }

    /** Waits until the server has said where the stream begins. */
    Client awaitBegun() throws InterruptedException {
        if (!begun.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the stream did not begin");
        }
        return this;
    }

    /** What a browser would send when it comes back. */
    String lastId() {
        return String.valueOf(lastId);
    }

    Event next() throws InterruptedException {
        Event event = arriving.poll(20, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no event came");
        }
        return event;
    }

    /** The next ones up to and with the first of this type. */
    List<Event> until(String type) throws InterruptedException {
        List<Event> all = new ArrayList<>();
        do {
            all.add(next());
        } while (!all.getLast().type().equals(type));
        return all;
    }

    /** What is there now. */
    List<Event> drain() {
        List<Event> all = new ArrayList<>();
        arriving.drainTo(all);
        return all;
    }

    /** True where the answer came to its proper end within this time. */
    boolean endsWithin(long seconds) throws InterruptedException {
        return ended.await(seconds, TimeUnit.SECONDS) && clean;
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            http.shutdownNow();
        }
    }
}
