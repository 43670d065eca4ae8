package dev.panoptes.server.stream;

import dev.panoptes.server.config.Settings;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.jobs.Job;
import java.time.Duration;

/** Server-sent events: what changed, told at once on every replica. */
public final class StreamFeature {
    /** A client that was away for longer is told to ask for everything anew. */
    private static final Duration KEPT = Duration.ofDays(1);

    private final StreamFeed feed;
    private final Streams streams;

    public StreamFeature(FeatureContext context) {
        this.feed = context.closing().add(new StreamFeed(context.database()));
        this.streams = context.closing()
                .add(new Streams(
                        context.configuration().get(Settings.STREAMS),
                        context.configuration().get(Settings.STREAMS_EACH)));
    }

    public FeatureParts parts() {
        return FeatureParts.none()
                .withResources(new StreamResource(feed, streams))
                .withOwnFigures(new StreamMetrics(streams))
                .withJobs(Job.every(Duration.ofHours(1), "stream", _ -> feed.forget(KEPT)))
                .withStarts(feed::start, streams::start);
    }
}
