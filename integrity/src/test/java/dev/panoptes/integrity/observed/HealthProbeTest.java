package dev.panoptes.integrity.observed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.Protocol;
import dev.panoptes.integrity.observed.ProbeTarget.Destination;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real connections to programs that answer well, badly or not at all. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HealthProbeTest {
    private static final Duration TIMEOUT = Duration.ofMillis(600);
    private static final String OK = "{\"agent\":\"HERMES\"}";

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (AutoCloseable each : open) {
            try {
                each.close();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    private static ProbeTarget target(String scheme, int port, Destination destination) {
        return new ProbeTarget(
                "hermes", Protocol.HTTP, scheme, "hermes:" + port, "hermes", port, "/health?x=1", destination, TIMEOUT);
    }

    private static ProbeTarget target(int port, String... addresses) {
        return target("http", port, new Destination.Addresses(List.of(addresses)));
    }

    private static ProbeAnswer ask(ProbeTarget target) throws InterruptedException {
        return new HealthProbe()
                .ask(List.of(target), 4, Duration.ofSeconds(20))
                .getFirst()
                .answer();
    }

    private ProbeAnswer ask(FakeAgent agent) throws InterruptedException {
        return ask(target(keep(agent).port(), "127.0.0.1"));
    }

    private static IdentityProof proof(FakeAgent agent) throws InterruptedException {
        return new HealthProbe()
                .ask(List.of(target(agent.port(), "127.0.0.1")), 4, Duration.ofSeconds(20))
                .getFirst()
                .proof();
    }

    private static String reason(ProbeAnswer answer) {
        assertThat(answer).isInstanceOf(ProbeAnswer.Faulty.class);
        return ((ProbeAnswer.Faulty) answer).reason();
    }

    private static String notAsked(ProbeAnswer answer) {
        assertThat(answer).isInstanceOf(ProbeAnswer.NotAsked.class);
        return ((ProbeAnswer.NotAsked) answer).reason();
    }

    @Test
    void aHealthyAgentIsAskedOnceAndPlainly() throws IOException, InterruptedException {
        FakeAgent agent = FakeAgent.json(OK);

        assertThat(ask(agent))
                .isInstanceOfSatisfying(
                        ProbeAnswer.Healthy.class,
                        healthy -> assertThat(healthy.identity()).isEqualTo("HERMES"));
        assertThat(agent.requests()).hasSize(1);
        assertThat(agent.requests().getFirst())
                .matches(Pattern.quote("GET /health?x=1 HTTP/1.1\nHost: hermes:" + agent.port()
                                + "\nUser-Agent: panoptes\nAccept-Encoding: identity\nAccept: application/json\n"
                                + "Panoptes-Nonce: ")
                        + "[0-9a-f]{64}\nConnection: close\n");
    }

    @Test
    void everyRequestBearsANonceOfItsOwnAndWhatSignsItIsKeptUnjudged() throws IOException, InterruptedException {
        String signature = "A".repeat(86) + "==";
        FakeAgent agent = keep(FakeAgent.raw(
                "HTTP/1.1 200 OK\r\nPanoptes-Proof: instance-1 " + signature + "\r\nContent-Length: 2\r\n\r\n{}"));
        IdentityProof first = proof(agent);
        IdentityProof second = proof(agent);
        assertThat(first.instance()).isEqualTo("instance-1");
        assertThat(first.signature()).isEqualTo(signature);
        assertThat(first.nonce()).isNotEqualTo(second.nonce());
        assertThat(agent.requests().getFirst()).contains("Panoptes-Nonce: " + first.nonce() + "\n");

        for (String bad : List.of("", "instance-1", "x " + signature, "instance-1 AAAA", "instance-1  " + signature)) {
            FakeAgent other = keep(
                    FakeAgent.raw("HTTP/1.1 200 OK\r\nPanoptes-Proof: " + bad + "\r\nContent-Length: 2\r\n\r\n{}"));
            assertThat(proof(other)).as(bad).isNull();
        }
    }

    @Test
    void anAgentThatKeepsTheConnectionOpenIsNotWaitedFor() throws IOException, InterruptedException {
        FakeAgent agent = new FakeAgent((connection, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(StandardCharsets.US_ASCII));
            FakeAgent.linger(connection, 20_000);
        });

        assertThat(ask(agent)).isInstanceOf(ProbeAnswer.Healthy.class);
    }

    @Test
    void noRedirectIsFollowed() throws IOException, InterruptedException {
        FakeAgent target = keep(FakeAgent.json(OK));
        FakeAgent agent = FakeAgent.raw(
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + target.port() + "/\r\nContent-Length: 0\r\n\r\n");

        assertThat(reason(ask(agent))).startsWith("redirects with status 302 to http://127.0.0.1:");
        assertThat(target.requests()).isEmpty();
    }

    @Test
    void twentyMegabytesAreNotRead() throws IOException, InterruptedException {
        FakeAgent announced = new FakeAgent((connection, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 20971520\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            pour(out);
        });
        FakeAgent endless = new FakeAgent((connection, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            pour(out);
        });

        assertThat(reason(ask(announced))).isEqualTo("announces an answer of 20971520 bytes, more than 64 KiB");
        assertThat(reason(ask(endless))).isEqualTo("sends more than 64 KiB");
    }

    private static void pour(java.io.OutputStream out) throws IOException {
        byte[] block = new byte[1 << 20];
        for (int i = 0; i < 20; i++) {
            out.write(block);
        }
    }

    @Test
    void aSlowDripEndsAtTheDeadline() throws IOException, InterruptedException {
        FakeAgent drip = new FakeAgent((connection, out) -> {
            for (char each : ("HTTP/1.1 200 OK\r\n\r\n" + " ".repeat(1_000)).toCharArray()) {
                out.write(each);
                FakeAgent.linger(connection, 50);
            }
        });
        long start = System.nanoTime();

        assertThat(reason(ask(drip))).isEqualTo("does not answer within 0.6 s");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void silenceHangingUpAndNoiseAreFaults() throws IOException, InterruptedException {
        FakeAgent silent = new FakeAgent((connection, out) -> FakeAgent.linger(connection, 20_000));
        FakeAgent closing = new FakeAgent((connection, out) -> {});
        FakeAgent halfClosed = new FakeAgent((connection, out) -> {
            connection.shutdownOutput();
            FakeAgent.linger(connection, 20_000);
        });
        FakeAgent resetting = new FakeAgent((connection, out) -> connection.setSoLinger(true, 0));
        FakeAgent noisy = FakeAgent.raw("SSH-2.0-OpenSSH_9.2\r\n");

        assertThat(reason(ask(silent))).isEqualTo("does not answer within 0.6 s");
        assertThat(reason(ask(closing))).isEqualTo("closes the connection without an answer");
        assertThat(reason(ask(halfClosed))).isEqualTo("closes the connection without an answer");
        assertThat(reason(ask(resetting))).startsWith("breaks the connection off");
        assertThat(reason(ask(noisy))).isEqualTo("does not speak HTTP, but SSH");
    }

    @Test
    void everybodyIsAskedWithinTheLongestTimeout() throws IOException, InterruptedException {
        List<ProbeTarget> targets = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            FakeAgent agent = i % 2 == 0
                    ? FakeAgent.json(OK)
                    : new FakeAgent((connection, out) -> FakeAgent.linger(connection, 20_000));
            targets.add(target(keep(agent).port(), "127.0.0.1"));
        }
        long start = System.nanoTime();

        List<Probe> probes = new HealthProbe().ask(targets, 64, Duration.ofSeconds(20));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(probes)
                .extracting(Probe::port)
                .containsExactlyElementsOf(
                        targets.stream().map(ProbeTarget::port).toList());
        assertThat(probes.stream().filter(probe -> probe.answer() instanceof ProbeAnswer.Healthy))
                .hasSize(20);
        assertThat(probes.stream().filter(probe -> probe.answer() instanceof ProbeAnswer.Faulty))
                .hasSize(20);
    }

    @Test
    void whatTheDeadlineCutsOffWasNotAsked() throws IOException, InterruptedException {
        FakeAgent silent = keep(new FakeAgent((connection, out) -> FakeAgent.linger(connection, 20_000)));
        List<ProbeTarget> targets = List.of(target(silent.port(), "127.0.0.1"), target(silent.port(), "127.0.0.1"));

        List<Probe> probes = new HealthProbe().ask(targets, 1, Duration.ofMillis(300));

        assertThat(probes)
                .extracting(probe -> notAsked(probe.answer()))
                .containsOnly("the deadline of all probes had passed");
    }

    @Test
    void noProxyIsAskedFirst() throws IOException, InterruptedException {
        FakeAgent agent = keep(FakeAgent.json(OK));
        ProxySelector usual = ProxySelector.getDefault();
        List<URI> asked = new ArrayList<>();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                asked.add(uri);
                return List.of(Proxy.NO_PROXY);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException e) {
                asked.add(uri);
            }
        });
        try {
            assertThat(ask(agent)).isInstanceOf(ProbeAnswer.Healthy.class);
            assertThat(asked).isEmpty();
        } finally {
            ProxySelector.setDefault(usual);
        }
    }

    @Test
    void aClosedPortRefuses() throws IOException, InterruptedException {
        int port = freePort();

        assertThat(ask(target(port, "127.0.0.1", "::1"))).isEqualTo(new ProbeAnswer.Refused());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Test
    void anAgentOnIpv6OnlyIsFoundBehindIpv4() throws IOException, InterruptedException {
        FakeAgent agent = keep(new FakeAgent(
                new ServerSocket(0, 5, InetAddress.ofLiteral("::1")),
                (connection, out) -> out.write(("HTTP/1.0 200 OK\r\n\r\n" + OK).getBytes(StandardCharsets.US_ASCII))));

        Probe probe = new HealthProbe()
                .ask(List.of(target(agent.port(), "127.0.0.1", "::1")), 1, Duration.ofSeconds(5))
                .getFirst();

        assertThat(probe.answer()).isInstanceOf(ProbeAnswer.Healthy.class);
        assertThat(probe.address()).isEqualTo("::1");
    }

    @Test
    void aFullBacklogIsNoAcceptedConnection() throws IOException, InterruptedException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            for (int i = 0; i < 3; i++) {
                Socket waiting = keep(new Socket());
                try {
                    waiting.connect(full.getLocalSocketAddress(), 200);
                } catch (java.net.SocketTimeoutException e) {
                    // then the backlog is full already
                }
            }

            assertThat(ask(target(full.getLocalPort(), "127.0.0.1")))
                    .isInstanceOfSatisfying(ProbeAnswer.Faulty.class, faulty -> {
                        assertThat(faulty.connected()).isFalse();
                        assertThat(faulty.reason()).isEqualTo("does not accept the connection within 0.6 s");
                    });
        }
    }

    @Test
    void namesAreJudgedByTheAddressTheyResolveTo() throws IOException, InterruptedException {
        FakeAgent agent = keep(FakeAgent.json(OK));

        assertThat(notAsked(ask(target("http", agent.port(), new Destination.Name("localhost")))))
                .startsWith("localhost resolves to ")
                .endsWith("which is this machine's loopback");
        assertThat(notAsked(ask(target("http", 80, new Destination.Name("169.254.169.254")))))
                .isEqualTo("169.254.169.254 resolves to 169.254.169.254, which is link-local, where metadata services"
                        + " live");
        assertThat(notAsked(ask(target("http", 80, new Destination.Name("no-such-host.invalid")))))
                .isEqualTo("no-such-host.invalid does not resolve to an address");
        assertThat(agent.requests()).isEmpty();
    }

    @Test
    void textIsNoTls() throws IOException, InterruptedException {
        ServerSocket plain = keep(new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1")));
        Thread.ofVirtual().start(() -> {
            try (Socket connection = plain.accept()) {
                connection.getOutputStream().write("220 ready\r\n".getBytes(StandardCharsets.US_ASCII));
                FakeAgent.linger(connection, 20_000);
            } catch (IOException e) {
                // the probe hung up, as it should
            }
        });

        assertThat(reason(ask(target("https", plain.getLocalPort(), new Destination.Addresses(List.of("127.0.0.1"))))))
                .isEqualTo("does not speak TLS: its URL should begin with http://");
    }

    @Test
    void aSlowHandshakeEndsAtTheDeadline() throws IOException, InterruptedException {
        // The kernel accepts, and nobody ever answers.
        ServerSocket silent = keep(new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1")));
        long start = System.nanoTime();

        ProbeAnswer answer =
                ask(target("https", silent.getLocalPort(), new Destination.Addresses(List.of("127.0.0.1"))));

        assertThat(reason(answer)).isEqualTo("does not answer within 0.6 s");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void aCertificateMustBeTrustedAndForTheDeclaredHost(@TempDir Path directory)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path keys = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=hermes",
                        "-ext",
                        "san=dns:hermes",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        "changeit",
                        "-storetype",
                        "PKCS12")
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (FileInputStream in = new FileInputStream(keys.toFile())) {
            store.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(store, "changeit".toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        FakeAgent agent = keep(new FakeAgent(
                context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1")),
                (connection, out) -> out.write(("HTTP/1.0 200 OK\r\n\r\n" + OK).getBytes(StandardCharsets.US_ASCII))));
        Destination here = new Destination.Addresses(List.of("127.0.0.1"));
        Duration ample = Duration.ofSeconds(10);
        ProbeTarget hermes =
                new ProbeTarget("a", Protocol.HTTP, "https", "hermes", "hermes", agent.port(), "/", here, ample);
        ProbeTarget other =
                new ProbeTarget("b", Protocol.HTTP, "https", "varys", "varys", agent.port(), "/", here, ample);

        assertThat(notAsked(ask(hermes))).startsWith("its TLS certificate is not trusted here");
        assertThat(askTrusting(context.getSocketFactory(), hermes)).isInstanceOf(ProbeAnswer.Healthy.class);
        assertThat(notAsked(askTrusting(context.getSocketFactory(), other)))
                .startsWith("its TLS certificate is not trusted here");
    }

    private static ProbeAnswer askTrusting(SSLSocketFactory factory, ProbeTarget target) throws InterruptedException {
        return new HealthProbe(() -> factory)
                .ask(List.of(target), 1, Duration.ofSeconds(10))
                .getFirst()
                .answer();
    }

    @Test
    void aDestinationThatIsNoneIsNotAsked() throws InterruptedException {
        assertThat(notAsked(ask(target("http", 80, new Destination.None("because")))))
                .isEqualTo("because");
    }
}
