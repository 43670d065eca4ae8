package dev.panoptes.cli.commands;

import dev.panoptes.cli.child.FolderGuard;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.cli.simulate.Replicas;
import dev.panoptes.cli.simulate.Servers;
import dev.panoptes.cli.simulate.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Loads a running server with pretended agents. */
final class SimulateCommand implements Command {
    private static final Duration LONGEST_END = Duration.ofSeconds(60);
    private static final int MOST = 100_000;
    private static final int MOST_REPLICAS = 5;

    @Override
    public String name() {
        return "simulate";
    }

    @Override
    public String summary() {
        return "Load a server with pretended agents, and print rates and latencies";
    }

    /** Of a signal: ends the simulation, and lets the process go when its report is printed. */
    private static void finish(Simulation simulation, Shell shell) {
        shell.err().println("panoptes: ending; the simulated agents are decommissioned");
        simulation.stop();
        try {
            if (!simulation.awaitEnd(LONGEST_END)) {
                shell.err().println("panoptes: they did not all end within " + LONGEST_END.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Action prepare(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Load a running server with pretended agents: each really enrols, beats with jitter, reports"
                                + " metrics, and is decommissioned at the end. Latencies count from when a call is due.")
                .footer(
                        "%nExit codes: 0 no call failed and nothing is lost, 1 otherwise, 3 usage, or the server cannot be"
                                + " used.");
        Options options = new Options(spec);
        OptionSpec agents = options.number("--agents", "How many; 100 by default.");
        OptionSpec seconds = options.number("--seconds", "For how long; 60 by default.");
        OptionSpec interval = options.duration("--interval", "Between beats; else what the server asks for.");
        OptionSpec chaos = options.flag(
                "--chaos",
                "Of ten agents one is cloned, one's clock is an hour late, one dies and comes back; replicas are killed one"
                        + " after the other.");
        OptionSpec replicas = options.number(
                "--replicas",
                "Start so many servers on a database of their own, and compare at the end what they acknowledged with"
                        + " what they kept.");
        options.heading("Which server");
        ClientOptions client = new ClientOptions(
                options,
                "Where it is. Else server_url of the configuration, else where that says it listens.",
                "An operator's token. Else PANOPTES_TOKEN, PANOPTES_TOKEN_FILE, the data directory's.");
        ServerConfiguration configuration = ServerConfiguration.ofClient(options);
        options.close();
        return shell -> {
            int count = Options.number(agents, 100);
            int length = Options.number(seconds, 60);
            Duration every = Options.duration(interval, Duration.ZERO);
            if (count < 1 || count > MOST || length < 1) {
                throw new UsageException("--agents is 1 to " + MOST + ", --seconds at least 1", "");
            }
            SplittableRandom random = new SplittableRandom(shell.random().nextLong());
            String run = Long.toString(shell.clock().instant().getEpochSecond(), 36);
            int own = Options.number(replicas, 0);
            if (own < 0 || own > MOST_REPLICAS) {
                throw new UsageException("--replicas is 1 to " + MOST_REPLICAS, "");
            }
            if (own > 0 && client.named()) {
                throw new UsageException("--replicas starts servers of its own", "Leave --server out");
            }
            Simulation.Plan plan = new Simulation.Plan(
                    run,
                    count,
                    Duration.ofSeconds(length),
                    every.isZero() ? null : every,
                    Options.given(chaos),
                    own > 0);
            if (own > 0) {
                return onReplicas(own, plan, random, shell);
            }
            try (ServerClient server = client.client(configuration.load(shell), shell)) {
                Simulation simulation = new Simulation(Servers.one(server), shell.clock(), plan);
                return run(simulation, report -> simulation.run(random, report), shell);
            }
        };
    }

    private interface Runs {
        /** @return how much failed */
        long to(StringBuilder report) throws UsageException, IOException, InterruptedException;
    }

    private static ExitCode run(Simulation simulation, Runs runs, Shell shell)
            throws UsageException, IOException, InterruptedException {
        shell.stopping().onSignal(() -> finish(simulation, shell));
        StringBuilder report = new StringBuilder();
        try {
            long failed = runs.to(report);
            shell.print(report.toString());
            return failed == 0 ? ExitCode.OK : ExitCode.FAILED;
        } finally {
            simulation.reported();
        }
    }

    private static ExitCode onReplicas(int count, Simulation.Plan plan, SplittableRandom random, Shell shell)
            throws UsageException, IOException, InterruptedException {
        Duration interval = plan.interval() == null ? Duration.ofSeconds(1) : plan.interval();
        Path folder = Files.createTempDirectory("panoptes-sim-");
        try (FolderGuard _ = new FolderGuard(folder)) {
            shell.err().println("Starting " + count + " servers on one database ...");
            try (Replicas replicas = Replicas.start(shell.home(), folder, count, interval)) {
                Simulation simulation = new Simulation(replicas, shell.clock(), plan);
                return run(simulation, report -> simulation.run(random, replicas, report), shell);
            }
        }
    }
}
