package dev.panoptes.sensors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.host.Host;
import dev.panoptes.sensors.live.UdpListener;
import dev.panoptes.sensors.replay.Datagram;
import dev.panoptes.sensors.replay.Feed;
import dev.panoptes.sensors.replay.Output;
import dev.panoptes.sensors.spool.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sensors do that take more of the machine than they may. */
class BudgetTest {
    private static final int SENT = 3000;

    @TempDir
    Path directory;

    private final AtomicLong used = new AtomicLong();
    private final AtomicLong now = new AtomicLong();
    private final AtomicLong resident = new AtomicLong();
    private final AtomicLong collected = new AtomicLong();

    private Budget budget(int percent) {
        return new Budget(percent, memory(0), used::get, now::get);
    }

    private MemoryBudget memory(long most) {
        return new MemoryBudget(most, resident::get, now::get, collected::incrementAndGet);
    }

    private Duration after(Budget budget, Duration wall, Duration processor) {
        now.addAndGet(wall.toNanos());
        used.addAndGet(processor.toNanos());
        return budget.rest();
    }

    @Test
    void aMomentsWorkIsDoneAtOnceAndWorkThatDoesNotEndIsSlowed() {
        Budget budget = budget(20);
        assertThat(budget.rest()).isZero();
        // Half a minute of 20 % is 6 s: 5 s at once are no harm.
        assertThat(after(budget, Duration.ofSeconds(5), Duration.ofSeconds(5))).isZero();
        assertThat(budget.told()).isNull();
        // One second of the 6 and one of the wall clock's 5 are left; 4 more are 2 too many, which 10 s give.
        assertThat(after(budget, Duration.ofSeconds(4), Duration.ofSeconds(4)))
                .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(11));
        assertThat(budget.told()).contains("20 % of a core").contains("dropped and counted");
        assertThat(after(budget, Duration.ofSeconds(20), Duration.ZERO)).isZero();
        assertThat(budget.told()).isNotNull();
        assertThat(after(budget, Duration.ofSeconds(61), Duration.ZERO)).isZero();
        assertThat(budget.told()).isNull();
    }

    @Test
    void overAnHourItTakesItsShareAndNoMore() {
        Budget budget = budget(10);
        long worked = 0;
        long end = Duration.ofHours(1).toNanos();
        budget.rest();
        while (now.get() < end) {
            now.addAndGet(25_000_000);
            if (budget.rest().isZero()) {
                used.addAndGet(25_000_000);
                worked += 25_000_000;
            }
        }
        // A tenth of an hour and the first half minute's.
        assertThat(Duration.ofNanos(worked)).isBetween(Duration.ofSeconds(355), Duration.ofSeconds(366));
    }

    @Test
    void whatCannotBeMeasuredIsNotSlowed() {
        used.set(-1);
        Budget budget = budget(1);
        for (int i = 0; i < 100; i++) {
            now.addAndGet(1_000_000_000);
            assertThat(budget.rest()).isZero();
        }
        Budget free = budget(0);
        used.set(0);
        assertThat(after(free, Duration.ofSeconds(1), Duration.ofHours(1))).isZero();
    }

    @Test
    void memoryThatACollectionGivesBackDoesNotCount() {
        MemoryBudget all = new MemoryBudget(
                100, resident::get, now::get, () -> resident.set(collected.incrementAndGet() > 1 ? 150 : 90));
        Budget budget = new Budget(0, all, used::get, now::get);
        resident.set(120);
        assertThat(budget.rest()).isZero();
        assertThat(collected).hasValue(1);
        resident.set(120);
        now.addAndGet(5_000_000_000L);
        // A collection every half minute at most: what is over it now is slowed.
        assertThat(budget.rest()).isPositive();
        assertThat(collected).hasValue(1);
        now.addAndGet(30_000_000_000L);
        assertThat(budget.rest()).isPositive();
        assertThat(budget.told()).contains("MB of memory");
        resident.set(99);
        now.addAndGet(2_000_000_000L);
        assertThat(budget.rest()).isZero();
        assertThat(budget.told()).isNull();
    }

    /** A collector whose datagrams are dear. */
    private static final class Dear implements Sensor {
        private final CompletableFuture<InetSocketAddress> bound = new CompletableFuture<>();
        private final BlockingQueue<Long> cycles = new LinkedBlockingQueue<>();

        @Override
        public String name() {
            return "flow";
        }

        @Override
        public Duration interval() {
            return Duration.ofMillis(200);
        }

        @Override
        public String reads() {
            return "datagrams";
        }

        @Override
        public String needs() {
            return "nothing";
        }

        @Override
        public List<String> techniques() {
            return List.of();
        }

        @Override
        public SensorStatus status(Surroundings surroundings) {
            return new SensorStatus.Permitted();
        }

        @Override
        public ReplayResult replay(Replay replay, EventSink sink) {
            return ReplayResult.NOTHING;
        }

        @Override
        public Watch open(Surroundings surroundings, EventSink sink) throws IOException {
            UdpListener listener =
                    new UdpListener("test", List.of("127.0.0.1:0"), new Burning(), surroundings.clock(), sink);
            bound.complete(listener.bound().getFirst());
            return new Watch() {
                @Override
                public void collect(Cycle cycle) throws IOException, InterruptedException {
                    listener.collect(cycle);
                    cycles.add(cycle.number());
                }

                @Override
                public void close() {
                    listener.close();
                }
            };
        }
    }

    private static final class Burning implements Feed {
        @Override
        public void datagram(Datagram datagram, Output out) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(new byte[1 << 19]);
                out.event(Event.builder()
                        .put("@timestamp", datagram.time())
                        .put("event.action", "flow")
                        .put("flow.state", "x" + digest[0]));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private record Outcome(SensorState state, Counters.Seen seen, String events, String heartbeat, long overrun) {}

    /** Sends datagrams as fast as it can, and waits until each is accounted for. */
    private Outcome flood(Budgets budgets) throws IOException, InterruptedException {
        ByteArrayOutputStream events = new ByteArrayOutputStream();
        RunOptions options = new RunOptions(
                new Host(directory),
                new Origin("id", "host", "1"),
                InstantSource.system(),
                ZoneOffset.UTC,
                directory.resolve("data"),
                directory.resolve("beats"),
                null,
                false,
                Limits.DEFAULT,
                budgets,
                events,
                true,
                null,
                new SplittableRandom(1));
        Log log = new Log(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                InstantSource.system(),
                Log.Level.ERROR);
        Dear sensor = new Dear();
        Outcome outcome;
        try (SensorRunner runner = SensorRunner.start(List.of(sensor), options, _ -> Orders.run(Settings.none()), log);
                DatagramSocket socket = new DatagramSocket()) {
            InetSocketAddress to = sensor.bound.join();
            for (int i = 0; i < SENT; i++) {
                socket.send(new DatagramPacket(new byte[40], 40, to));
            }
            long overrun = 0;
            Counters.Seen seen = runner.seen().getFirst().counters();
            long known = 0;
            while (known < SENT) {
                assertThat(sensor.cycles.poll(60, TimeUnit.SECONDS))
                        .as("a cycle")
                        .isNotNull();
                seen = runner.seen().getFirst().counters();
                overrun = seen.lost().getOrDefault(Loss.KERNEL_OVERFLOW, 0L);
                // Every loss is an event too.
                long flows = lines(events, "\"action\":\"flow\"");
                known = flows + seen.lost().getOrDefault(Loss.RATE, 0L) + overrun;
            }
            sensor.cycles.clear();
            assertThat(sensor.cycles.poll(60, TimeUnit.SECONDS)).as("one more").isNotNull();
            outcome = new Outcome(
                    runner.states().getFirst(),
                    runner.seen().getFirst().counters(),
                    "",
                    Files.readString(directory.resolve("beats/flow_agent.json")),
                    overrun);
        }
        return new Outcome(
                outcome.state,
                outcome.seen,
                events.toString(StandardCharsets.UTF_8),
                outcome.heartbeat,
                outcome.overrun);
    }

    private static long lines(ByteArrayOutputStream events, String with) {
        synchronized (events) {
            return events.toString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains(with))
                    .count();
        }
    }

    private static long told(String events) {
        Matcher losses =
                Pattern.compile("\"reason\":\"rate\".*?\"count\":(\\d+)").matcher(events);
        long all = 0;
        while (losses.find()) {
            all += Long.parseLong(losses.group(1));
        }
        return all;
    }

    @Test
    void whatASensorOverItsShareOfTheProcessorDoesNotReadIsCounted() throws IOException, InterruptedException {
        Outcome outcome = flood(new Budgets(1, 0));

        long dropped = outcome.seen.lost().getOrDefault(Loss.RATE, 0L);
        long flows = outcome.events
                .lines()
                .filter(line -> line.contains("\"action\":\"flow\""))
                .count();
        assertThat(dropped).isPositive();
        assertThat(flows).isPositive();
        assertThat(flows + dropped + outcome.overrun).isEqualTo(SENT);
        assertThat(told(outcome.events)).isEqualTo(dropped);
        assertThat(outcome.state.word()).isEqualTo(SensorState.Word.DEGRADED);
        assertThat(outcome.state.toString()).contains("1 % of a core");
        assertThat(outcome.heartbeat).contains("1 % of a core");
    }

    @Test
    void whatComesWhileTheProcessHasTooMuchMemoryIsCounted() throws IOException, InterruptedException {
        Outcome outcome = flood(new Budgets(0, 1 << 20));

        assertThat(outcome.seen.lost().getOrDefault(Loss.RATE, 0L) + outcome.overrun)
                .isEqualTo(SENT);
        assertThat(told(outcome.events)).isEqualTo(SENT - outcome.overrun);
        assertThat(outcome.heartbeat).contains("1 MB of memory");
        assertThat(outcome.state.word()).isEqualTo(SensorState.Word.DEGRADED);
    }

    @Test
    void withinItsBudgetNothingIsDropped() throws IOException, InterruptedException {
        Outcome outcome = flood(Budgets.NONE);

        assertThat(outcome.seen.lost()).doesNotContainKey(Loss.RATE);
        assertThat(outcome.state.word()).isEqualTo(SensorState.Word.RUNNING);
        assertThat(outcome.heartbeat).doesNotContain("slowed");
    }
}
