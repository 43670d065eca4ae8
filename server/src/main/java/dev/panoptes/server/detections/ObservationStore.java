package dev.panoptes.server.detections;

import dev.panoptes.detection.Observation;
import dev.panoptes.server.storage.CopyText;
import dev.panoptes.server.storage.Partitions;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table {@code detection_observations}. */
final class ObservationStore {
    /** Of a group; the newest are looked at where there are more. */
    static final int MOST = 1_000;

    private static final String TABLE = "detection_observations";
    private static final String COPY = "COPY detection_observations (received_at, key, at, event, body) FROM STDIN";

    /** @param observations by the key of their group */
    void add(Transaction transaction, Map<String, List<Observation>> observations, Instant now) {
        CopyText rows = new CopyText(1 << 16);
        String received = now.toString();
        observations.forEach((key, group) -> group.forEach(one -> rows.text(received)
                .text(key)
                .text(one.at().toString())
                .text(one.event())
                .text(one.body())
                .end()));
        try {
            transaction.copyIn(COPY, new ByteArrayInputStream(rows.bytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be read", e);
        }
    }

    /** Key -> how many there are of the group. */
    Map<String, Long> counts(Transaction transaction, Collection<String> keys) {
        Map<String, Long> counts = new HashMap<>();
        transaction
                .list(
                        "SELECT key, count(*) AS n FROM detection_observations WHERE key = ANY (?) GROUP BY key",
                        row -> Map.entry(row.text("key"), row.bigint("n")),
                        SqlArray.texts(List.copyOf(keys)))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    /** The newest of each group. @param known key -> one of the group, for what they have in common */
    Map<String, List<Observation>> of(Transaction transaction, Map<String, Observation> known) {
        Map<String, List<Observation>> found = new HashMap<>();
        transaction.list(
                """
                        SELECT wanted.key, one.at, one.event, one.body FROM unnest(?) AS wanted (key)
                        CROSS JOIN LATERAL (SELECT at, event, body FROM detection_observations
                            WHERE key = wanted.key ORDER BY at DESC, event DESC LIMIT ?) AS one
                        """,
                row -> {
                    String key = row.text("key");
                    Observation like = known.get(key);
                    if (like != null) {
                        found.computeIfAbsent(key, _ -> new ArrayList<>())
                                .add(new Observation(
                                        like.concluder(),
                                        like.group(),
                                        row.instant("at"),
                                        row.text("event"),
                                        row.text("body")));
                    }
                    return key;
                },
                SqlArray.texts(List.copyOf(known.keySet())),
                MOST);
        return found;
    }

    /** Drops days that ended before. @return 0: what is dropped is dropped at once */
    int forget(Transaction transaction, Instant before) {
        Partitions.endedBefore(transaction, TABLE, before).forEach(day -> Partitions.drop(transaction, day));
        return 0;
    }
}
