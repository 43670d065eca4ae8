package dev.panoptes.cli.sensor;

import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import dev.panoptes.core.yaml.YamlResult;
import dev.panoptes.sensors.Budgets;
import dev.panoptes.sensors.Log;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.Sensors;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.spool.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The settings of the sensors: one map for each by its name, and what they have in common. */
public final class SensorConfiguration {
    private static final Path DEFAULT = Path.of("/etc/panoptes/sensor.yaml");
    private static final Set<String> COMMON =
            Set.of("spool", "limits", "server", "data_dir", "heartbeat_dir", "host", "nats");

    private static final int MOST_PERCENT = 100_000;
    private static final int MOST_MEGABYTES = 1 << 20;

    private final Settings settings;

    /** @param settings one map for each sensor by its name, and what they have in common */
    SensorConfiguration(Settings settings) {
        this.settings = settings;
    }

    /**
     * Reads the file. One that was named and is not there is told and is no error, as in the programs whose options these are;
     * so are keys that nobody knows.
     *
     * @throws UsageException where the file is no YAML map
     */
    public static SensorConfiguration load(@Nullable Path given, Shell shell, Log log) throws UsageException {
        Path file = given == null ? DEFAULT : shell.resolve(given);
        if (given == null && !Files.exists(file)) {
            return new SensorConfiguration(Settings.none());
        }
        switch (new YamlReader().read(file, file.toString())) {
            case YamlResult.Absent() -> {
                log.warning("sensor", file + " is not there; every setting has its default");
                return new SensorConfiguration(Settings.none());
            }
            case YamlResult.Broken broken ->
                throw new UsageException(
                        broken.problems().stream().map(Problem::text).collect(Collectors.joining("; ")), "");
            case YamlResult.Parsed parsed -> {
                return of(parsed.root(), file, log);
            }
        }
    }

    private static SensorConfiguration of(@Nullable YamlNode root, Path file, Log log) throws UsageException {
        if (root instanceof YamlNode.Scalar scalar && scalar.isNull()) {
            return new SensorConfiguration(Settings.none());
        }
        if (!(root instanceof YamlNode.Mapping map)) {
            throw new UsageException(file + " is no map of settings", "");
        }
        Settings settings = Settings.of(map, "");
        Set<String> names = Sensors.all().stream().map(Sensor::name).collect(Collectors.toSet());
        List<String> unknown = new ArrayList<>(settings.keys());
        unknown.removeIf(key -> names.contains(key) || COMMON.contains(key));
        if (!unknown.isEmpty()) {
            log.warning("sensor", file + " has settings that are not used here: " + String.join(", ", unknown));
        }
        return new SensorConfiguration(settings);
    }

    /** Those of one sensor. */
    public Settings of(String sensor) {
        return settings.part(sensor).afresh();
    }

    /** A common one; null where it is not set. */
    @Nullable
    String text(String key) {
        return settings.text(key).orElse(null);
    }

    /** A setting of the way over NATS: url, credentials or ca; null where it is not set. */
    @Nullable
    String nats(String key) {
        return settings.part("nats").text(key).orElse(null);
    }

    Limits spool() {
        Settings spool = settings.part("spool");
        long bytes = spool.number("max_bytes", Limits.DEFAULT.bytes());
        String drop = spool.text("drop").orElse("oldest");
        if (!drop.equals("oldest") && !drop.equals("newest")) {
            spool.refuse("drop", "is neither oldest nor newest");
        }
        return new Limits(
                Math.max(bytes, Limits.DEFAULT.segmentBytes()), Limits.DEFAULT.segmentBytes(), drop.equals("oldest"));
    }

    /** What sensors may take of the machine. */
    Budgets budgets() {
        return budgets(settings.part("limits"), Budgets.DEFAULT);
    }

    /** The same from a part of a configuration, with what holds where it says nothing. */
    static Budgets budgets(Settings limits, Budgets otherwise) {
        long percent = limits.number("cpu_percent", otherwise.cpuPercent());
        if (percent < 0 || percent > MOST_PERCENT) {
            limits.refuse("cpu_percent", "is not from 0 (no limit) to " + MOST_PERCENT);
        }
        long megabytes = limits.number("memory_mb", otherwise.memoryBytes() >> 20);
        if (megabytes < 0 || megabytes > MOST_MEGABYTES) {
            limits.refuse("memory_mb", "is not from 0 (no limit) to " + MOST_MEGABYTES);
        }
        return new Budgets((int) percent, megabytes << 20);
    }

    /** @throws UsageException with everything that is wrong with the settings of these sensors and those in common */
    void refuseProblems(List<Sensor> sensors) throws UsageException {
        List<String> problems = new ArrayList<>(settings.problems());
        for (Sensor sensor : sensors) {
            problems.addAll(problems(sensor, of(sensor.name())));
        }
        if (!problems.isEmpty()) {
            throw new UsageException("settings: " + problems.stream().distinct().collect(Collectors.joining("; ")), "");
        }
    }

    /** What is wrong with these settings of a sensor; empty where nothing is. */
    static List<String> problems(Sensor sensor, Settings settings) {
        Settings own = settings.afresh();
        own.flag("enabled", true);
        if (own.duration("interval", sensor.interval()).isZero()) {
            own.refuse("interval", "is no time at all");
        }
        long percent = own.number("cpu_percent", 0);
        if (percent < 0 || percent > MOST_PERCENT) {
            own.refuse("cpu_percent", "is not from 0 (no limit) to " + MOST_PERCENT);
        }
        sensor.check(own);
        return own.problems();
    }
}
