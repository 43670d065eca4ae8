package dev.panoptes.integrity.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * Answers as a real API server did (see src/test/resources/kubernetes, written by packaging/kubernetes/observe-test), on loopback. A test
 * replaces the answer to a collection or to its watch; without that a watch is open and silent.
 */
final class RecordedApi implements AutoCloseable {
    /** What is done with one request. */
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    RecordedApi() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
        for (KeptObjects kind : KeptObjects.values()) {
            list(kind, 200, recorded(kind.plural() + ".json"));
        }
    }

    ClusterAccess access() {
        try {
            return new ClusterAccess(
                    "recorded",
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                    SSLContext.getDefault(),
                    () -> "secret-token");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static String recorded(String name) {
        try (InputStream in = RecordedApi.class.getResourceAsStream("/kubernetes/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void list(KeptObjects kind, int status, String body) {
        list(kind, exchange -> send(exchange, status, body));
    }

    void list(KeptObjects kind, Answer answer) {
        answers.put(kind.path("shop"), answer);
    }

    void watch(KeptObjects kind, Answer answer) {
        answers.put(kind.path("shop") + " watch", answer);
    }

    /** {@code METHOD path?query}, in order. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    long count(String part) {
        return requests.stream().filter(request -> request.contains(part)).count();
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Begins an answer of unknown length, as a watch is. */
    static OutputStream stream(HttpExchange exchange, String begin) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream body = exchange.getResponseBody();
        body.write(begin.getBytes(StandardCharsets.UTF_8));
        body.flush();
        return body;
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        String path = exchange.getRequestURI().getPath();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        boolean watch = query.contains("watch=1");
        if (!"Bearer secret-token".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, recorded("unauthorized.json"));
        } else {
            Answer answer = answers.get(watch ? path + " watch" : path);
            if (answer != null) {
                answer.to(exchange);
            } else if (watch) {
                stream(exchange, "");
                return; // open and silent
            } else {
                send(exchange, 404, "{}");
            }
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
