package dev.panoptes.server.detections;

import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.fusion.HitJson;
import dev.panoptes.detection.fusion.Hits;
import dev.panoptes.detection.sigma.Level;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The tables {@code detection_hits} and {@code detection_progress}. */
final class HitStore {
    private final HitJson json = new HitJson();

    /** Adds hits to those that say the same. */
    void add(Transaction transaction, List<Hit> hits) {
        // In one order, so that two batches never wait for each other.
        Map<String, Hit> byKey = new TreeMap<>();
        hits.forEach(hit -> byKey.put(Hits.key(hit), hit));
        transaction.list("SELECT pg_advisory_xact_lock(7470041) AS held", _ -> Boolean.TRUE);
        Map<String, Hit> known = new TreeMap<>();
        transaction
                .list(
                        "SELECT key, body FROM detection_hits WHERE key = ANY (?)",
                        row -> Map.entry(row.text("key"), json.read(row.text("body"))),
                        SqlArray.texts(List.copyOf(byKey.keySet())))
                .forEach(entry -> known.put(entry.getKey(), entry.getValue()));
        byKey.replaceAll((key, hit) -> {
            Hit before = known.get(key);
            if (before == null) {
                return hit;
            }
            Hits both = new Hits();
            both.add(before);
            both.add(hit);
            return both.all().getFirst();
        });
        put(transaction, byKey);
    }

    /** Puts conclusions in the place of what was concluded before. */
    void replace(Transaction transaction, List<Hit> hits) {
        Map<String, Hit> byKey = new TreeMap<>();
        hits.forEach(hit -> byKey.put(Hits.key(hit), hit));
        put(transaction, byKey);
    }

    /** All in one statement: a batch of events may have thousands. */
    private void put(Transaction transaction, Map<String, Hit> byKey) {
        List<Hit> hits = List.copyOf(byKey.values());
        transaction.update(
                """
                INSERT INTO detection_hits (key, host, raising, rule, first_at, last_at, count, body)
                SELECT key, host, raising = 1, rule, first_at, last_at, count, body
                FROM unnest(?, ?, ?, ?, ?, ?, ?, ?)
                    AS given (key, host, raising, rule, first_at, last_at, count, body)
                ORDER BY key
                ON CONFLICT (key) DO UPDATE SET raising = excluded.raising, first_at = excluded.first_at,
                    last_at = excluded.last_at, count = excluded.count, body = excluded.body
                """,
                SqlArray.texts(List.copyOf(byKey.keySet())),
                texts(hits, Hit::host),
                SqlArray.longs(hits.stream()
                        .map(hit -> hit.level().compareTo(Level.MEDIUM) >= 0 ? 1L : 0L)
                        .toList()),
                texts(hits, Hit::rule),
                SqlArray.instants(hits.stream().map(Hit::first).toList()),
                SqlArray.instants(hits.stream().map(Hit::last).toList()),
                SqlArray.longs(hits.stream().map(Hit::count).toList()),
                texts(hits, json::write));
    }

    private static SqlArray texts(List<Hit> hits, Function<Hit, String> column) {
        return SqlArray.texts(
                hits.stream().map(hit -> storable(column.apply(hit))).toList());
    }

    /** The database takes no NUL. */
    private static String storable(String text) {
        return text.replace("\0", "\ufffd").replace("\\u0000", "\ufffd");
    }

    List<Hit> raising(Transaction transaction, Instant from) {
        return transaction.list(
                "SELECT body FROM detection_hits WHERE raising AND last_at >= ? ORDER BY last_at DESC LIMIT 20000",
                row -> json.read(row.text("body")),
                from);
    }

    List<Hit> colours(Transaction transaction, List<String> hosts, Instant from) {
        return transaction.list("""
            SELECT body FROM detection_hits WHERE NOT raising AND host = ANY (?) AND last_at >= ?
            ORDER BY last_at DESC LIMIT 20000
            """, row -> json.read(row.text("body")), SqlArray.texts(hosts), from);
    }

    /** Rule -> how many events it matched. */
    Map<String, Long> counts(Transaction transaction) {
        Map<String, Long> counts = new TreeMap<>();
        transaction
                .list(
                        "SELECT rule, sum(count)::bigint AS hits FROM detection_hits GROUP BY rule",
                        row -> Map.entry(row.text("rule"), row.bigint("hits")))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    Optional<Instant> reviewed(Transaction transaction) {
        return transaction.first("SELECT reviewed_at FROM detection_progress", row -> row.instant("reviewed_at"));
    }

    void review(Transaction transaction, Instant at) {
        transaction.update("""
            INSERT INTO detection_progress (reviewed_at) VALUES (?)
            ON CONFLICT (one) DO UPDATE SET reviewed_at = excluded.reviewed_at
            """, at);
    }

    /** The newest event that came; empty where there is none. */
    Optional<Instant> newest(Transaction transaction) {
        return transaction.first(
                "SELECT max(last_at) AS at FROM telemetry_streams HAVING max(last_at) IS NOT NULL",
                row -> row.instant("at"));
    }

    /** The bodies of events of the sensors that analytics read. */
    List<String> events(Transaction transaction, Instant since, int limit) {
        return transaction.list("""
            SELECT body FROM events WHERE received_at >= ? AND at >= ?
              AND sensor IN ('auth', 'dns', 'flow', 'file_integrity', 'proc')
            ORDER BY at DESC LIMIT ?
            """, row -> row.text("body"), since, since, limit);
    }

    int forget(Transaction transaction, Instant before, int limit) {
        return transaction.update("""
            DELETE FROM detection_hits WHERE key IN
                (SELECT key FROM detection_hits WHERE last_at < ? LIMIT ?)
            """, before, limit);
    }
}
