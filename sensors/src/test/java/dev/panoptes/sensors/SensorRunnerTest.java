package dev.panoptes.sensors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.host.Host;
import dev.panoptes.sensors.spool.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sensors that are told something else while they run. */
class SensorRunnerTest {
    @TempDir
    Path directory;

    private final BlockingQueue<String> happened = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable String> broken = new AtomicReference<>();

    /** One event in every cycle. */
    private final class Ticking implements Sensor {
        @Override
        public String name() {
            return "dns";
        }

        @Override
        public Duration interval() {
            return Duration.ofMillis(20);
        }

        @Override
        public String reads() {
            return "nothing";
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
            String why = broken.get();
            if (why != null) {
                throw new IOException(why);
            }
            happened.add("opened");
            return new Watch() {
                @Override
                public void collect(Cycle cycle) throws InterruptedException {
                    sink.event(Event.builder().put("event.action", "tick").put("@timestamp", cycle.time()));
                    happened.add("cycle");
                }

                @Override
                public void close() {
                    happened.add("closed");
                }
            };
        }
    }

    private RunOptions options() {
        return new RunOptions(
                new Host(directory),
                new Origin("id", "host", "1"),
                InstantSource.system(),
                ZoneOffset.UTC,
                directory.resolve("data"),
                directory.resolve("beats"),
                null,
                false,
                Limits.DEFAULT,
                Budgets.DEFAULT,
                null,
                false,
                null,
                new SplittableRandom(1));
    }

    private static Log log() {
        return new Log(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                InstantSource.system(),
                Log.Level.ERROR);
    }

    private void await(String what) throws InterruptedException {
        while (true) {
            String next = happened.poll(30, TimeUnit.SECONDS);
            assertThat(next)
                    .as("nothing happens, and " + what + " was waited for")
                    .isNotNull();
            if (what.equals(next)) {
                return;
            }
        }
    }

    private static Orders orders(boolean enabled) {
        return new Orders(Settings.none(), enabled);
    }

    @Test
    void switchedOffItsSourceIsClosedItSaysSoAndItsNumbersGoOnAfterwards() throws IOException, InterruptedException {
        try (SensorRunner runner = SensorRunner.start(List.of(new Ticking()), options(), _ -> orders(true), log())) {
            await("cycle");
            assertThat(runner.states().getFirst().word()).isEqualTo(SensorState.Word.RUNNING);
            assertThat(runner.apply(Map.of("dns", orders(false)))).isEmpty();
            await("closed");
            SensorState off = runner.states().getFirst();
            assertThat(off.word()).isEqualTo(SensorState.Word.STOPPED);
            assertThat(off.reason()).isEqualTo("switched off by configuration");
            assertThat(directory.resolve("beats/dns_agent.json"))
                    .content()
                    .contains("\"status\":\"stopped\"")
                    .contains("switched off by configuration");
            long events = off.counters().events();
            assertThat(happened).isEmpty();

            assertThat(runner.apply(Map.of("dns", orders(true)))).isEmpty();
            await("cycle");
            SensorState on = runner.states().getFirst();
            assertThat(on.word()).isEqualTo(SensorState.Word.RUNNING);
            assertThat(on.counters().events()).isGreaterThan(events);
        }
        await("closed");
    }

    @Test
    void oneThatIsOffFromTheStartOpensNothingAndSaysSo() throws IOException, InterruptedException {
        try (SensorRunner runner = SensorRunner.start(List.of(new Ticking()), options(), _ -> orders(false), log())) {
            assertThat(runner.states().getFirst().word()).isEqualTo(SensorState.Word.STOPPED);
            assertThat(directory.resolve("beats/dns_agent.json")).content().contains("switched off by configuration");
            assertThat(runner.await()).isTrue();
        }
        assertThat(happened).isEmpty();
    }

    @Test
    void whatCannotBeOpenedAnyMoreIsBlamedOnTheOrdersAndWhatNeverCouldIsNot() throws IOException, InterruptedException {
        try (SensorRunner runner = SensorRunner.start(List.of(new Ticking()), options(), _ -> orders(true), log())) {
            await("cycle");
            broken.set("no such device");
            assertThat(runner.apply(Map.of("dns", orders(true)))).containsExactly("dns: no such device");
            assertThat(runner.states().getFirst().word()).isEqualTo(SensorState.Word.ERROR);
            assertThat(runner.states().getFirst().reason()).isEqualTo("no such device");
            assertThat(runner.apply(Map.of("dns", orders(true)))).isEmpty();
            broken.set(null);
            assertThat(runner.apply(Map.of("dns", orders(true)))).isEmpty();
            await("cycle");
        }
    }
}
