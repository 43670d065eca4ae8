package dev.panoptes.server.detections;

import dev.panoptes.detection.Observation;
import dev.panoptes.detection.Recollection;
import dev.panoptes.detection.fusion.Fusion;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The table {@code detection_firsts}, and what this replica remembers of it, so that what is known is not written for each
 * event. Thread-safe.
 */
final class FirstStore implements Recollection.Remembered {
    /** Of a group the newest are looked at, and the very first. */
    static final int MOST = 1_000;
    /** Of a group; more are not kept, and counted. */
    private static final int MOST_KEPT = 5_000;

    private static final int MOST_REMEMBERED = 200_000;
    private static final Duration REMEMBERED_FOR = Duration.ofHours(12);

    private final InstantSource clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final AtomicLong leftOut = new AtomicLong();

    /** @param at the time of the first event @param until then its last use is written down anew */
    private record Known(Instant at, Instant until) {}

    FirstStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public boolean has(String concluder, String group, String once, Instant at) {
        Known before = known.get(name(concluder, group, once));
        return before != null && !at.isBefore(before.at()) && clock.instant().isBefore(before.until());
    }

    private static String name(String concluder, String group, String once) {
        return concluder + '\n' + group + '\n' + once;
    }

    private static String once(Observation one) {
        return Fusion.digest(List.of(String.valueOf(one.once())));
    }

    /** How many values did not fit. */
    long leftOut() {
        return leftOut.get();
    }

    /**
     * Keeps the first of each.
     *
     * @param observations by the key of their group
     * @return the keys of groups in which something is new or earlier
     */
    Set<String> add(Transaction transaction, Map<String, List<Observation>> observations, Instant now) {
        List<Line> lines = new ArrayList<>();
        observations.forEach((key, group) -> {
            Map<String, Observation> earliest = new HashMap<>();
            group.forEach(one -> earliest.merge(once(one), one, FirstStore::earlier));
            earliest.forEach((once, one) -> lines.add(new Line(key, once, one)));
        });
        if (lines.isEmpty()) {
            return Set.of();
        }
        Map<List<String>, Instant> stored = stored(transaction, lines);
        Map<String, Long> counts = counts(transaction, observations.keySet());
        List<Line> put = new ArrayList<>();
        Set<String> changed = new HashSet<>();
        for (Line line : lines) {
            Instant before = stored.get(List.of(line.key(), line.once()));
            if (before == null && counts.merge(line.key(), 1L, Long::sum) > MOST_KEPT) {
                leftOut.incrementAndGet();
                continue;
            }
            put.add(line);
            if (before == null || line.one().at().isBefore(before)) {
                changed.add(line.key());
            } else {
                remember(line.one(), before, now);
            }
        }
        put(transaction, put, now);
        return changed;
    }

    private record Line(String key, String once, Observation one) {}

    private static Observation earlier(Observation one, Observation other) {
        int byTime = one.at().compareTo(other.at());
        return byTime < 0 || (byTime == 0 && one.event().compareTo(other.event()) <= 0) ? one : other;
    }

    /** What another transaction has stored stays: only that is remembered. */
    private void remember(Observation one, Instant at, Instant now) {
        if (known.size() >= MOST_REMEMBERED) {
            known.clear();
        }
        known.put(
                name(one.concluder(), one.group(), String.valueOf(one.once())),
                new Known(at, now.plus(REMEMBERED_FOR)));
    }

    private static Map<List<String>, Instant> stored(Transaction transaction, List<Line> lines) {
        Map<List<String>, Instant> stored = new HashMap<>();
        transaction
                .list(
                        """
                SELECT f.key, f.once, f.at FROM unnest(?, ?) AS wanted (key, once)
                JOIN detection_firsts f ON (f.key, f.once) = (wanted.key, wanted.once)
                """,
                        row -> Map.entry(List.of(row.text("key"), row.text("once")), row.instant("at")),
                        texts(lines, Line::key),
                        texts(lines, Line::once))
                .forEach(entry -> stored.put(entry.getKey(), entry.getValue()));
        return stored;
    }

    private static void put(Transaction transaction, List<Line> lines, Instant now) {
        transaction.update(
                """
                INSERT INTO detection_firsts AS f (key, once, at, event, body, last_at)
                SELECT key, once, at, event, body, ? FROM unnest(?, ?, ?, ?, ?) AS g (key, once, at, event, body)
                ORDER BY key, once
                ON CONFLICT (key, once) DO UPDATE SET at = least(f.at, excluded.at),
                    event = CASE WHEN excluded.at < f.at THEN excluded.event ELSE f.event END,
                    body = CASE WHEN excluded.at < f.at THEN excluded.body ELSE f.body END,
                    last_at = greatest(f.last_at, excluded.last_at)
                WHERE excluded.at < f.at OR excluded.last_at > f.last_at + interval '12 hours'
                """,
                now,
                texts(lines, Line::key),
                texts(lines, Line::once),
                SqlArray.instants(lines.stream().map(line -> line.one().at()).toList()),
                texts(lines, line -> line.one().event()),
                texts(lines, line -> line.one().body()));
    }

    private static SqlArray texts(List<Line> lines, Function<Line, String> column) {
        return SqlArray.texts(lines.stream()
                .map(line -> column.apply(line).replace("\0", "\ufffd").replace("\\u0000", "\ufffd"))
                .toList());
    }

    /** Key -> how many there are of the group. */
    Map<String, Long> counts(Transaction transaction, Collection<String> keys) {
        Map<String, Long> counts = new HashMap<>();
        transaction
                .list(
                        "SELECT key, count(*) AS n FROM detection_firsts WHERE key = ANY (?) GROUP BY key",
                        row -> Map.entry(row.text("key"), row.bigint("n")),
                        SqlArray.texts(List.copyOf(keys)))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    /** The newest of each group by time, and the very first one. @param like key -> one of the group */
    Map<String, List<Observation>> of(Transaction transaction, Map<String, Observation> like) {
        Map<String, List<Observation>> found = new HashMap<>();
        if (like.isEmpty()) {
            return found;
        }
        transaction.list(
                """
                SELECT wanted.key, one.once, one.at, one.event, one.body FROM unnest(?) AS wanted (key)
                CROSS JOIN LATERAL (
                    (SELECT once, at, event, body FROM detection_firsts WHERE key = wanted.key
                        ORDER BY at DESC, event DESC LIMIT ?)
                    UNION
                    (SELECT once, at, event, body FROM detection_firsts WHERE key = wanted.key ORDER BY at, event LIMIT 1)
                ) AS one ORDER BY wanted.key, one.at, one.event
                """,
                row -> {
                    Observation same = like.get(row.text("key"));
                    if (same != null) {
                        found.computeIfAbsent(row.text("key"), _ -> new ArrayList<>())
                                .add(new Observation(
                                        same.concluder(),
                                        same.group(),
                                        row.instant("at"),
                                        row.text("event"),
                                        row.text("body"),
                                        row.text("once")));
                    }
                    return same == null;
                },
                SqlArray.texts(List.copyOf(like.keySet())),
                MOST);
        return found;
    }

    int forget(Transaction transaction, Instant before, int limit) {
        return transaction.update("""
            DELETE FROM detection_firsts WHERE (key, once) IN
                (SELECT key, once FROM detection_firsts WHERE last_at < ? LIMIT ?)
            """, before, limit);
    }
}
