package dev.panoptes.server.scans;

import dev.panoptes.server.health.FleetHealth;
import java.util.Optional;
import java.util.Set;

/** What the last scan of any replica saw of the agents. */
public final class ScanFleetHealth implements FleetHealth {
    private final ScanService scans;

    private final Fleet fleet;

    public ScanFleetHealth(ScanService scans, Fleet fleet) {
        this.scans = scans;
        this.fleet = fleet;
    }

    @Override
    public Set<String> core() {
        return Set.copyOf(fleet.declared().habits().coreAgents());
    }

    @Override
    public Optional<Seen> look() {
        return scans.latest().map(scan -> new Seen(scan.summary().completedAt(), scan.agents()));
    }
}
