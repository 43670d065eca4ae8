package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.panoptes.sensors.Log;
import dev.panoptes.sensors.forward.Forwarder;
import dev.panoptes.sensors.forward.JetStreamPublisher;
import dev.panoptes.sensors.forward.Publisher.Answer;
import dev.panoptes.sensors.spool.Batch;
import dev.panoptes.sensors.spool.Limits;
import dev.panoptes.sensors.spool.Spool;
import dev.panoptes.server.life.CannotStart;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Spool, forwarder, a real nats-server and a real server: what was taken is there once, whatever ends in between. */
@SuppressWarnings("try") // being interrupted while one of them is closed ends the test, which is right
class TelemetryOverNatsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    private Path program;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeEach
    void program() {
        var found = NatsProcess.program();
        assumeTrue(found.isPresent(), "needs nats-server, which .mvn/test-tools fetches from Debian's package");
        program = found.get();
    }

    private NatsProcess nats() throws IOException, InterruptedException {
        return NatsProcess.start(program, directory.resolve("nats"));
    }

    @Test
    void whereTheLeaderOfTheStreamIsKilledAnotherTakesOver()
            throws CannotStart, IOException, InterruptedException, JetStreamApiException, TimeoutException {
        int chunks = 60;
        int each = 20;
        Path home = Files.createDirectories(directory.resolve("server"));
        try (NatsCluster cluster = NatsCluster.start(program, directory.resolve("cluster"), 3);
                Spool spool = Spool.open(directory.resolve("spool"), Limits.DEFAULT, UUID.randomUUID());
                RunningServer server = RunningServer.start(
                        home,
                        Map.of("nats.url", cluster.url(), "nats.replicas", "3", "limits.requests_per_second", "0"))) {
            await(() -> healthy(server));
            assertThat(cluster.stream(JetStreamPublisher.STREAM)
                            .getConfiguration()
                            .getReplicas())
                    .isEqualTo(3);
            try (JetStreamPublisher publisher = publisher(cluster.url(), token(server));
                    Sending sending = new Sending(spool, publisher)) {
                int killed = -1;
                for (int i = 0; i < chunks; i++) {
                    spool.append(lines(i * each + 1, each), each, Map.of());
                    sending.forwarder.wake();
                    if (i == 15) {
                        killed = cluster.killLeader(JetStreamPublisher.STREAM);
                    } else if (i == 45) {
                        cluster.again(killed);
                    } else {
                        LockSupport.parkNanos(20_000_000);
                    }
                    if (i == 30) {
                        // Two of three are enough: what was sent since the kill arrives without the third.
                        await(() -> {
                            sending.forwarder.wake();
                            return stream(server, spool).path("acknowledged").asLong() >= 31L * each;
                        });
                    }
                }
                await(() -> {
                    sending.forwarder.wake();
                    return stream(server, spool).path("acknowledged").asLong() == (long) chunks * each
                            && spool.batch(1, 1).isEmpty();
                });
            }
            JsonNode ledger = stream(server, spool);
            assertThat(ledger.path("events").asInt()).isEqualTo(chunks * each);
            assertThat(ledger.path("missing").asInt()).isZero();
            assertThat(stored(server, chunks * each)).hasSize(chunks * each);
        }
    }

    @Test
    void whoHasCredentialsOfTheAccountIsLetInAndWhoHasOthersIsToldSo()
            throws CannotStart, IOException, InterruptedException, GeneralSecurityException {
        NatsOperator operator = NatsOperator.make(directory.resolve("operator"));
        Path home = Files.createDirectories(directory.resolve("server"));
        Batch batch = new Batch(1, 2, lines(1, 2), List.of());
        UUID stream = UUID.randomUUID();
        try (NatsProcess nats = NatsProcess.start(program, directory.resolve("nats"), operator);
                RunningServer server = RunningServer.start(
                        home,
                        Map.of(
                                "nats.url",
                                nats.bareUrl(),
                                "nats.credentials",
                                operator.credentials("server").toString(),
                                "limits.requests_per_second",
                                "0"))) {
            await(() -> healthy(server));
            String token = token(server);
            try (JetStreamPublisher right = publisher(nats.bareUrl(), operator.credentials("sensor"), token)) {
                await(() -> right.publish(stream, "auth", batch, 2).equals(new Answer.Kept(2)));
            }
            for (Path none : new Path[] {operator.strangerCredentials("stranger"), null}) {
                try (JetStreamPublisher wrong = publisher(nats.bareUrl(), none, token)) {
                    assertThat(wrong.publish(UUID.randomUUID(), "auth", batch, 2))
                            .isEqualTo(
                                    new Answer.Later("NATS at " + nats.bareUrl() + " refuses the credentials", null));
                }
            }
            Path broken = Files.writeString(directory.resolve("broken.creds"), "no credentials\n");
            for (Path none : new Path[] {broken, directory.resolve("absent.creds")}) {
                try (JetStreamPublisher wrong = publisher(nats.bareUrl(), none, token)) {
                    assertThat(wrong.publish(UUID.randomUUID(), "auth", batch, 2))
                            .isInstanceOfSatisfying(
                                    Answer.Later.class,
                                    later -> assertThat(later.reason()).contains(none.toString()));
                }
            }
            JsonNode ledger =
                    server.call("GET", "/api/v1/telemetry/streams", "").path("items");
            assertThat(ledger.size()).isEqualTo(1);
            assertThat(ledger.path(0).path("events").asInt()).isEqualTo(2);
        }
    }

    private RunningServer server(NatsProcess nats) throws CannotStart, IOException, InterruptedException {
        Path home = Files.createDirectories(directory.resolve("server"));
        return RunningServer.start(home, Map.of("nats.url", nats.url(), "limits.requests_per_second", "0"));
    }

    private static String token(RunningServer server) throws IOException, InterruptedException {
        String made = "{\"name\":\"sensor\",\"role\":\"observer\",\"host\":\"web-1\"}";
        return server.call("POST", "/api/v1/tokens", made).path("token").asString();
    }

    private static JetStreamPublisher publisher(String url, String token) {
        return publisher(url, null, token);
    }

    private static JetStreamPublisher publisher(String url, @Nullable Path credentials, String token) {
        return new JetStreamPublisher(
                new JetStreamPublisher.Where(url, credentials, null), "web.1", () -> token, System::nanoTime, PATIENCE);
    }

    private static byte[] lines(int from, int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < from + count; i++) {
            lines.append("{\"@timestamp\":\"2026-03-01T06:00:00Z\",\"event\":{\"id\":\"e-")
                    .append(i)
                    .append("\",\"action\":\"login\"}}\n");
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Something that comes to be. */
    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("it never came to be").isLessThan(end);
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static boolean healthy(RunningServer server) throws IOException, InterruptedException {
        return server.call("GET", "/api/v1/health/system", "")
                .path("infrastructure")
                .path("eventbus")
                .asString("")
                .matches("healthy|running");
    }

    private static JsonNode stream(RunningServer server, Spool spool) throws IOException, InterruptedException {
        for (JsonNode one : server.call("GET", "/api/v1/telemetry/streams", "").path("items")) {
            if (one.path("stream").asString("").equals(spool.stream().toString())) {
                return one;
            }
        }
        return new JsonMapper().createObjectNode();
    }

    private static Set<String> stored(RunningServer server, int most) throws IOException, InterruptedException {
        Set<String> ids = new HashSet<>();
        int seen = 0;
        String after = "";
        while (after != null) {
            JsonNode page = server.call("GET", "/api/v1/events?limit=200" + after, "");
            for (JsonNode one : page.path("items")) {
                ids.add(one.path("event").path("event").path("id").asString());
                seen++;
            }
            after = page.path("next").isString()
                    ? "&cursor=" + page.path("next").asString()
                    : null;
            assertThat(seen).as("nothing twice").isEqualTo(ids.size()).isLessThanOrEqualTo(most);
        }
        return ids;
    }

    /** A forwarder at work. */
    private final class Sending implements AutoCloseable {
        private final Forwarder forwarder;
        private final Thread thread;

        Sending(Spool spool, JetStreamPublisher publisher) {
            Log log = new Log(
                    new PrintStream(said, true, StandardCharsets.UTF_8), InstantSource.system(), Log.Level.DEBUG);
            forwarder = new Forwarder("auth", spool, publisher, log, new Random(3));
            thread = Thread.ofPlatform().start(forwarder);
        }

        @Override
        public void close() throws InterruptedException {
            thread.interrupt();
            thread.join();
        }
    }

    @Test
    void killedFrozenAndRestartedTheLedgerEqualsWhatWasInjected()
            throws CannotStart, IOException, InterruptedException {
        int chunks = 60;
        int each = 20;
        try (NatsProcess nats = nats();
                Spool spool = Spool.open(directory.resolve("spool"), Limits.DEFAULT, UUID.randomUUID())) {
            RunningServer server = server(nats);
            try {
                JetStreamPublisher publisher = publisher(nats.url(), token(server));
                try (publisher;
                        Sending sending = new Sending(spool, publisher)) {
                    for (int i = 0; i < chunks; i++) {
                        spool.append(lines(i * each + 1, each), each, Map.of());
                        sending.forwarder.wake();
                        switch (i) {
                            case 10 -> nats.kill();
                            case 15 -> nats.again();
                            case 25 -> nats.signal("STOP");
                            case 27 -> LockSupport.parkNanos(4_000_000_000L);
                            case 28 -> nats.signal("CONT");
                            case 40 -> server.stop();
                            case 45 -> server = server(nats);
                            case 50 -> {
                                nats.kill();
                                nats.again();
                            }
                            default -> LockSupport.parkNanos(10_000_000);
                        }
                    }
                    long last = (long) chunks * each;
                    RunningServer there = server;
                    await(() -> {
                        sending.forwarder.wake();
                        return stream(there, spool).path("acknowledged").asLong() == last
                                && spool.batch(1, 1).isEmpty();
                    });
                }
                JsonNode ledger = stream(server, spool);
                assertThat(ledger.path("events").asInt()).isEqualTo(chunks * each);
                assertThat(ledger.path("missing").asInt()).isZero();
                assertThat(ledger.path("lag").asInt()).isZero();
                assertThat(stored(server, chunks * each)).hasSize(chunks * each);
            } finally {
                server.close();
            }
        }
    }

    @Test
    void aFullStreamMakesSensorsWaitAndAServerEmptiesIt()
            throws CannotStart, IOException, InterruptedException, JetStreamApiException {
        try (NatsProcess nats = nats();
                Spool spool = Spool.open(directory.resolve("spool"), Limits.DEFAULT, UUID.randomUUID())) {
            RunningServer before = server(nats);
            await(() -> healthy(before));
            String token = token(before);
            before.stop();
            small(nats);
            spool.append(lines(1, 400), 400, Map.of());
            try (JetStreamPublisher publisher = publisher(nats.url(), token)) {
                for (int i = 0; i < 3; i++) {
                    UUID other = UUID.randomUUID();
                    Batch batch = new Batch(1, 400, random(400), List.of());
                    assertThat(publisher.publish(other, "auth", batch, 400)).isInstanceOf(Answer.Later.class);
                }
                Batch batch = new Batch(1, 400, random(400), List.of());
                assertThat(publisher.publish(UUID.randomUUID(), "auth", batch, 400))
                        .isEqualTo(new Answer.Later("the stream of NATS is full", null));
                try (RunningServer server = server(nats);
                        Sending sending = new Sending(spool, publisher)) {
                    await(() -> {
                        sending.forwarder.wake();
                        return stream(server, spool).path("events").asInt() == 400;
                    });
                    await(() -> server.call("GET", "/api/v1/telemetry/streams", "")
                                    .path("items")
                                    .size()
                            == 4);
                }
            }
        }
    }

    /** As if somebody had made it with room for little. */
    private static void small(NatsProcess nats) throws IOException, InterruptedException, JetStreamApiException {
        try (Connection client = nats.client()) {
            client.jetStreamManagement()
                    .updateStream(StreamConfiguration.builder()
                            .name(JetStreamPublisher.STREAM)
                            .subjects("telemetry.>")
                            .retentionPolicy(RetentionPolicy.WorkQueue)
                            .discardPolicy(DiscardPolicy.New)
                            .maxBytes(60_000)
                            .build());
        }
    }

    /** Events that cannot be compressed much. */
    private static byte[] random(int count) {
        Random random = new Random();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append("{\"a\":\"")
                    .append(Long.toHexString(random.nextLong()))
                    .append(Long.toHexString(random.nextLong()))
                    .append(Long.toHexString(random.nextLong()))
                    .append(Long.toHexString(random.nextLong()))
                    .append("\"}\n");
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whoIsNotLetInAndWhoHasNoTokenIsToldSo() throws CannotStart, IOException, InterruptedException {
        Batch batch = new Batch(1, 2, lines(1, 2), List.of());
        try (NatsProcess nats = nats();
                RunningServer server = server(nats)) {
            await(() -> healthy(server));
            try (JetStreamPublisher wrong = publisher(nats.url("wrong"), "x")) {
                assertThat(wrong.publish(UUID.randomUUID(), "auth", batch, 2))
                        .isInstanceOfSatisfying(
                                Answer.Later.class,
                                later -> assertThat(later.reason())
                                        .contains("refuses the credentials")
                                        .doesNotContain("wrong"));
            }
            try (JetStreamPublisher stranger = publisher(nats.url(), "pno_nobodys")) {
                await(() -> stranger.publish(UUID.randomUUID(), "auth", batch, 2)
                        .equals(new Answer.Refused("no token in force of an observer signed it")));
            }
            String token = token(server);
            UUID stream = UUID.randomUUID();
            try (JetStreamPublisher right = publisher(nats.url(), token)) {
                await(() -> right.publish(stream, "auth", batch, 2).equals(new Answer.Kept(2)));
                Batch bad = new Batch(3, 1, "no event\n".getBytes(StandardCharsets.UTF_8), List.of());
                await(() -> right.publish(stream, "auth", bad, 3)
                        .equals(new Answer.Refused("it is no batch of events: event 1 is no event")));
                Batch others = new Batch(3, 2, lines(3, 2), List.of());
                await(() -> right.publish(stream, "dns", others, 4)
                        .equals(new Answer.Refused("this stream is another host's or sensor's")));
            }
        }
    }

    @Test
    void anAcknowledgementThatTheServerDidNotSignIsNotBelieved()
            throws IOException, InterruptedException, JetStreamApiException, TimeoutException {
        Batch batch = new Batch(1, 2, lines(1, 2), List.of());
        UUID stream = UUID.randomUUID();
        try (JetStreamPublisher nowhere = publisher("nats://panoptes:secret@127.0.0.1:1", "pno_token")) {
            assertThat(nowhere.publish(stream, "auth", batch, 2))
                    .isInstanceOfSatisfying(
                            Answer.Later.class,
                            later -> assertThat(later.reason())
                                    .contains("cannot be reached")
                                    .doesNotContain("secret"));
        }
        try (NatsProcess nats = nats();
                Connection client = nats.client();
                JetStreamPublisher publisher = publisher(nats.url(), "pno_token")) {
            assertThat(publisher.publish(stream, "auth", batch, 2))
                    .isInstanceOfSatisfying(
                            Answer.Later.class,
                            later -> assertThat(later.reason()).contains("has no stream for telemetry"));
            client.jetStreamManagement()
                    .addStream(StreamConfiguration.builder()
                            .name(JetStreamPublisher.STREAM)
                            .subjects("telemetry.>")
                            .build());
            client.createDispatcher(message -> client.publish(
                            message.getHeaders().getFirst("Panoptes-Answer"),
                            ("{\"stream\":\"" + stream + "\",\"acknowledged\":2}").getBytes(StandardCharsets.UTF_8)))
                    .subscribe("telemetry.>");
            client.flush(Duration.ofSeconds(10));

            assertThat(publisher.publish(stream, "auth", batch, 2))
                    .isEqualTo(new Answer.Later("an answer over NATS is not the server's", null));
        }
    }
}
