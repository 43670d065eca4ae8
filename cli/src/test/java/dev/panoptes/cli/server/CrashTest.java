package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.storage.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kill -9 of the server, of PostgreSQL, of both, at random moments under load. Five rounds; {@code make nightly} makes it
 * fifty. A round that fails names its seed: {@code -Dpanoptes.crash.seed=N} plays the same rounds again, as far as processes
 * can be played again.
 */
@Tag("e2e")
class CrashTest {
    private static final System.Logger OUT = System.getLogger("crash");
    private static final int ROUNDS = Integer.getInteger("panoptes.crash.rounds", 5);
    private static final long SEED = Long.getLong("panoptes.crash.seed", System.nanoTime() & 0xffff_ffffL);
    private static final Pattern ALERT = Pattern.compile("port-conflict-\\d+");

    private enum Killed {
        SERVER,
        POSTGRES,
        BOTH
    }

    @TempDir
    Path directory;

    @Test
    void whatWasAcknowledgedSurvivesAndNobodyIsToldTwiceTwice()
            throws IOException, InterruptedException, ExecutionException, SQLException {
        OUT.log(System.Logger.Level.INFO, ROUNDS + " rounds, seed " + SEED);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Random random = new Random(SEED);
        Path registry = directory.resolve("agent-registry.yaml");
        List<Duration> starts = new ArrayList<>();
        List<Killed> kinds = new ArrayList<>();
        try (Receiver hermes = new Receiver();
                Load load = new Load(registry)) {
            StartedServer server = ServerSetup.in(directory)
                    .options("--registry", registry.toString())
                    .environment("PANOPTES_OBSERVE_LOCAL", "false")
                    .environment("PANOPTES_LIMITS_REQUESTS_PER_SECOND", "0")
                    .environment("PANOPTES_ALERTS_GROUPING", "none")
                    .environment("PANOPTES_WATCH_INTERVAL", "2s")
                    .environment("PANOPTES_SCAN_SCHEDULE", "* * * * *")
                    .environment("HERMES_URL", hermes.url())
                    .start();
            try {
                load.prepare(server);
                for (int round = 1; round <= ROUNDS; round++) {
                    Killed killed = next(kinds, random);
                    int before = load.acknowledgedCount();
                    load.go(server);
                    LockSupport.parkNanos(
                            Duration.ofMillis(random.nextInt(1_500)).toNanos());
                    kill(server, killed, random);
                    load.pause();
                    server = again(server, killed, starts);
                    String where = "seed " + SEED + ", round " + round + ", killed " + killed;
                    OUT.log(
                            System.Logger.Level.INFO,
                            where + ", acknowledged " + (load.acknowledgedCount() - before)
                                    + (killed == Killed.POSTGRES ? "" : ", ready after " + starts.getLast()));
                    StartedServer on = server;
                    Await.until(
                            where + ": the server answers",
                            () -> on.get("/readyz").status() == 200);
                    try (Connection connection = connect(server)) {
                        assertThat(load.wrong(server, connection)).as(where).isEmpty();
                    }
                    assertThat(load.surprises()).as(where).isEmpty();
                }
                everybodyWasTold(server, hermes);
                noScanRanTwice(server);
                assertThat(server.stop()).isZero();
                assertThat(starts).allMatch(each -> each.compareTo(Duration.ofSeconds(30)) < 0);
                assertThat(load.acknowledgedCount()).isGreaterThan(ROUNDS);
            } finally {
                server.close();
            }
        }
    }

    /** By chance, but each in turn: even a few rounds have all three. */
    private static Killed next(List<Killed> left, Random random) {
        if (left.isEmpty()) {
            left.addAll(List.of(Killed.values()));
            Collections.shuffle(left, random);
        }
        return left.removeFirst();
    }

    private static void kill(StartedServer server, Killed killed, Random random) throws IOException {
        switch (killed) {
            case SERVER -> server.kill9();
            case POSTGRES -> assertThat(server.killPostgres9()).isTrue();
            case BOTH -> {
                boolean databaseFirst = random.nextBoolean();
                if (databaseFirst) {
                    server.killPostgres9();
                }
                server.kill9();
                if (!databaseFirst) {
                    server.killPostgres9();
                }
            }
        }
    }

    /** A server whose database was killed goes on by itself. */
    private static StartedServer again(StartedServer server, Killed killed, List<Duration> starts)
            throws IOException, InterruptedException {
        if (killed == Killed.POSTGRES) {
            Await.until(
                    "a write gets through again",
                    () -> server.post("/api/v1/tokens", "{\"name\": \"after\", \"role\": \"viewer\"}")
                                    .status()
                            == 201);
            return server;
        }
        StartedServer next = server.again();
        starts.add(next.startTime());
        return next;
    }

    /** Every issue was told, and none more often than once and once for every crash. */
    private static void everybodyWasTold(StartedServer server, Receiver hermes)
            throws IOException, InterruptedException {
        Set<String> issues = new HashSet<>(Load.all(server, "/api/v1/integrity/issues?check=port-conflict", "id"));
        assertThat(issues).isNotEmpty();
        Await.until(
                "every conflict is told",
                Duration.ofSeconds(90),
                () -> told(hermes).containsAll(issues));
        List<String> told = told(hermes);
        assertThat(told.size() - new HashSet<>(told).size()).isLessThanOrEqualTo(ROUNDS);
    }

    private static List<String> told(Receiver hermes) {
        List<String> told = new ArrayList<>();
        for (String body : hermes.bodies()) {
            Matcher alert = ALERT.matcher(body);
            while (alert.find()) {
                told.add(alert.group());
            }
        }
        return told;
    }

    /** The job is due once a minute: two of its scans in one minute would be one too many. */
    private static void noScanRanTwice(StartedServer server) throws SQLException {
        try (Connection connection = connect(server);
                var statement = connection.createStatement();
                ResultSet results = statement.executeQuery("""
                        SELECT date_trunc('minute', started_at) AS due, count(*) AS scans
                        FROM scans WHERE cause = 'schedule' GROUP BY 1
                        """)) {
            while (results.next()) {
                OUT.log(System.Logger.Level.INFO, "scheduled at " + results.getString("due"));
                assertThat(results.getInt("scans")).as(results.getString("due")).isEqualTo(1);
            }
        }
    }

    /** To the embedded database, as the user that runs the server: nobody else gets in. */
    static Connection connect(StartedServer server) throws SQLException {
        Path socket = server.dataDirectory().resolve("postgresql/run/.s.PGSQL.5432");
        return new DatabaseAddress.Socket(socket, "panoptes", "postgres")
                .source()
                .getConnection();
    }
}
