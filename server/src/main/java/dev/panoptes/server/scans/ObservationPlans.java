package dev.panoptes.server.scans;

import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.core.registry.SettledRegistry;
import dev.panoptes.integrity.fleet.DeclaredUnits;
import dev.panoptes.integrity.observed.ObservationPlan;
import dev.panoptes.integrity.observed.ProbeTargets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What observers of other hosts are to look at. The registry is read again when its file has changed. */
final class ObservationPlans {
    private final Fleet fleet;
    private final SettledRegistry settled;
    private final AtomicReference<@Nullable Loaded> latest = new AtomicReference<>();

    ObservationPlans(Fleet fleet, InstantSource clock) {
        this.fleet = fleet;
        this.settled = new SettledRegistry(clock, true);
    }

    private record Loaded(Path file, FileTime modified, long size, Registry registry) {}

    /** Without probes where the registry cannot be read: then its host's sockets are still worth seeing. */
    ObservationPlan plan(String host) throws InterruptedException {
        Fleet.Declared declared = fleet.declared();
        Optional<Registry> found = registry(fleet.directory().resolve(declared.file()));
        if (found.isEmpty()) {
            return new ObservationPlan(host, 0, fleet.snapshotMaxAge(), List.of(), List.of());
        }
        Registry registry = found.get();
        int agents = (int) registry.agents().stream()
                .filter(agent -> registry.hostsOf(agent).contains(host))
                .count();
        return new ObservationPlan(
                host,
                agents,
                fleet.snapshotMaxAge(),
                new ProbeTargets(registry, host, Map.of(), fleet.probeTimeout()).all(),
                DeclaredUnits.names(registry, declared.habits(), host));
    }

    private Optional<Registry> registry(Path file) throws InterruptedException {
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            long size = Files.size(file);
            Loaded known = latest.get();
            if (known != null
                    && known.file().equals(file)
                    && known.modified().equals(modified)
                    && known.size() == size) {
                return Optional.of(known.registry());
            }
            if (settled.load(file) instanceof RegistryResult.Loaded(Registry registry, var _)) {
                latest.set(new Loaded(file, modified, size, registry));
                return Optional.of(registry);
            }
            return Optional.empty();
        } catch (IOException e) {
            // Absent or not to be read: the scan makes an issue of that.
            return Optional.empty();
        }
    }
}
