package dev.panoptes.cli.demo;

import dev.panoptes.cli.shell.Shell;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.judging.Selection;
import dev.panoptes.integrity.observed.LocalObserver;
import dev.panoptes.integrity.observed.ObserveRequest;
import dev.panoptes.integrity.observed.ProbeTargets;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.observed.SnapshotJson;
import dev.panoptes.integrity.plan.Proof;
import dev.panoptes.integrity.scan.Scan;
import dev.panoptes.integrity.scan.ScanOutcome;
import dev.panoptes.integrity.scan.ScanRequest;
import dev.panoptes.integrity.verdict.Baseline;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A scan of the example fleet that looks at its own address only: what else listens on this machine is none of its business.
 * It observes, keeps the listeners of that address, and judges the snapshot as {@code --from-snapshot} does.
 */
public final class DemoScan {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(3);
    private static final int CONCURRENCY = 64;

    private final Path fleet;
    private final String address;
    private final Shell shell;

    public DemoScan(Path fleet, String address, Shell shell) {
        this.fleet = fleet;
        this.address = address;
        this.shell = shell;
    }

    public ScanOutcome run() throws IOException, InterruptedException {
        Path registry = fleet.resolve("agent-registry.yaml");
        if (!(new RegistryLoader().load(registry) instanceof RegistryResult.Loaded(Registry loaded, var _))) {
            return new ScanOutcome.Refused("the registry of the example fleet cannot be read", "");
        }
        Path file = Files.createTempFile("panoptes-demo-", ".json");
        try {
            try (OutputStream out = Files.newOutputStream(file)) {
                new SnapshotJson().write(observe(loaded), out);
            }
            return new Scan(Checks.all(), shell.clock(), shell.random()).run(request(registry, file));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Tries the plan on a copy of the fleet. @throws IOException where it cannot be copied */
    public Proof proof() throws IOException {
        Path registry = fleet.resolve("agent-registry.yaml");
        return Proof.of(
                new Scan(Checks.all(), shell.clock(), shell.random()), request(registry, registry), fleet, "agents");
    }

    private Snapshot observe(Registry registry) throws InterruptedException {
        ProbeTargets targets = new ProbeTargets(
                registry, DeclaredHost.LOCAL, Map.of(ProbeTargets.EVERY_LOCAL_NAME, address), PROBE_TIMEOUT);
        Snapshot all = new LocalObserver(new Host(Path.of("/")), shell.clock(), "panoptes demo", List.of())
                .observe(new ObserveRequest(DeclaredHost.LOCAL, targets.all(), CONCURRENCY, DEADLINE));
        List<Listener> own = all.listeners().stream()
                .filter(listener -> listener.address().equals(address))
                .toList();
        Map<Source, Coverage> sources = new HashMap<>(all.sources());
        if (own.stream().allMatch(listener -> listener.ownerUnknown() == null)) {
            sources.put(Source.OWNERS, new Coverage.Complete());
        }
        return new Snapshot(
                all.schema(), all.host(), all.taken(), all.observer(), sources, own, all.units(), all.probes());
    }

    private ScanRequest request(Path registry, Path snapshot) {
        return new ScanRequest(
                registry,
                Profile.NONE,
                fleet.resolve("agents"),
                fleet,
                shell.directory(),
                null,
                Path.of("/"),
                Map.of(),
                false,
                new Selection(Set.of(), Set.of()),
                List.of(),
                Baseline.NONE,
                List.of(snapshot),
                ScanRequest.SNAPSHOT_MAX_AGE,
                List.of(),
                null,
                PROBE_TIMEOUT,
                DEADLINE,
                CONCURRENCY,
                List.of(),
                null);
    }
}
