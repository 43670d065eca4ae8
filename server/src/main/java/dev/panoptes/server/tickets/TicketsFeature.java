package dev.panoptes.server.tickets;

import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.feature.Ground;

/** The tracker of work. */
public final class TicketsFeature {
    private TicketsFeature() {}

    /** What it gives to the server. */
    public static FeatureParts of(Ground ground) {
        return FeatureParts.none()
                .withResources(new TicketResource(
                        new Tickets(ground.database(), ground.changes(), ground.audit(), ground.clock())));
    }
}
