package dev.panoptes.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.http.RawClient.Said;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Connections that try to smuggle, to mislead by their Host, or to hold the server up. */
@ExtendWith(TestPostgres.class)
class HostileConnectionTest {
    private static final String INNER = "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    @TempDir
    Path directory;

    private TestServer start(Databases databases, Map<String, String> more) throws InterruptedException {
        Map<String, String> settings = new java.util.HashMap<>(more);
        settings.put("observe.local", "false");
        settings.put("limits.requests_per_second", "0");
        return TestServer.start(databases, directory, settings);
    }

    private static String post(String headers, String body) {
        return "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + headers + "\r\n\r\n"
                + body;
    }

    @Test
    void aRequestWhoseEndCanBeReadInTwoWaysIsRefusedAndNothingBehindItIsRead(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of())) {
            RawClient client = new RawClient(server.url());
            int length = INNER.length();
            for (String request : List.of(
                    post("Content-Length: " + length + "\r\nTransfer-Encoding: chunked", "0\r\n\r\n" + INNER),
                    post("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n" + INNER),
                    post("Content-Length: 0\r\nContent-Length: " + length, INNER),
                    post("Content-Length: 0, " + length, INNER),
                    post("Content-Length: +0", INNER),
                    post("Content-Length: -1", INNER),
                    post("Content-Length : 0", INNER),
                    post("Transfer-Encoding: xchunked", "0\r\n\r\n" + INNER),
                    post("Transfer-Encoding: chunked, identity", "0\r\n\r\n" + INNER),
                    post("Transfer-Encoding : chunked", "0\r\n\r\n" + INNER),
                    post("Transfer-Encoding: chunked", "zz\r\n\r\n" + INNER),
                    post("X: a\r\n b\r\nContent-Length: 0", INNER),
                    "GET /livez HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" + INNER,
                    "GET /livez HTTP/1.1\r\n\r\n" + INNER,
                    "GET /livez\u0001 HTTP/1.1\r\nHost: x\r\n\r\n" + INNER,
                    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + INNER)) {
                Said said = client.send(request);
                assertThat(said.answers()).as(request + "\n->\n" + said.text()).isLessThanOrEqualTo(1);
                assertThat(said.status()).as(request).isBetween(400, 505);
                assertThat(said.text()).as(request).doesNotContain("{\"status\":\"ok\"}");
            }
        }
    }

    @Test
    void whateverAHostHeaderSaysTheAnswerIsTheSame(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of())) {
            RawClient client = new RawClient(server.url());
            for (String host : List.of("x", "evil.example", "169.254.169.254", "localhost:1", "[::1]:8022")) {
                for (String target : List.of("/status", "http://evil.example/status")) {
                    Said said = client.send("GET " + target + " HTTP/1.1\r\nHost: " + host
                            + "\r\nAccept: text/html\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n"
                            + "Connection: close\r\n\r\n");
                    if (said.status() != 400) {
                        assertThat(said.status()).isEqualTo(303);
                        assertThat(said.text())
                                .as("an answer names no host at all")
                                .contains("Location: /login?next=%2Fstatus\r\n")
                                .doesNotContain("evil");
                    }
                }
            }
        }
    }

    @Test
    void aHeadThatComesByteByByteIsCutAndOthersAreServedMeanwhile(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of("limits.request_head", "1s"))) {
            URI uri = URI.create(server.url());
            List<Socket> idle = new ArrayList<>();
            try {
                for (int i = 0; i < 500; i++) {
                    Socket socket = new Socket(uri.getHost(), uri.getPort());
                    idle.add(socket);
                    if (i % 2 == 0) {
                        socket.getOutputStream().write("GET /livez HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));
                    }
                }
                long begin = System.nanoTime();
                for (int i = 0; i < 20; i++) {
                    assertThat(server.get("/readyz").status()).isEqualTo(200);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
                assertThat(secondsUntilCut(uri)).isLessThan(8);
                for (Socket socket : idle) {
                    assertThat(isCut(socket)).isTrue();
                }
            } finally {
                for (Socket socket : idle) {
                    socket.close();
                }
            }
            assertThat(server.get("/readyz").status()).isEqualTo(200);
        }
    }

    /** Sends a byte of a head now and then until the server has had enough. */
    private static long secondsUntilCut(URI uri) throws IOException {
        long begin = System.nanoTime();
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(200);
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            byte[] head = ("GET /livez HTTP/1.1\r\nX: " + "y".repeat(1_000)).getBytes(StandardCharsets.US_ASCII);
            for (byte each : head) {
                out.write(each);
                try {
                    if (in.read() < 0) {
                        break;
                    }
                } catch (SocketTimeoutException e) {
                    // It still listens.
                    out.flush();
                }
            }
        } catch (SocketException e) {
            return Duration.ofNanos(System.nanoTime() - begin).toSeconds();
        }
        return Duration.ofNanos(System.nanoTime() - begin).toSeconds();
    }

    private static boolean isCut(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }
}
