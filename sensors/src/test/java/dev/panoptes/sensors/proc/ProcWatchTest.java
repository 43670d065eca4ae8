package dev.panoptes.sensors.proc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.Privileges;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two looks at a tree: what is told of the processes and of the host. */
class ProcWatchTest {
    private static final Instant NOW = Instant.parse("2026-03-01T06:00:00Z");

    @TempDir
    Path root;

    private final List<Event> told = new ArrayList<>();

    private final EventSink sink = new EventSink() {
        @Override
        public void event(Event.Builder event) {
            told.add(event.build());
        }

        @Override
        public void lost(Loss reason, String provider, long count) {
            throw new AssertionError("nothing is lost here");
        }

        @Override
        public void malformed(String provider, long count) {
            throw new AssertionError("nothing is malformed here");
        }

        @Override
        public void position(String source, String position) {}

        @Override
        public void flush() {}
    };

    private void write(String path, String text) throws IOException {
        Path file = root.resolve("proc/" + path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void process(int pid, int parent, long ticks, long pages) throws IOException {
        write(
                pid + "/stat",
                pid + " (p" + pid + ") S " + parent + " 1 1 0 -1 0 1 0 0 0 " + ticks + " 0 0 0 20 0 1 0 500 10000 "
                        + pages + " 18446744073709551615");
    }

    private void host(String cpu) throws IOException {
        write("stat", cpu + "\nbtime 1772300000\n");
        write("meminfo", "MemTotal: 2048 kB\nMemAvailable: 1024 kB\n");
        write("loadavg", "0.50 0.40 0.30 1/2 3\n");
        write("sys/kernel/random/boot_id", "3f2b8c1d-5e6f-4a7b-8c9d-0e1f2a3b4c5d\n");
    }

    @Test
    void theSecondLookTellsWhatTheHostUsesAndWhichProcessesThereAre() throws IOException, InterruptedException {
        host("cpu  10 0 10 80 0 0 0 0 0 0");
        process(1, 0, 10, 25);
        process(7, 1, 10, 50);
        Surroundings surroundings = new Surroundings(
                new Host(root),
                new Privileges(0, 0, false),
                InstantSource.fixed(NOW),
                ZoneOffset.UTC,
                Settings.none(),
                _ -> Optional.empty(),
                null,
                true);
        ProcWatch watch = new ProcWatch(surroundings, sink);
        watch.collect(new Cycle(1, NOW));
        assertThat(told).extracting(Event::action).containsExactly("process_started", "process_started");

        told.clear();
        host("cpu  60 0 10 130 0 0 0 0 0 0");
        process(8, 1, 1, 10);
        Files.delete(root.resolve("proc/7/stat"));
        Files.delete(root.resolve("proc/7"));
        watch.collect(new Cycle(2, NOW.plusSeconds(30)));
        watch.close();

        assertThat(told).extracting(Event::action).containsExactly("process_ended", "process_started", "host_usage");
        Event usage = told.getLast();
        assertThat(usage.value("system.cpu_percent")).contains(50.0);
        assertThat(usage.number("system.memory_bytes")).isEqualTo(2_097_152);
        assertThat(usage.number("system.memory_available_bytes")).isEqualTo(1_048_576);
        assertThat(usage.value("system.load_1m")).contains(0.5);
        assertThat(usage.values("system.pids")).hasToString("[1, 8]");
        assertThat(usage.values("system.processes.entity_id")).containsExactly("3f2b8c1d-1-500", "3f2b8c1d-8-500");
        assertThat(usage.values("system.processes.memory_bytes")).containsExactly(102_400L, 40_960L);
        assertThat(usage.text("event.kind")).isEqualTo("metric");
    }

    @Test
    void aHostWhoseTimesCannotBeReadTellsOfItsProcessesOnly() throws IOException, InterruptedException {
        process(1, 0, 10, 25);
        Surroundings surroundings = new Surroundings(
                new Host(root),
                new Privileges(0, 0, false),
                InstantSource.fixed(NOW),
                ZoneOffset.UTC,
                Settings.none(),
                _ -> Optional.empty(),
                null,
                true);
        ProcWatch watch = new ProcWatch(surroundings, sink);
        watch.collect(new Cycle(1, NOW));
        watch.collect(new Cycle(2, NOW.plusSeconds(30)));
        watch.close();

        assertThat(told).extracting(Event::action).containsExactly("process_started");
    }
}
