package dev.panoptes.server.alerts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real HTTP server that takes what is posted to it. */
final class Receiver implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer http;
    private final List<Got> got = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Got> arriving = new LinkedBlockingQueue<>();
    private volatile ToIntFunction<Got> answer = _ -> 200;
    private volatile String says = "";

    record Got(String path, java.util.Map<String, List<String>> headers, String body) {
        JsonNode json() {
            return JSON.readTree(body);
        }

        String header(String name) {
            return headers.get(name).getFirst();
        }
    }

    Receiver() throws IOException {
        this(0);
    }

    Receiver(int port) throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::take);
        http.start();
    }

    /** The body of every answer. */
    void says(String body) {
        says = body;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Got one = new Got(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), body);
            got.add(one);
            arriving.add(one);
            int status = answer.applyAsInt(one);
            if (status == 302) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            if (status == 429) {
                exchange.getResponseHeaders().add("Retry-After", "1800");
            }
            byte[] said = says.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, said.length == 0 ? -1 : said.length);
            exchange.getResponseBody().write(said);
        }
    }

    void answers(ToIntFunction<Got> status) {
        answer = status;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    int port() {
        return http.getAddress().getPort();
    }

    List<Got> got() {
        return new ArrayList<>(got);
    }

    /** Waits for the next request. */
    Got next() throws InterruptedException {
        Got one = arriving.poll(30, java.util.concurrent.TimeUnit.SECONDS);
        if (one == null) {
            throw new AssertionError("nothing arrived");
        }
        return one;
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
