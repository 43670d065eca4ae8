package dev.panoptes.server.detections;

import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.fusion.HitJson;
import dev.panoptes.detection.fusion.Hits;
import dev.panoptes.detection.sigma.Level;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The table {@code detection_hits}. */
final class HitStore {
    private final HitJson json = new HitJson();

    /** Held to the end of the transaction: whoever adds or concludes sees what others did before. */
    void lock(Transaction transaction) {
        transaction.list("SELECT pg_advisory_xact_lock(7470041) AS held", _ -> Boolean.TRUE);
    }

    /** Adds hits to those that say the same. */
    void add(Transaction transaction, List<Hit> hits) {
        // In one order, so that two batches never wait for each other.
        Map<String, Hit> byKey = new TreeMap<>();
        hits.forEach(hit -> byKey.put(Hits.key(hit), hit));
        lock(transaction);
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
            return counted(both.all().getFirst(), before, hit);
        });
        put(transaction, byKey, Map.of());
    }

    /** An event that both tell of is one event. */
    private static Hit counted(Hit both, Hit one, Hit other) {
        Set<String> shared = new HashSet<>(one.events());
        shared.retainAll(other.events());
        return both.counting(Math.max(both.events().size(), both.count() - shared.size()));
    }

    /** What was replaced. @param changed what is new or says something else @param removed what follows no longer */
    record Replaced(List<Hit> changed, List<Hit> removed) {
        Replaced {
            changed = List.copyOf(changed);
            removed = List.copyOf(removed);
        }
    }

    /**
     * Puts conclusions in the place of what was concluded of the same before, but for what is older than all that is known.
     *
     * @param concluded origin -> what follows
     * @param oldest origin -> the time of the first event that is still known
     * @param told what is to be told of what is new
     */
    Replaced replace(
            Transaction transaction,
            Map<String, List<Hit>> concluded,
            Map<String, Instant> oldest,
            UnaryOperator<List<Hit>> told) {
        Map<String, Hit> byKey = new TreeMap<>();
        Map<String, String> origins = new TreeMap<>();
        concluded.forEach((origin, hits) -> hits.forEach(hit -> {
            String key = origin + "-" + Hits.key(hit) + "-" + hit.event();
            byKey.put(key, hit);
            origins.put(key, origin);
        }));
        List<Hit> changed = new ArrayList<>();
        List<Hit> removed = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        Map<String, Hit> before = new TreeMap<>();
        transaction.list(
                "SELECT key, origin, body FROM detection_hits WHERE origin = ANY (?)",
                row -> {
                    Hit hit = json.read(row.text("body"));
                    before.put(row.text("key"), hit);
                    Instant first = oldest.getOrDefault(row.text("origin"), Instant.MIN);
                    if (!byKey.containsKey(row.text("key")) && !hit.first().isBefore(first)) {
                        gone.add(row.text("key"));
                        removed.add(hit);
                    }
                    return hit;
                },
                SqlArray.texts(List.copyOf(concluded.keySet())));
        if (!gone.isEmpty()) {
            transaction.update("DELETE FROM detection_hits WHERE key = ANY (?)", SqlArray.texts(gone));
        }
        byKey.entrySet().removeIf(entry -> {
            Hit known = before.get(entry.getKey());
            return known != null && json.write(known).equals(json.write(entry.getValue()));
        });
        List<Hit> fresh = byKey.entrySet().stream()
                .filter(entry -> !before.containsKey(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        Set<Hit> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        kept.addAll(told.apply(fresh));
        byKey.entrySet().removeIf(entry -> !before.containsKey(entry.getKey()) && !kept.contains(entry.getValue()));
        changed.addAll(byKey.values());
        put(transaction, byKey, origins);
        return new Replaced(changed, removed);
    }

    /** All in one statement: a batch of events may have thousands. */
    private void put(Transaction transaction, Map<String, Hit> byKey, Map<String, String> origins) {
        if (byKey.isEmpty()) {
            return;
        }
        List<Hit> hits = List.copyOf(byKey.values());
        transaction.update(
                """
                INSERT INTO detection_hits (key, host, raising, rule, first_at, last_at, count, body, origin)
                SELECT key, host, raising = 1, rule, first_at, last_at, count, body, nullif(origin, '')
                FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)
                    AS given (key, host, raising, rule, first_at, last_at, count, body, origin)
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
                texts(hits, json::write),
                SqlArray.texts(byKey.keySet().stream()
                        .map(key -> origins.getOrDefault(key, ""))
                        .toList()));
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

    /** How many events matched, and when the last one did. */
    record Counted(long hits, Instant last) {}

    /** The id of a rule, or the name of an analytic -> what it matched; what matched nothing is absent. */
    Map<String, Counted> counts(Transaction transaction) {
        Map<String, Counted> counts = new TreeMap<>();
        transaction
                .list(
                        "SELECT rule, sum(count)::bigint AS hits, max(last_at) AS last FROM detection_hits GROUP BY rule",
                        row -> Map.entry(row.text("rule"), new Counted(row.bigint("hits"), row.instant("last"))))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    /** Where a rule matched. @param host an empty text where none is named */
    record Where(String host, long hits, Instant first, Instant last) {}

    /** Where a rule matched, most events first. */
    List<Where> where(Transaction transaction, String rule) {
        return transaction.list(
                """
                SELECT host, sum(count)::bigint AS hits, min(first_at) AS first, max(last_at) AS last
                FROM detection_hits WHERE rule = ? GROUP BY host ORDER BY hits DESC, host
                """,
                row -> new Where(row.text("host"), row.bigint("hits"), row.instant("first"), row.instant("last")),
                rule);
    }

    int forget(Transaction transaction, Instant before, int limit) {
        return transaction.update("""
            DELETE FROM detection_hits WHERE key IN
                (SELECT key FROM detection_hits WHERE last_at < ? LIMIT ?)
            """, before, limit);
    }
}
