package dev.panoptes.server.tickets;

import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;

/** The tracker of work. */
public final class TicketsFeature {
    private TicketsFeature() {}

    /** What it gives to the server. */
    public static FeatureParts of(FeatureContext context) {
        return FeatureParts.none()
                .withResources(new TicketResource(
                        new Tickets(context.database(), context.changes(), context.audit(), context.clock())));
    }
}
