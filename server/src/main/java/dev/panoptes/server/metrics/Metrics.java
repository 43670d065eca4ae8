package dev.panoptes.server.metrics;

import dev.panoptes.server.metrics.MetricStore.Point;
import dev.panoptes.server.metrics.MetricStore.Report;
import dev.panoptes.server.storage.Batches;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes and tells figures. A report that is sent again with its time is kept once. */
public final class Metrics {
    private static final int MOST_AT_ONCE = 1_000;
    /** How old a report may be; an older one, and one from the future, gets the time of its receipt. */
    private static final Duration OLDEST = Duration.ofHours(24);
    /** Of a series. */
    private static final int MOST_POINTS = 120;

    private final Database database;
    private final InstantSource clock;
    private final MetricStore store = new MetricStore();
    private final Batches<Report, Boolean> batches = new Batches<>(MOST_AT_ONCE, report -> report, this::take);

    public Metrics(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @param given when it was measured; null: now @return when it counts as measured */
    Instant submit(String agent, @Nullable Instant given, Map<String, Double> readings) throws InterruptedException {
        Instant now = clock.instant();
        boolean usable = given != null && !given.isAfter(now) && !given.isBefore(now.minus(OLDEST));
        Instant at = usable && given != null ? given : now;
        batches.submit(new Report(agent, at, readings));
        return at;
    }

    private List<Boolean> take(List<Report> reports) {
        database.execute(transaction -> store.insert(transaction, reports));
        return Collections.nCopies(reports.size(), Boolean.TRUE);
    }

    /** The latest value of each name within a day. */
    public Map<String, Double> latest(Transaction transaction, String agent) {
        Map<String, Double> values = new LinkedHashMap<>();
        store.latest(transaction, agent, clock.instant().minus(Duration.ofDays(1)))
                .forEach((name, point) -> values.put(name, point.value()));
        return values;
    }

    /** What was measured. @param timestamp of the newest; null where there is nothing */
    record Seen(Map<String, Double> latest, @Nullable Instant timestamp, Map<String, List<Point>> series) {}

    Seen since(String agent, Duration range) {
        Instant since = clock.instant().minus(range);
        Duration step = Duration.ofSeconds(Math.max(1, range.toSeconds() / MOST_POINTS));
        return database.transaction(transaction -> {
            Map<String, Double> latest = new LinkedHashMap<>();
            Instant newest = null;
            for (Map.Entry<String, Point> each :
                    store.latest(transaction, agent, since).entrySet()) {
                latest.put(each.getKey(), each.getValue().value());
                newest = newest == null || each.getValue().at().isAfter(newest)
                        ? each.getValue().at()
                        : newest;
            }
            return new Seen(latest, newest, store.series(transaction, agent, since, step));
        });
    }

    /** Drops days that are older. @return how many */
    public int forget(Transaction transaction, Instant before, int limit) {
        return store.forget(transaction, before, limit);
    }
}
