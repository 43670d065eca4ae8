package dev.panoptes.server.scans;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A registry cannot make the server ask what its writer could not ask himself. */
@ExtendWith(TestPostgres.class)
class HostileHealthUrlTest {
    @TempDir
    Path directory;

    private final AtomicInteger asked = new AtomicInteger();

    /** On this machine's loopback: what lies there must not be reached under the name of another host. */
    private HttpServer treasure() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        http.start();
        return http;
    }

    private static HttpServer redirecting(String location) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Location", location);
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        http.start();
        return http;
    }

    @Test
    void noHealthUrlReachesMetadataLoopbackOfOthersOrTheAimOfARedirect(Databases databases)
            throws IOException, InterruptedException {
        HttpServer treasure = treasure();
        int port = treasure.getAddress().getPort();
        HttpServer redirecting = redirecting("http://127.0.0.1:" + port + "/health");
        try {
            Map<String, String> urls = new LinkedHashMap<>();
            urls.put("metadata", "http://169.254.169.254:%d/latest");
            urls.put("mapped", "http://[::ffff:169.254.169.254]:%d");
            urls.put("mapped-hex", "http://[::ffff:a9fe:a9fe]:%d");
            urls.put("compatible", "http://[::a9fe:a9fe]:%d");
            urls.put("nat64", "http://[64:ff9b::a9fe:a9fe]:%d");
            urls.put("six-to-four", "http://[2002:a9fe:a9fe::1]:%d");
            urls.put("link-local", "http://[fe80::1]:%d");
            urls.put("aws-six", "http://[fd00:ec2::254]:%d");
            urls.put("octal", "http://0251.0376.0251.0376:%d");
            urls.put("hex", "http://0xa9.0xfe.0xa9.0xfe:%d");
            urls.put("short", "http://169.254.43518:%d");
            urls.put("alibaba", "http://100.100.100.200:%d");
            urls.put("zero", "http://0.0.0.1:%d");
            urls.put("broadcast", "http://255.255.255.255:%d");
            urls.put("short-loopback", "http://127.1:%d");
            urls.put("octal-loopback", "http://0177.0.0.1:%d");
            urls.put("hex-loopback", "http://0x7f.0.0.1:%d");
            urls.put("userinfo", "http://somebody@169.254.169.254:%d");
            StringBuilder registry = new StringBuilder("version: '1.0'\nagents:\n");
            urls.forEach((key, url) -> registry.append("  " + key + ": {name: " + key + ", connection: {url: '"
                    + String.format(java.util.Locale.ROOT, url, port) + "', timeout_ms: 1000}}\n"));
            // Another host's loopback, and a name that means ours, under the flag of another host.
            registry.append(
                    "  elsewhere: {name: elsewhere, host: far, connection: {url: 'http://127.0.0.1:" + port + "'}}\n");
            registry.append("  redirects: {name: redirects, connection: {url: 'http://127.0.0.1:"
                    + redirecting.getAddress().getPort() + "'}}\n");
            registry.append("hosts:\n  far: {address: localhost}\n");
            Path file = Files.writeString(directory.resolve("agent-registry.yaml"), registry);
            Map<String, String> settings =
                    Map.of("registry", file.toString(), "observe.local", "true", "scan.probe_timeout", "1s");
            try (TestServer server = TestServer.start(databases, directory, settings)) {
                JsonNode report = server.post("/scan", "").json();
                assertThat(report.path("report_id").asString()).isNotEmpty();
                assertThat(asked).as("requests that reached what they must not").hasValue(0);
                List<String> running = server.get("/api/v1/health/agents")
                        .json()
                        .path("agents")
                        .findValuesAsString("status");
                assertThat(running).hasSize(urls.size() + 2).doesNotContain("running");
                assertThat(report.path("issues").toString()).contains("302");
            }
        } finally {
            treasure.stop(0);
            redirecting.stop(0);
        }
    }
}
