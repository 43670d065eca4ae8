package dev.panoptes.cli.commands;

import dev.panoptes.cli.ExitCode;
import dev.panoptes.cli.Shell;
import dev.panoptes.cli.UsageException;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.integrity.DeclaredUnits;
import dev.panoptes.integrity.RegistryFinder;
import dev.panoptes.integrity.RegistryLocation;
import dev.panoptes.integrity.observed.LocalObserver;
import dev.panoptes.integrity.observed.ObserveRequest;
import dev.panoptes.integrity.observed.ProbeTarget;
import dev.panoptes.integrity.observed.ProbeTargets;
import dev.panoptes.integrity.observed.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Looks at one host and writes a snapshot, to be judged elsewhere. */
final class ObserveCommand implements Command {
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    @Override
    public String name() {
        return "observe";
    }

    @Override
    public String summary() {
        return "Look at this host and write a snapshot, to be judged elsewhere";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        options.heading("Which host");
        OptionSpec name = options.text("--host", "NAME", "What the registry's hosts call this host; local.");
        OptionSpec registry = options.file(
                "--registry",
                "FILE",
                "Whose agents' health endpoints and units are looked at. Else found as scan finds it; without one none"
                        + " are asked.");
        OptionSpec profile = options.text("--profile", "NAME", "A shipped file that holds one fleet's habits.");
        OptionSpec noProbe = options.flag("--no-probe", "Ask no health endpoint.");
        ObservedOptions observed = new ObservedOptions(options);
        options.heading("How it is told and run");
        OptionSpec output = options.file("--output", "FILE", "Write the snapshot there, whole or not at all.");
        OptionSpec deadline = options.duration("--deadline", "For everything together; 5m.");
        options.close();
        return shell -> {
            RegistryLocation location = new RegistryFinder(shell.directory(), shell.environment())
                    .find(Options.file(registry), Options.text(profile));
            ObserveRequest request = request(
                    Options.text(name, DeclaredHost.LOCAL),
                    location,
                    Options.file(registry),
                    Options.given(noProbe),
                    observed,
                    Options.duration(deadline, DEADLINE));
            Snapshot snapshot =
                    new LocalObserver(new Host(observed.hostRoot()), shell.clock(), "panoptes").observe(request);
            write(snapshot, Options.file(output), shell);
            return ExitCode.OK;
        };
    }

    /** @param named the registry that the user named, which must be usable; any other is a help where it is */
    private static ObserveRequest request(
            String host,
            RegistryLocation location,
            @Nullable Path named,
            boolean noProbe,
            ObservedOptions observed,
            Duration deadline)
            throws UsageException {
        if (location instanceof RegistryLocation.UnknownProfile(String profile, List<String> names)) {
            throw new UsageException("there is no profile " + profile, "Profiles: " + String.join(", ", names));
        }
        if (location instanceof RegistryLocation.Found found) {
            RegistryResult result = new RegistryLoader().load(found.file());
            if (result instanceof RegistryResult.Loaded(Registry registry, var problems)) {
                boolean probing = !noProbe && new Host(observed.hostRoot()).isLive();
                List<ProbeTarget> targets = probing
                        ? new ProbeTargets(registry, host, observed.resolve(), observed.probeTimeout()).all()
                        : List.of();
                return new ObserveRequest(
                        host,
                        targets,
                        DeclaredUnits.names(registry, found.profile()),
                        observed.concurrency(),
                        deadline);
            }
            if (named != null) {
                throw new UsageException(
                        "the registry " + named + " cannot be used", "See: panoptes validate " + named);
            }
        }
        return new ObserveRequest(host, List.of(), observed.concurrency(), deadline);
    }

    private static void write(Snapshot snapshot, @Nullable Path file, Shell shell) throws IOException, UsageException {
        byte[] bytes = SnapshotFile.bytes(snapshot);
        if (file == null) {
            shell.out().write(bytes);
            shell.out().flush();
        } else {
            new AtomicFile(shell.resolve(file)).write(bytes);
        }
    }
}
