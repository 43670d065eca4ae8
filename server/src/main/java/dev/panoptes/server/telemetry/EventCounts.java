package dev.panoptes.server.telemetry;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many events came from each sensor in every minute of the last day. Minutes that are over are counted once; where there
 * are many events, what is told may be {@link #KEPT} old.
 */
public final class EventCounts {
    private static final Logger LOG = LoggerFactory.getLogger(EventCounts.class);
    private static final Duration DAY = Duration.ofDays(1);
    /** Fewer are counted in no time. */
    private static final long MANY = 50_000;

    private static final Duration KEPT = Duration.ofSeconds(5);
    /** Somebody waits for the count rather than be told something older. */
    private static final Duration OLDEST = Duration.ofMinutes(2);
    /** What is stored is of the time when its transaction began, which may have ended later. */
    private static final Duration AGAIN = Duration.ofMinutes(2);
    /** Days of events may be dropped. */
    private static final Duration ALL_AGAIN = Duration.ofHours(1);

    private final Database database;
    private final InstantSource clock;
    private final AtomicReference<@Nullable Counted> counted = new AtomicReference<>();
    private final AtomicBoolean counting = new AtomicBoolean();

    EventCounts(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @param minutes since 1970 -> sensor -> events @param at when they were counted */
    public record Day(NavigableMap<Long, Map<String, Long>> minutes, Instant at) {
        /** Of all sensors. */
        public long total() {
            return minutes.values().stream()
                    .flatMap(each -> each.values().stream())
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private record Counted(Day day, long total, Instant allAt) {}

    /** How many came in the last 24 hours. */
    public long total() {
        return counted().total();
    }

    /** The last 24 hours. */
    public Day day() {
        return counted().day();
    }

    private Counted counted() {
        Instant now = clock.instant();
        Counted kept = counted.get();
        if (kept != null && kept.total() >= MANY) {
            if (kept.day().at().plus(KEPT).isAfter(now)) {
                return kept;
            }
            if (kept.day().at().plus(OLDEST).isAfter(now)) {
                if (counting.compareAndSet(false, true)) {
                    Thread.ofVirtual().name("event-counts").start(this::countAgain);
                }
                return kept;
            }
        }
        return count(now);
    }

    private void countAgain() {
        try {
            count(clock.instant());
        } catch (DatabaseUnavailable e) {
            LOG.atDebug().setCause(e).log("events are counted later");
        } finally {
            counting.set(false);
        }
    }

    private Counted count(Instant now) {
        Counted kept = counted.get();
        if (kept != null
                && (kept.allAt().plus(ALL_AGAIN).isBefore(now)
                        || kept.day().at().isAfter(now))) {
            kept = null;
        }
        Instant since = (kept == null ? now.minus(DAY) : kept.day().at().minus(AGAIN)).truncatedTo(ChronoUnit.MINUTES);
        NavigableMap<Long, Map<String, Long>> minutes = new TreeMap<>();
        if (kept != null) {
            minutes.putAll(kept.day().minutes().tailMap(minute(now.minus(DAY))).headMap(minute(since)));
        }
        for (Cell cell : cells(since)) {
            minutes.computeIfAbsent(cell.minute(), _ -> new HashMap<>()).put(cell.sensor(), cell.events());
        }
        Day day = new Day(minutes, now);
        Counted made = new Counted(day, day.total(), kept == null ? now : kept.allAt());
        counted.set(made);
        return made;
    }

    private static long minute(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), 60L);
    }

    private record Cell(long minute, String sensor, long events) {}

    private Iterable<Cell> cells(Instant since) {
        return database.transaction(transaction -> transaction.list(
                """
                SELECT floor(extract(epoch FROM received_at) / 60)::bigint AS minute, sensor, count(*) AS events
                FROM events WHERE received_at >= ? GROUP BY 1, 2
                """, row -> new Cell(row.bigint("minute"), row.text("sensor"), row.bigint("events")), since));
    }
}
