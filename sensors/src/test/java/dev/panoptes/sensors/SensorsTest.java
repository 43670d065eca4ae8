package dev.panoptes.sensors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.host.Host;
import dev.panoptes.sensors.persistence.PersistenceSensor;
import dev.panoptes.sensors.spool.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every sensor of the list starts, does one cycle, says that it lives, and is documented. */
class SensorsTest {
    @TempDir
    Path directory;

    @Test
    void everySensorDoesOneCycle() throws IOException, InterruptedException {
        Path root = directory.resolve("host");
        Files.createDirectories(root.resolve("proc/1"));
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        Files.writeString(root.resolve("etc/crontab"), "* * * * * root true\n");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream events = new ByteArrayOutputStream();
        Log log =
                new Log(new PrintStream(said, true, StandardCharsets.UTF_8), InstantSource.system(), Log.Level.WARNING);
        RunOptions options = new RunOptions(
                new Host(root),
                new Origin("id", "host", "1"),
                InstantSource.system(),
                ZoneOffset.UTC,
                directory.resolve("data"),
                directory.resolve("beats"),
                null,
                true,
                Limits.DEFAULT,
                Budgets.DEFAULT,
                events,
                true,
                null,
                new SplittableRandom(1));
        try (SensorRunner runner = SensorRunner.start(Sensors.all(), options, _ -> Orders.run(Settings.none()), log)) {
            assertThat(runner.await()).as(said.toString(StandardCharsets.UTF_8)).isTrue();
            assertThat(runner.seen()).allMatch(seen -> seen.counters().cycles() == 1);
        }
        for (Sensor sensor : Sensors.all()) {
            assertThat(directory.resolve("beats").resolve(SensorNames.agent(sensor.name()) + ".json"))
                    .content()
                    .contains("\"status\":\"healthy\"");
        }
        assertThat(events.toString(StandardCharsets.UTF_8)).contains("\"kind\":\"cron_system\"");
    }

    @Test
    void thereAreNineAndTheOlderNameIsUnderstood() {
        assertThat(Sensors.all().stream().map(Sensor::name))
                .containsExactly(
                        "proc",
                        "auth",
                        "dns",
                        "file_integrity",
                        "persistence",
                        "kernel_audit",
                        "peripheral",
                        "snmp",
                        "flow");
        assertThat(Sensors.find("flowagent").map(Sensor::name)).contains("flow");
    }

    @Test
    void everyOneIsDocumented() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "agents.md"));
        for (Sensor sensor : Sensors.all()) {
            assertThat(page)
                    .contains("| " + sensor.name() + " | " + sensor.interval().toSeconds() + " s |");
        }
        List<String> kinds = Files.readString(Path.of("..", "docs", "events.md"))
                .lines()
                .dropWhile(line -> !line.startsWith("The kinds are a closed set"))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();
        assertThat(kinds).containsExactlyElementsOf(PersistenceSensor.kinds());
    }
}
