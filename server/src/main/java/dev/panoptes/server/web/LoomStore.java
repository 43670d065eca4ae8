package dev.panoptes.server.web;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseUnavailable;
import dev.panoptes.server.web.view.CommandView.Lane;
import dev.panoptes.server.web.view.Show;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads how many events came from each sensor in the last 24 hours. Counting is dear, so that an answer is kept for a while. */
final class LoomStore {
    private static final int CELLS = 96;
    private static final int SHADES = 5;
    private static final Duration KEPT = Duration.ofSeconds(20);
    private static final Duration OLDEST = Duration.ofMinutes(2);
    private static final Logger LOG = LoggerFactory.getLogger(LoomStore.class);
    private static final Duration DAY = Duration.ofDays(1);

    private record Counted(List<Lane> lanes, Instant at) {}

    private record Cell(String sensor, int cell, long number) {}

    private final Database database;
    private final InstantSource clock;
    private final AtomicReference<@Nullable Counted> counted = new AtomicReference<>();
    private final AtomicBoolean counting = new AtomicBoolean();

    LoomStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** One lane for every sensor that was heard; empty where none was. */
    List<Lane> lanes() {
        Instant now = clock.instant();
        Counted kept = counted.get();
        if (kept != null && kept.at().plus(KEPT).isAfter(now)) {
            return kept.lanes();
        }
        if (kept != null && kept.at().plus(OLDEST).isAfter(now)) {
            // Nobody waits for a picture of a day that is a little old.
            if (counting.compareAndSet(false, true)) {
                Thread.ofVirtual().name("loom").start(this::countAgain);
            }
            return kept.lanes();
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

    private List<Lane> count(Instant now) {
        Map<String, long[]> bySensor = new TreeMap<>();
        for (String sensor : sensors()) {
            bySensor.put(sensor, new long[CELLS]);
        }
        if (!bySensor.isEmpty()) {
            for (Cell cell : cells(now)) {
                long[] counts = bySensor.computeIfAbsent(cell.sensor(), _ -> new long[CELLS]);
                counts[Math.clamp(cell.cell(), 0, CELLS - 1)] += cell.number();
            }
        }
        List<Lane> lanes = new ArrayList<>();
        bySensor.forEach((sensor, counts) -> lanes.add(lane(sensor, counts)));
        counted.set(new Counted(List.copyOf(lanes), now));
        return lanes;
    }

    private List<String> sensors() {
        return database.transaction(transaction -> transaction.list(
                "SELECT DISTINCT sensor FROM telemetry_streams ORDER BY sensor LIMIT 40", row -> row.text("sensor")));
    }

    private List<Cell> cells(Instant now) {
        Instant since = now.minus(DAY);
        return database.transaction(transaction -> transaction.list(
                """
                SELECT sensor, floor(extract(epoch FROM received_at - ?) / 900)::integer AS cell, count(*) AS number
                FROM events WHERE received_at >= ? GROUP BY 1, 2
                """, row -> new Cell(row.text("sensor"), row.integer("cell"), row.bigint("number")), since, since));
    }

    /** The darkest shade stands for the least of this sensor, so that a quiet one can be read beside a loud one. */
    private static Lane lane(String sensor, long[] counts) {
        long most = 0;
        long total = 0;
        for (long count : counts) {
            most = Math.max(most, count);
            total += count;
        }
        List<StringBuilder> shades = new ArrayList<>();
        for (int i = 0; i < SHADES; i++) {
            shades.add(new StringBuilder());
        }
        for (int i = 0; i < CELLS; i++) {
            if (counts[i] > 0) {
                int shade = (int) Math.min(SHADES - 1, Math.sqrt((double) counts[i] / most) * SHADES);
                shades.get(shade).append('M').append(i * 8).append(" 0h7v14h-7z");
            }
        }
        return new Lane(
                sensor,
                Show.number(total),
                sensor + ": " + Show.count(total, "event", "events") + " in 24 hours",
                shades.stream().map(StringBuilder::toString).toList(),
                List.of());
    }
}
