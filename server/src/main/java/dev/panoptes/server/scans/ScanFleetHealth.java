package dev.panoptes.server.scans;

import dev.panoptes.server.health.FleetHealth;
import java.util.Optional;

/** What the last scan of any replica saw of the agents. */
public final class ScanFleetHealth implements FleetHealth {
    private final ScanService scans;

    public ScanFleetHealth(ScanService scans) {
        this.scans = scans;
    }

    @Override
    public Optional<Seen> look() {
        return scans.latest().map(scan -> new Seen(scan.summary().completedAt(), scan.agents()));
    }
}
