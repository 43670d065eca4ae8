package dev.panoptes.server.alerts;

import dev.panoptes.server.health.Exposition;
import dev.panoptes.server.health.MetricSource;
import dev.panoptes.server.storage.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How sending goes, by channel. A channel that is no longer configured is not told of. */
public final class AlertMetrics implements MetricSource {
    private static final String WAITING = "panoptes_outbox_messages";
    private static final String OLDEST = "panoptes_outbox_oldest_time_seconds";
    private static final String GIVEN_UP = "panoptes_outbox_given_up_messages";
    private static final String FAILURES = "panoptes_alert_channel_failures";
    private static final String LAST_SENT = "panoptes_alert_channel_sent_time_seconds";
    private static final Duration DAY = Duration.ofDays(1);

    private final Database database;
    private final OutboxStore outbox = new OutboxStore();
    private final Collection<String> channels;
    private final InstantSource clock;

    AlertMetrics(Database database, Collection<String> channels, InstantSource clock) {
        this.database = database;
        this.channels = List.copyOf(channels);
        this.clock = clock;
    }

    /**
     * How a channel does.
     *
     * @param oldestSeconds when the oldest message that waits was written, since 1970; null where none waits
     * @param givenUp messages that were given up in the last day
     * @param failures since it last worked
     * @param sentSeconds when it last worked; null where it never did
     */
    record ChannelLine(
            String name,
            long waiting,
            @Nullable Double oldestSeconds,
            long givenUp,
            int failures,
            @Nullable Double sentSeconds) {}

    /** Every configured channel, by name. */
    List<ChannelLine> lines() {
        return database.transaction(transaction ->
                outbox.channels(transaction, channels, clock.instant().minus(DAY)));
    }

    @Override
    public void write(Exposition out) {
        List<ChannelLine> lines = lines();
        out.metric(WAITING, "gauge", "Messages that wait to be sent.");
        lines.forEach(line -> out.value(WAITING, label(line), line.waiting()));
        out.metric(OLDEST, "gauge", "When the oldest message that waits was written, in seconds since 1970.");
        lines.forEach(line -> out.valueIfPresent(OLDEST, label(line), line.oldestSeconds()));
        out.metric(GIVEN_UP, "gauge", "Messages that were given up in the last 24 hours.");
        lines.forEach(line -> out.value(GIVEN_UP, label(line), line.givenUp()));
        out.metric(FAILURES, "gauge", "How often sending has failed since it last worked.");
        lines.forEach(line -> out.value(FAILURES, label(line), line.failures()));
        out.metric(LAST_SENT, "gauge", "When something was last sent, in seconds since 1970.");
        lines.forEach(line -> out.valueIfPresent(LAST_SENT, label(line), line.sentSeconds()));
    }

    private static Map<String, String> label(ChannelLine line) {
        return Map.of("channel", line.name());
    }
}
