package dev.panoptes.cli.sensor;

import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.client.ServerUrl;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.cli.shell.Version;
import dev.panoptes.core.host.Host;
import dev.panoptes.sensors.Log;
import dev.panoptes.sensors.Orders;
import dev.panoptes.sensors.Origin;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import dev.panoptes.sensors.ReplaySink;
import dev.panoptes.sensors.RunOptions;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorRunner;
import dev.panoptes.sensors.Stamp;
import dev.panoptes.sensors.UnreadableCapture;
import dev.panoptes.sensors.forward.JetStreamPublisher;
import dev.panoptes.sensors.spool.SpoolInUse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One run of sensors from the command line. */
public final class SensorRun {
    private static final int BUFFER = 1 << 16;
    private static final Path ORIGINAL_HEARTBEATS = Path.of("/opt/amoskys/data/heartbeats");

    private final Shell shell;
    private final SensorConfiguration configuration;
    private final Log log;
    private final ZoneId zone;
    private final @Nullable Path root;
    private final boolean json;

    /** @param root of another host's tree; null: this host @param json whether events go to standard output */
    public SensorRun(
            Shell shell, SensorConfiguration configuration, Log log, ZoneId zone, @Nullable Path root, boolean json) {
        this.shell = shell;
        this.configuration = configuration;
        this.log = log;
        this.zone = zone;
        this.root = root;
        this.json = json;
    }

    /** How a live run was asked for; null where an option was not given. @param all true for the daemon of a host */
    public record Live(
            @Nullable Duration interval,
            boolean once,
            @Nullable Path heartbeats,
            boolean beats,
            @Nullable Path data,
            @Nullable String server,
            @Nullable String metrics,
            boolean all,
            @Nullable Observation observation) {}

    /** What observes this host beside the sensors, while it is connected to a server. */
    @FunctionalInterface
    public interface Observation {
        Runnable of(ServerClient client);
    }

    /** What the sensors of this host's daemon are told, by what its server said last and by the host's own file. */
    public Function<String, Orders> told(List<Sensor> sensors, @Nullable Path given) {
        RemoteConfiguration remote = root == null ? kept(new KeptConfiguration(data(given)), sensors) : null;
        return sensor -> remote == null ? Orders.of(configuration.of(sensor)) : remote.orders(sensor, configuration);
    }

    /**
     * Sends captures through a sensor.
     *
     * @param year of the first line of a log that has none; null: the file tells
     * @param named the host of records that name none; null: they are of none
     */
    public ExitCode replay(Sensor sensor, List<Path> captures, @Nullable Integer year, @Nullable String named)
            throws UsageException, IOException, InterruptedException {
        List<Path> files = captures.stream().map(shell::resolve).toList();
        for (Path file : files) {
            if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw new UsageException(file + " cannot be read", "");
            }
        }
        OutputStream out = new BufferedOutputStream(shell.out(), BUFFER);
        // What a capture tells of its host is in it; this host has no part in it.
        Stamp stamp = new Stamp(
                sensor.name(),
                new Origin(null, named, Version.current()),
                Long.toHexString(shell.random().nextLong()));
        ReplaySink sink = new ReplaySink(stamp, json ? out : null, shell.clock());
        ReplayResult result;
        try {
            result = sensor.replay(new Replay(files, zone, year, configuration.of(sensor.name())), sink);
            out.flush();
        } catch (UnreadableCapture e) {
            throw new UsageException(String.valueOf(e.getMessage()), "");
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        shell.err().println(result.line());
        return ExitCode.OK;
    }

    /** Watches this host until it is told to stop, or once. */
    public ExitCode live(List<Sensor> sensors, Live live) throws UsageException, IOException, InterruptedException {
        Host host = root == null ? Host.live() : new Host(root);
        Path data = data(live.data());
        String server = live.server() != null ? live.server() : configuration.text("server");
        String named = configuration.text("host");
        String name = named == null ? host.name().orElse("unknown") : named;
        ServerClient client =
                server == null ? null : new Enrolment(shell, data, ServerUrl.of(server)).client(name, !live.once());
        JetStreamPublisher bus = client == null
                ? null
                : BusPublisher.of(configuration, shell, client, name).orElse(null);
        RunOptions options = new RunOptions(
                host,
                HostOrigin.of(host),
                shell.clock(),
                zone,
                data,
                heartbeats(live, data),
                live.interval(),
                live.once(),
                configuration.spool(),
                configuration.budgets(),
                json ? shell.out() : null,
                client == null,
                client == null || bus != null ? bus : new ServerPublisher(client),
                shell.random());
        configuration.refuseProblems(sensors);
        try {
            return run(sensors, options, live, client);
        } catch (SpoolInUse e) {
            throw new UsageException(String.valueOf(e.getMessage()), "");
        } finally {
            if (bus != null) {
                bus.close();
            }
            if (client != null) {
                client.close();
            }
        }
    }

    private ExitCode run(List<Sensor> sensors, RunOptions options, Live live, @Nullable ServerClient client)
            throws UsageException, IOException, InterruptedException {
        boolean controlled = live.all() && client != null && !live.once();
        KeptConfiguration kept = new KeptConfiguration(options.data());
        RemoteConfiguration remote = controlled ? kept(kept, sensors) : null;
        Function<String, Orders> orders = sensor -> remote != null
                ? remote.orders(sensor, configuration)
                : live.all() ? Orders.of(configuration.of(sensor)) : Orders.run(configuration.of(sensor));
        try (SensorRunner runner = SensorRunner.start(sensors, options, orders, log)) {
            if (remote != null && remote.limits() != null) {
                runner.limit(remote.limits());
            }
            if (remote != null && remote.budgets() != null) {
                runner.budget(remote.budgets());
            }
            RemoteControl control = !controlled || client == null
                    ? null
                    : new RemoteControl(client, runner, sensors, configuration, kept, remote, log, options.random());
            Thread controlling = control == null
                    ? null
                    : Thread.ofVirtual().name("configuration").start(control);
            // Not before the data directory is ours alone: a second daemon looks at nothing and sends nothing.
            Observation observation = live.once() || root != null ? null : live.observation();
            Thread observing = client == null || observation == null
                    ? null
                    : Thread.ofVirtual().name("observer").start(observation.of(client));
            MetricsPort metrics = live.metrics() == null ? null : MetricsPort.open(live.metrics(), runner);
            try {
                if (live.once()) {
                    return runner.await() ? ExitCode.OK : ExitCode.FAILED;
                }
                Thread.ofVirtual().name("memory").start(new GivenBack());
                shell.stopping().onSignal(() -> close(runner, control, controlling));
                // Until a signal ends the process.
                new CountDownLatch(1).await();
                return ExitCode.OK;
            } finally {
                if (controlling != null) {
                    controlling.interrupt();
                }
                if (observing != null) {
                    observing.interrupt();
                }
                if (metrics != null) {
                    metrics.close();
                }
            }
        }
    }

    /** What the server said last, while it was heard; null where it never was, or what is kept cannot be used. */
    private @Nullable RemoteConfiguration kept(KeptConfiguration kept, List<Sensor> sensors) {
        try {
            RemoteConfiguration last = kept.read(sensors, configuration).orElse(null);
            if (last != null) {
                log.debug("configuration", "version " + last.version() + " of the server holds");
            }
            return last;
        } catch (IOException e) {
            log.error("configuration", e.getMessage() + "; the host's own settings hold until the server is heard");
            return null;
        }
    }

    private void close(SensorRunner runner, @Nullable RemoteControl control, @Nullable Thread controlling) {
        NextSignal.endsAtOnce();
        if (controlling != null) {
            controlling.interrupt();
        }
        if (control != null) {
            control.ends();
        }
        try {
            runner.close();
        } catch (IOException e) {
            log.error("sensor", String.valueOf(e.getMessage()));
        }
    }

    private Path data(@Nullable Path given) {
        String configured = configuration.text("data_dir");
        if (given != null) {
            return shell.resolve(given);
        }
        if (configured != null) {
            return shell.resolve(Path.of(configured));
        }
        String variable = shell.variable("PANOPTES_SENSOR_DATA_DIR");
        if (variable != null) {
            return shell.resolve(Path.of(variable));
        }
        boolean isRoot = Host.live().observerUid().orElse(-1) == 0;
        String home = shell.variable("HOME");
        return isRoot || home == null
                ? Path.of("/var/lib/panoptes-sensor")
                : Path.of(home, ".local", "share", "panoptes-sensor");
    }

    private @Nullable Path heartbeats(Live live, Path data) {
        if (!live.beats()) {
            return null;
        }
        if (live.heartbeats() != null) {
            return shell.resolve(live.heartbeats());
        }
        String variable = shell.variable("AMOSKYS_HEARTBEATS");
        String configured = configuration.text("heartbeat_dir");
        if (variable != null || configured != null) {
            return shell.resolve(Path.of(variable == null ? String.valueOf(configured) : variable));
        }
        return Files.isDirectory(ORIGINAL_HEARTBEATS) ? ORIGINAL_HEARTBEATS : data.resolve("heartbeats");
    }
}
