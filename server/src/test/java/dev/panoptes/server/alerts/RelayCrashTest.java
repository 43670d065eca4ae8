package dev.panoptes.server.alerts;

import static dev.panoptes.server.issues.Reports.portConflict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.alerts.channel.AlertIssue;
import dev.panoptes.server.alerts.channel.Message;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Kill -9 between the receiver's taking a message and its being marked. */
@ExtendWith(TestPostgres.class)
class RelayCrashTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void aKilledRelayLosesNothingAndRepeatsOneMessageAtMost(Databases databases)
            throws IOException, InterruptedException {
        DatabaseAddress address = databases.freshAddress();
        try (Database database = new Database(address, 2);
                Receiver receiver = new Receiver()) {
            OutboxStore outbox = new OutboxStore();
            database.execute(transaction -> {
                outbox.introduce(transaction, List.of("hermes"), NOW);
                for (int port = 1; port <= 5; port++) {
                    AlertIssue issue = AlertsTest.told(portConflict(port, "a", "b"));
                    outbox.put(transaction, "hermes", Message.of(Message.Kind.ALERT, NOW, "", List.of(issue), 0), NOW);
                }
            });
            CountDownLatch killed = new CountDownLatch(1);
            receiver.answers(got -> got.body().contains("About 3") ? await(killed) : 200);
            Process first = relay(address, receiver, NOW);
            for (int i = 0; i < 3; i++) {
                receiver.next();
            }
            first.destroyForcibly();
            assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
            killed.countDown();
            receiver.answers(_ -> 200);
            // As long as its lease holds, nobody may tell whether it is dead.
            assertThat(relay(address, receiver, NOW.plusSeconds(29)).waitFor()).isZero();
            assertThat(receiver.got()).hasSize(3);
            assertThat(relay(address, receiver, NOW.plusSeconds(30)).waitFor()).isZero();
            List<String> told = receiver.got().stream()
                    .map(got -> got.json().path("message").asString())
                    .map(text -> text.replaceAll("(?s).*\\[PANOPTES] About (\\d).*", "$1"))
                    .toList();
            assertThat(told).containsExactly("1", "2", "3", "3", "4", "5");
            assertThat(IntStream.rangeClosed(1, 5).mapToObj(Integer::toString)).allMatch(told::contains);
        }
    }

    private static int await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 200;
    }

    private static Process relay(DatabaseAddress address, Receiver receiver, Instant now) throws IOException {
        DatabaseAddress.Socket socket = (DatabaseAddress.Socket) address;
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.panoptes.server.alerts.RelayProcess",
                        socket.path().toString(),
                        socket.user(),
                        socket.database(),
                        receiver.url().toString(),
                        now.toString())
                .inheritIO()
                .start();
    }
}
