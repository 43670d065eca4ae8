package dev.panoptes.cli.commands;

import dev.panoptes.cli.sensor.SensorConfiguration;
import dev.panoptes.cli.sensor.SensorRun;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.StampZone;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.cli.shell.Version;
import dev.panoptes.sensors.Log;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorNames;
import dev.panoptes.sensors.Sensors;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Runs one, several or all of the host's sensors, lists them, or sends captures through them. */
final class SensorCommand implements Command {
    private static final String ALL = "all";
    private static final String LIST = "list";

    @Override
    public String name() {
        return "sensor";
    }

    @Override
    public String summary() {
        return "Watch this host, or read captures: processes, logins, names, files, flows ...";
    }

    @Override
    public ExitCode wrongUsage() {
        return ExitCode.SENSOR_USAGE;
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        PositionalParamSpec names = options.arguments(
                "NAME",
                Stream.concat(Sensors.all().stream().map(Sensor::name), Stream.of(ALL, LIST))
                        .toList(),
                "Which sensors; all of them; or list, to see what each reads, needs, and can see here.");
        options.heading("How it runs");
        OptionSpec config =
                options.file("--config", "FILE", "Its settings; /etc/panoptes/sensor.yaml where there is one.");
        OptionSpec interval = options.number("--interval", "Seconds between two cycles; each sensor has its own.");
        OptionSpec once = options.flag("--once", "One cycle, then the end.");
        OptionSpec logLevel = options.word(
                "--log-level",
                "LEVEL",
                Stream.of(Log.Level.values()).map(Log.Level::name).toList(),
                "What is said on standard error; INFO.");
        OptionSpec output = options.word(
                "--output",
                "FORM",
                List.of("json", "none"),
                "Events on standard output, one a line; none with --server.");
        OptionSpec metrics =
                options.text("--metrics", "ADDR:PORT", "Answer Prometheus there with figures of every sensor.");
        OptionSpec version = options.flag("--version", "Print the version of each sensor named.");
        options.heading("Where");
        OptionSpec heartbeats = options.file(
                "--heartbeat-dir",
                "DIR",
                "Where each says that it lives. Else AMOSKYS_HEARTBEATS, /opt/amoskys/data/heartbeats where that"
                        + " exists, or heartbeats in the data directory.");
        OptionSpec noHeartbeat = options.flag("--no-heartbeat", "Do not say that it lives.");
        OptionSpec root = options.file("--host-root", "DIR", "Look at another host's tree (proc, persistence, files).");
        OptionSpec data =
                options.file("--data-dir", "DIR", "Spools and what was seen before; /var/lib/panoptes-sensor as root.");
        options.heading("To a server");
        OptionSpec server = options.text(
                "--server",
                "URL",
                "Send events, beat and observe; the first time PANOPTES_TOKEN holds an enrollment token.");
        options.heading("Captures");
        OptionSpec replay = options.files("--replay", "FILE", "Read captures instead of the host; give one sensor.");
        OptionSpec zone = options.text("--timezone", "ZONE", "Of stamps without one; else TZ, else the machine's.");
        OptionSpec year =
                options.number("--year", "Of a log's first line, where it tells none; else the file's own time.");
        OptionSpec named = options.text("--host", "NAME", "Of captured records that name no host.");
        options.close();
        return shell -> {
            List<Sensor> sensors = new ArrayList<>();
            List<String> wanted = words(names);
            if (!wanted.isEmpty() && wanted.getFirst().equals(LIST)) {
                List<String> which = wanted.subList(1, wanted.size());
                sensors(which.isEmpty() ? List.of(ALL) : which, sensors);
                Log log = new Log(shell.err(), shell.clock(), Log.Level.INFO);
                SensorConfiguration configuration = SensorConfiguration.load(Options.file(config), shell, log);
                SensorRun run = new SensorRun(shell, configuration, log, StampZone.of(null), host(root, shell), false);
                return SensorList.print(shell, sensors, host(root, shell), run.told(Sensors.all(), Options.file(data)));
            }
            sensors(wanted, sensors);
            if (Options.given(version)) {
                return version(sensors, shell);
            }
            if (sensors.isEmpty()) {
                throw new UsageException("which sensor?", "One of " + String.join(", ", known()) + ", all or list");
            }
            Log log = new Log(
                    shell.err(), shell.clock(), Log.Level.valueOf(Options.text(logLevel, Log.Level.INFO.name())));
            SensorConfiguration configuration = SensorConfiguration.load(Options.file(config), shell, log);
            boolean json = Options.text(output, Options.text(server) == null ? "json" : "none")
                    .equals("json");
            SensorRun run =
                    new SensorRun(shell, configuration, log, StampZone.of(Options.text(zone)), host(root, shell), json);
            List<Path> captures = Options.files(replay);
            if (!captures.isEmpty()) {
                if (sensors.size() != 1) {
                    throw new UsageException("captures are read by one sensor at a time", "Give its name");
                }
                if (Options.text(server) != null) {
                    throw new UsageException(
                            "captures are not sent to a server: what they tell goes to standard output",
                            "Leave --server out, or let panoptes investigate read the logs");
                }
                return run.replay(sensors.getFirst(), captures, year.getValue(), Options.text(named));
            }
            int seconds = Options.number(interval, 0);
            if (interval.getValue() != null && seconds < 1) {
                throw new UsageException("--interval is at least 1", "");
            }
            return run.live(
                    sensors,
                    new SensorRun.Live(
                            seconds == 0 ? null : Duration.ofSeconds(seconds),
                            Options.given(once),
                            Options.file(heartbeats),
                            !Options.given(noHeartbeat),
                            Options.file(data),
                            Options.text(server),
                            Options.text(metrics),
                            wanted.equals(List.of(ALL)),
                            // Only the daemon of a host is its observer, not a single sensor.
                            wanted.equals(List.of(ALL)) ? client -> new DaemonObserver(shell, client, log) : null));
        };
    }

    private static List<String> words(PositionalParamSpec names) {
        List<String> words = new ArrayList<>();
        if (names.getValue() instanceof List<?> values) {
            values.forEach(value -> words.add(String.valueOf(value)));
        }
        return words;
    }

    private static List<String> known() {
        return Sensors.all().stream().map(Sensor::name).toList();
    }

    private static void sensors(List<String> names, List<Sensor> into) throws UsageException {
        if (names.equals(List.of(ALL))) {
            into.addAll(Sensors.all());
            return;
        }
        for (String name : names) {
            Sensor sensor = Sensors.find(name)
                    .orElseThrow(() -> new UsageException(
                            "there is no sensor " + name, "The sensors are " + String.join(", ", known())));
            if (into.stream().noneMatch(other -> other.name().equals(sensor.name()))) {
                into.add(sensor);
            }
        }
    }

    private static ExitCode version(List<Sensor> sensors, Shell shell) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Sensor sensor : sensors) {
            text.append(SensorNames.agent(sensor.name()))
                    .append(" version ")
                    .append(Version.current())
                    .append('\n');
        }
        shell.print(text.isEmpty() ? "panoptes " + Version.current() + "\n" : text.toString());
        return ExitCode.OK;
    }

    private static @Nullable Path host(OptionSpec root, Shell shell) {
        Path given = Options.file(root);
        return given == null ? null : shell.resolve(given);
    }
}
