package dev.panoptes.server.scans;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A server follows the Services of its registry in a cluster: over TLS, by a watch, and says when it cannot. */
@ExtendWith(TestPostgres.class)
class ClusterScanTest {
    private static final String SERVICE = """
            {"items":[{"metadata":{"name":"web"},"spec":{"clusterIP":"10.0.0.5","selector":{"app":"web"},
             "ports":[{"port":80,"targetPort":"http","protocol":"TCP"}]}}],"metadata":{"resourceVersion":"5"}}""";
    private static final String NOTHING = "{\"items\":[],\"metadata\":{\"resourceVersion\":\"5\"}}";

    @TempDir
    Path directory;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private HttpsServer api;
    private volatile boolean forbidden;

    @BeforeEach
    void begin() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = ClusterScanTest.class.getResourceAsStream("/kubernetes/server.p12")) {
            store.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "changeit".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        api = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.setHttpsConfigurator(new HttpsConfigurator(tls));
        api.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        api.createContext("/", this::answer);
        api.start();
        try (InputStream in = ClusterScanTest.class.getResourceAsStream("/kubernetes/server.crt")) {
            Files.write(directory.resolve("ca.crt"), in.readAllBytes());
        }
    }

    @AfterEach
    void end() {
        assertThat(requests).isNotEmpty().allMatch(request -> request.startsWith("GET "));
        api.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        requests.add(exchange.getRequestMethod() + " " + path);
        if (forbidden || !"Bearer t".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.sendResponseHeaders(403, -1);
        } else if (path.contains("watch=1")) {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            body.flush();
            try {
                for (String event = events(path); event != null; event = events(path)) {
                    body.write((event + "\n").getBytes(StandardCharsets.UTF_8));
                    body.flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else {
            byte[] list = (path.contains("/services") ? SERVICE : NOTHING).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, list.length);
            exchange.getResponseBody().write(list);
        }
        exchange.close();
    }

    private String events(String path) throws InterruptedException {
        return path.contains("/endpointslices") ? events.poll(20, TimeUnit.SECONDS) : holdOpen();
    }

    private static String holdOpen() throws InterruptedException {
        Thread.sleep(Duration.ofSeconds(20));
        return null;
    }

    private Map<String, String> settings() throws IOException {
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), """
            version: '1.0'
            agents:
              web:
                connection: {url: 'http://web.shop.svc:80'}
                kubernetes: {namespace: shop, service: web}
                actions: {a: /a}
            """);
        Path config = Files.writeString(
                directory.resolve("kubeconfig"), """
            current-context: c
            contexts: [{name: c, context: {cluster: k, user: u}}]
            clusters: [{name: k, cluster: {server: 'https://127.0.0.1:%d', certificate-authority: ca.crt}}]
            users: [{name: u, user: {token: t}}]
            """.formatted(api.getAddress().getPort()));
        return Map.of(
                "registry",
                registry.toString(),
                "kubernetes.kubeconfig",
                config.toString(),
                "observe.local",
                "false",
                "limits.requests_per_second",
                "0");
    }

    private static List<String> open(TestServer server) throws IOException, InterruptedException {
        assertThat(server.post("/scan", "").status()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        server.get("/api/v1/integrity/issues?state=open")
                .json()
                .path("items")
                .forEach(issue -> ids.add(issue.path("id").asString()));
        ids.removeIf(id -> !id.startsWith("cluster-"));
        return ids;
    }

    @Test
    void aServiceThatBecomesReadyIsSeenByTheWatch(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, settings())) {
            assertThat(open(server)).containsExactly("cluster-not-ready-web-shop-web");
            assertThat(server.get("/api/v1/integrity/issues/cluster-not-ready-web-shop-web")
                            .body())
                    .contains("no pod has the labels");

            events.add("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"web-1\",\"resourceVersion\":\"6\","
                    + "\"labels\":{\"kubernetes.io/service-name\":\"web\"}},\"endpoints\":[{\"addresses\":[\"10.1.0.1\"],"
                    + "\"conditions\":{\"ready\":true}}],\"ports\":[{\"port\":8080}]}}");
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!open(server).isEmpty()) {
                assertThat(System.nanoTime()).as("the event is not seen").isLessThan(end);
            }
            assertThat(requests.stream().filter(request -> request.contains("?limit=")))
                    .as("each collection is listed once, however often is scanned")
                    .hasSize(4);
            assertThat(server.get("/api/v1/health/agents").body()).contains("\"web\"", "\"running\":true");
        }
    }

    @Test
    void whatMayNotBeReadIsUnknownAndFailsNobody(Databases databases) throws IOException, InterruptedException {
        forbidden = true;
        try (TestServer server = TestServer.start(databases, directory, settings())) {
            assertThat(open(server)).isEmpty();
            assertThat(server.get("/scan/last").body()).contains("(403)");
            assertThat(server.get("/api/v1/health/agents").body()).contains("(403)", "\"state\":\"unknown\"");
        }
    }
}
