package dev.panoptes.integrity.observed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.host.Host;
import dev.panoptes.integrity.observed.Container.Compose;
import dev.panoptes.integrity.observed.Container.Published;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.HostIdentity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerObservationTest {
    private static final String ID = "055f60062ab5901fabc4df6c11740620f68147779b8fb235432d0cf0b5b13510";
    private static final String INSPECTED = """
            {"Id": "%s", "Name": "/shop-web-1", "Image": "sha256:50bd", "RestartCount": 2,
             "State": {"Status": "running", "Pid": %d, "ExitCode": 0, "StartedAt": "2026-02-28T09:20:50.172762101Z",
                       "Health": {"Status": "unhealthy"}},
             "HostConfig": {"NetworkMode": "default", "RestartPolicy": {"Name": "always"}},
             "Config": {"Image": "web:1.0", "Labels": {"com.docker.compose.project": "shop",
               "com.docker.compose.service": "web", "com.docker.compose.oneoff": "False",
               "com.docker.compose.project.working_dir": "/srv/shop",
               "com.docker.compose.project.config_files": "/srv/shop/compose.yaml,/srv/shop/compose.prod.yaml"}},
             "NetworkSettings": {"IPAddress": "172.17.0.2",
               "Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "18080"}, {"HostIp": "::", "HostPort": "18080"}],
                         "9000/tcp": null, "x/tcp": [{"HostIp": "", "HostPort": "99999"}]},
               "Networks": {"bridge": {"IPAddress": "172.17.0.2", "GlobalIPv6Address": "fd00::2"}}}}
            """;

    /** An engine that answers each path with a text; null closes the connection. */
    private static final class Engine implements AutoCloseable {
        private final Path socket;
        private final ServerSocketChannel server;

        Engine(Path socket, UnaryOperator<String> answers) throws IOException {
            this.socket = socket;
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofVirtual().start(() -> serve(answers));
        }

        private void serve(UnaryOperator<String> answers) {
            while (true) {
                try (SocketChannel channel = server.accept()) {
                    ByteBuffer request = ByteBuffer.allocate(4_096);
                    channel.read(request);
                    String head = new String(request.array(), 0, request.position(), StandardCharsets.ISO_8859_1);
                    String answer = answers.apply(head.split(" ")[1]);
                    if (answer != null) {
                        ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
                        while (bytes.hasRemaining()) {
                            channel.write(bytes);
                        }
                    }
                } catch (ClosedChannelException e) {
                    return;
                } catch (IOException e) {
                    // Whoever asked has gone away: the next one may not.
                }
            }
        }

        ContainerObservation look() throws InterruptedException {
            return ContainerObservation.of(Host.live(), List.of(socket));
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static String ok(String json) {
        return "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + json;
    }

    private static String reason(UnaryOperator<String> answers, Path folder) throws IOException, InterruptedException {
        try (Engine engine = new Engine(folder.resolve("engine.sock"), answers)) {
            ContainerObservation seen = engine.look();
            assertThat(seen.containers()).isEmpty();
            return seen.coverage() instanceof Coverage.Denied(String reason)
                    ? reason
                    : seen.coverage().toString();
        }
    }

    @Test
    void aContainerIsReadAsItsEngineTellsIt(@TempDir Path folder) throws IOException, InterruptedException {
        int pid = Math.toIntExact(ProcessHandle.current().pid());
        try (Engine engine = new Engine(
                folder.resolve("engine.sock"),
                path -> path.startsWith("/containers/json")
                        ? ok("[{\"Id\": \"" + ID + "\"}]")
                        : ok(INSPECTED.formatted(ID, pid)))) {
            ContainerObservation seen = engine.look();

            assertThat(seen.coverage()).isEqualTo(new Coverage.Complete());
            Container container = seen.containers().getFirst();
            assertThat(container.listening())
                    .as("the sockets of a process of this test")
                    .isNotNull();
            assertThat(container.withListening(List.of()))
                    .isEqualTo(new Container(
                            ID,
                            "shop-web-1",
                            "web:1.0",
                            "sha256:50bd",
                            "running",
                            "unhealthy",
                            0,
                            2,
                            "always",
                            false,
                            pid,
                            Instant.parse("2026-02-28T09:20:50.172762101Z"),
                            List.of("172.17.0.2", "fd00::2"),
                            List.of(new Published("0.0.0.0", 18080, 80, "tcp"), new Published("::", 18080, 80, "tcp")),
                            List.of(),
                            new Compose(
                                    "shop",
                                    "web",
                                    "/srv/shop",
                                    List.of("/srv/shop/compose.yaml", "/srv/shop/compose.prod.yaml"),
                                    false)));
        }
    }

    @Test
    void aContainerThatIsRemovedMeanwhileIsLeftOut(@TempDir Path folder) throws IOException, InterruptedException {
        try (Engine engine = new Engine(
                folder.resolve("engine.sock"),
                path -> path.startsWith("/containers/json")
                        ? ok("[{\"Id\": \"" + ID + "\"}]")
                        : "HTTP/1.0 404 Not Found\r\n\r\n{}")) {
            assertThat(engine.look()).isEqualTo(new ContainerObservation(List.of(), new Coverage.Complete()));
        }
    }

    @Test
    void whatIsNoEngineIsSaidAndBelievedInNothing(@TempDir Path folder) throws IOException, InterruptedException {
        assertThat(reason(path -> ok("[{\"Id\": 3}]"), folder)).endsWith("it lists a container without an id");
        Files.delete(folder.resolve("engine.sock"));
        assertThat(reason(path -> ok("{}"), folder)).endsWith("it does not list containers");
        Files.delete(folder.resolve("engine.sock"));
        assertThat(reason(path -> ok("[{\"Id\": \"" + ID), folder)).endsWith("its answer is not readable JSON");
        Files.delete(folder.resolve("engine.sock"));
        assertThat(reason(path -> null, folder)).endsWith("it does not answer as a container engine does");
        Files.delete(folder.resolve("engine.sock"));
        assertThat(reason(path -> "HTTP/1.0 500 Broken\r\n\r\n", folder))
                .contains("it answers")
                .contains("500 Broken");
        Files.delete(folder.resolve("engine.sock"));
        assertThat(reason(path -> ok("x".repeat(33 << 20)), folder)).endsWith("its answer is larger than 32 MiB");
    }

    @Test
    void anEngineThatIsNotThereIsAbsentAndOneThatDoesNotAnswerIsNot(@TempDir Path folder)
            throws IOException, InterruptedException {
        assertThat(ContainerObservation.of(Host.live(), List.of(folder.resolve("none")))
                        .coverage())
                .isEqualTo(new Coverage.Absent("no container engine's socket was found"));
        Path stale = folder.resolve("stale.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(stale));
        }
        String real = stale.toRealPath().toString();
        assertThat(ContainerObservation.of(Host.live(), List.of(stale)).coverage())
                .isInstanceOfSatisfying(
                        Coverage.Denied.class,
                        denied -> assertThat(denied.reason())
                                .startsWith("the container engine at " + real + " could not be asked"));
        assertThat(ContainerObservation.of(new Host(folder), List.of(stale)).coverage())
                .isInstanceOf(Coverage.Absent.class);
    }

    @Test
    void anEngineThatHangsHoldsNothingUp(@TempDir Path folder) throws IOException, InterruptedException {
        Path socket = folder.resolve("hangs.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            assertThat(ContainerObservation.of(Host.live(), List.of(socket)).coverage())
                    .isEqualTo(new Coverage.Denied(
                            "the container engine at " + socket.toRealPath() + " did not answer within 5 seconds"));
        }
    }

    @Test
    void aSnapshotCarriesContainers() throws IOException {
        Container container = new Container(
                ID,
                "web",
                "web:1.0",
                "sha256:50bd",
                "running",
                "healthy",
                0,
                0,
                "no",
                true,
                12,
                Instant.parse("2026-02-28T09:20:50Z"),
                List.of("172.17.0.2"),
                List.of(new Published("::", 8080, 80, "tcp")),
                List.of(new Container.Inner("::1", 80)),
                new Compose("p", "s", "/d", List.of("/d/f.yaml"), true));
        Snapshot snapshot = new Snapshot(
                Snapshot.SCHEMA,
                new HostIdentity("h", "h", null, null),
                Instant.parse("2026-03-01T12:00:00Z"),
                "test",
                Map.of(Snapshot.Source.CONTAINERS, new Coverage.Complete()),
                List.of(),
                List.of(),
                List.of(),
                List.of(container));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SnapshotJson().write(snapshot, out);
        assertThat(new SnapshotJson().read(new ByteArrayInputStream(out.toByteArray())))
                .isEqualTo(new SnapshotJson.Result.Read(snapshot));
        String broken = out.toString(StandardCharsets.UTF_8).replace("->80/tcp", "");
        assertThat(new SnapshotJson().read(new ByteArrayInputStream(broken.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOfSatisfying(
                        SnapshotJson.Result.Refused.class,
                        refused -> assertThat(refused.reason())
                                .endsWith("published holds something else than ports such as 0.0.0.0:8080->80/tcp"));
    }
}
