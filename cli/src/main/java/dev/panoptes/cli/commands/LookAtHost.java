package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.core.registry.SettledRegistry;
import dev.panoptes.integrity.fleet.DeclaredUnits;
import dev.panoptes.integrity.fleet.RegistryFinder;
import dev.panoptes.integrity.fleet.RegistryLocation;
import dev.panoptes.integrity.observed.LocalObserver;
import dev.panoptes.integrity.observed.ObservationPlan;
import dev.panoptes.integrity.observed.ObserveRequest;
import dev.panoptes.integrity.observed.ProbeTarget;
import dev.panoptes.integrity.observed.ProbeTargets;
import dev.panoptes.integrity.observed.Snapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One look at this host, as the options ask for it.
 *
 * @param name of {@code --host}; null where it was not given
 * @param registry that the user named, which must be usable; null: any other is a help where it is
 */
record LookAtHost(
        Shell shell,
        ObservedOptions observed,
        @Nullable String name,
        @Nullable Path registry,
        @Nullable String profile,
        boolean noProbe,
        Duration deadline) {

    /** What is looked at otherwise, or not at all. */
    private static final Set<String> ELSEWHERE = Set.of("--offline", "--from-snapshot", "--host-root", "--help", "-h");

    /** @param arguments of a command that looks at this host unless they say otherwise */
    static void begin(List<String> arguments) {
        if (arguments.stream().noneMatch(argument -> ELSEWHERE.contains(argument.split("=", 2)[0]))) {
            Host.prepare();
        }
    }

    /** At what the registry declares. @param host the name under which it is seen */
    Snapshot look(String host) throws UsageException, InterruptedException {
        RegistryLocation location = new RegistryFinder(shell.directory(), shell.environment()).find(registry, profile);
        if (location instanceof RegistryLocation.UnknownProfile(String unknown, List<String> names)) {
            throw new UsageException("there is no profile " + unknown, "Profiles: " + String.join(", ", names));
        }
        if (location instanceof RegistryLocation.Found found) {
            RegistryResult result = new SettledRegistry(shell.clock(), true).load(found.file());
            if (result instanceof RegistryResult.Loaded(Registry loaded, var _)) {
                return look(
                        host,
                        new ProbeTargets(loaded, host, resolve(), observed.probeTimeout()).all(),
                        DeclaredUnits.names(loaded, found.profile()));
            }
            if (registry != null) {
                throw new UsageException(
                        "the registry " + registry + " cannot be used", "See: panoptes validate " + registry);
            }
        }
        return look(host, List.of(), List.of());
    }

    /** At what a server asks for. */
    Snapshot look(ObservationPlan plan) throws UsageException, InterruptedException {
        return look(plan.host(), plan.probes(), plan.units());
    }

    private Snapshot look(String host, List<ProbeTarget> probes, List<String> units)
            throws UsageException, InterruptedException {
        Host seen = new Host(observed.hostRoot());
        List<ProbeTarget> asked = noProbe || !seen.isLive() ? List.of() : probes;
        return new LocalObserver(seen, shell.clock(), "panoptes")
                .observe(new ObserveRequest(host, asked, units, observed.concurrency(), deadline));
    }

    Map<String, String> resolve() throws UsageException {
        return observed.resolve();
    }
}
