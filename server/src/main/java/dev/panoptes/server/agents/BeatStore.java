package dev.panoptes.server.agents;

import dev.panoptes.server.agents.Limits.Violation;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tables {@code agent_beats} and {@code agent_watch}. */
final class BeatStore {
    /** What is known of an instance when its beat comes. @param generation of its credentials; null where it has none @param limits its own @param configVersion 0 where it has none */
    record Known(
            String id,
            String name,
            @Nullable String host,
            int interval,
            boolean enrolled,
            @Nullable Integer generation,
            int configVersion,
            @Nullable String configHash,
            Map<String, Double> limits,
            @Nullable String status,
            List<Violation> violations,
            @Nullable Instant cloneAt) {
        Known {
            limits = Map.copyOf(limits);
            violations = List.copyOf(violations);
        }

        /** Whether a beat of it is taken. @param with credentials of this generation; null where that was asked already */
        boolean takes(@Nullable Long with) {
            return enrolled && (with == null || (generation != null && generation.longValue() == with));
        }
    }

    /** By id; those that do not exist are missing. */
    Map<String, Known> known(Transaction transaction, Collection<String> ids) {
        Map<String, Known> all = new HashMap<>();
        transaction.list("""
            SELECT a.id, a.name, a.host, a.heartbeat_interval, a.decommissioned_at IS NULL AS enrolled,
                a.credentials_hash IS NOT NULL AS has_credentials, a.credentials_generation,
                coalesce(c.version, 0) AS config_version, c.hash,
                c.limits,
                b.status, b.violations, b.clone_at
            FROM unnest(?) AS wanted(id) JOIN agents a ON a.id = wanted.id
            LEFT JOIN agent_beats b ON b.agent_id = a.id
            LEFT JOIN LATERAL (SELECT version, hash, limits FROM agent_configs
                WHERE agent_id = a.id ORDER BY version DESC LIMIT 1) c ON true
            """, BeatStore::known, SqlArray.texts(ids)).forEach(known -> all.put(known.id(), known));
        return all;
    }

    private static Known known(Row row) {
        String limits = row.textOrNull("limits");
        String violations = row.textOrNull("violations");
        return new Known(
                row.text("id"),
                row.text("name"),
                row.textOrNull("host"),
                row.integer("heartbeat_interval"),
                row.bool("enrolled"),
                row.bool("has_credentials") ? row.integer("credentials_generation") : null,
                row.integer("config_version"),
                row.textOrNull("hash"),
                limits == null || limits.equals("{}") ? Map.of() : numbers(limits),
                row.textOrNull("status"),
                violations == null || violations.equals("[]") ? List.of() : Json.readList(violations, Violation.class),
                row.instantOrNull("clone_at"));
    }

    private static Map<String, Double> numbers(String limits) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        Map<?, ?> read = Json.readOwn(limits, Map.class);
        read.forEach((name, limit) -> {
            if (limit instanceof Number number) {
                numbers.put(String.valueOf(name), number.doubleValue());
            }
        });
        return numbers;
    }

    /** A beat as it is written. @param place host and boot id; null where it does not say */
    record Written(
            String id,
            @Nullable Long generation,
            AgentState said,
            String word,
            String details,
            String resources,
            List<Violation> violations,
            @Nullable String bootId,
            @Nullable String host,
            @Nullable String place,
            @Nullable String configHash,
            @Nullable Integer configVersion,
            @Nullable String configState,
            @Nullable String configError) {}

    /** One that was written, and changed nothing that somebody would want to know. @param configVersion 0 where it has none */
    record Usual(
            String id,
            int interval,
            int configVersion,
            @Nullable String configHash) {}

    /**
     * Writes those that say what the one before them said: enrolled with the key of their token, with the same status, from the
     * same place, and within all limits as before. The others are missing from the answer, and nothing is written of them.
     * {@code beats} have no violation by the usual limits, and are sorted by id.
     */
    List<Usual> putUsual(Transaction transaction, List<Written> beats, Instant now) {
        return transaction.list(
                """
                UPDATE agent_beats b SET received_at = greatest(b.received_at, ?), beats = b.beats + 1, word = g.word,
                    details = g.details::jsonb,
                    resources = CASE WHEN g.resources = '{}' THEN b.resources ELSE g.resources::jsonb END,
                    config_hash = coalesce(g.config_hash, b.config_hash),
                    config_version = CASE WHEN g.configured THEN g.config_version ELSE b.config_version END,
                    config_state = coalesce(g.config_state, b.config_state),
                    config_error = CASE WHEN g.configured THEN g.config_error ELSE b.config_error END,
                    config_at = CASE WHEN g.configured THEN ? ELSE b.config_at END
                FROM (SELECT *, config_hash IS NOT NULL OR config_state IS NOT NULL AS configured
                    FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS u(id, generation, status, word, details, resources, boot_id,
                        host, config_hash, config_version, config_state, config_error)) g
                JOIN agents a ON a.id = g.id
                LEFT JOIN LATERAL (SELECT version, hash, limits FROM agent_configs
                    WHERE agent_id = g.id ORDER BY version DESC LIMIT 1) c ON true
                WHERE b.agent_id = g.id AND a.decommissioned_at IS NULL
                    AND (g.generation IS NULL
                        OR (a.credentials_generation = g.generation AND a.credentials_hash IS NOT NULL))
                    AND b.status = g.status AND b.violations = '[]'
                    AND (g.host IS NULL OR g.host = b.host) AND (g.boot_id IS NULL OR g.boot_id = b.boot_id)
                    AND (c.limits IS NULL OR c.limits = '{}' OR NOT EXISTS (SELECT FROM jsonb_each(c.limits) l
                        WHERE jsonb_typeof(l.value) = 'number'
                            AND (g.resources::jsonb -> l.key)::float8 > l.value::float8))
                RETURNING b.agent_id, a.heartbeat_interval, coalesce(c.version, 0) AS config_version, c.hash
                """,
                row -> new Usual(
                        row.text("agent_id"),
                        row.integer("heartbeat_interval"),
                        row.integer("config_version"),
                        row.textOrNull("hash")),
                now,
                now,
                texts(beats, Written::id),
                SqlArray.longs(beats.stream().map(Written::generation).toList()),
                texts(beats, beat -> beat.said().id()),
                texts(beats, Written::word),
                texts(beats, Written::details),
                texts(beats, Written::resources),
                texts(beats, Written::bootId),
                texts(beats, Written::host),
                texts(beats, Written::configHash),
                SqlArray.integers(beats.stream().map(Written::configVersion).toList()),
                texts(beats, Written::configState),
                texts(beats, Written::configError));
    }

    /** What came of one. @param cloneAt when two places last beat in turn; null where that never was */
    record Kept(String id, @Nullable Instant cloneAt, List<String> clonePlaces) {
        Kept {
            clonePlaces = List.copyOf(clonePlaces);
        }
    }

    /**
     * One statement for all of them. Two places that beat in turn (A, B, A) are told apart from a restart (A, B) by A's coming
     * back while B and A both beat within {@code turn}.
     */
    List<Kept> put(Transaction transaction, List<Written> beats, Instant now, Duration turn) {
        return transaction.list(
                """
                INSERT INTO agent_beats AS b (agent_id, first_at, received_at, status, word, details, resources, violations, boot_id,
                    host, place, config_hash, config_version, config_state, config_error, config_at)
                SELECT g.id, ?, ?, g.status, g.word, g.details::jsonb, g.resources::jsonb, g.violations::jsonb, g.boot_id, g.host,
                    g.place, g.config_hash, g.config_version, g.config_state, g.config_error,
                    CASE WHEN g.config_hash IS NULL AND g.config_state IS NULL THEN NULL ELSE ?::timestamptz END
                FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS g(id, status, word, details, resources, violations, boot_id,
                    host, place, config_hash, config_version, config_state, config_error)
                JOIN agents a ON a.id = g.id AND a.decommissioned_at IS NULL
                ORDER BY g.id
                ON CONFLICT (agent_id) DO UPDATE SET
                    received_at = greatest(b.received_at, excluded.received_at), beats = b.beats + 1,
                    status = excluded.status, word = excluded.word, details = excluded.details,
                    violations = excluded.violations,
                    resources = CASE WHEN excluded.resources = '{}' AND excluded.status <> 'stopped' THEN b.resources
                        ELSE excluded.resources END,
                    boot_id = coalesce(excluded.boot_id, b.boot_id), host = coalesce(excluded.host, b.host),
                    place = coalesce(excluded.place, b.place),
                    place_before = CASE WHEN excluded.place <> b.place THEN b.place ELSE b.place_before END,
                    place_before_at = CASE WHEN excluded.place <> b.place THEN b.received_at ELSE b.place_before_at END,
                    clone_at = CASE WHEN excluded.place <> b.place AND excluded.place = b.place_before
                        AND excluded.received_at - b.place_before_at <= make_interval(secs => ?)
                        THEN excluded.received_at ELSE b.clone_at END,
                    clone_places = CASE WHEN excluded.place <> b.place AND excluded.place = b.place_before
                        AND excluded.received_at - b.place_before_at <= make_interval(secs => ?)
                        THEN ARRAY[excluded.place, b.place] ELSE b.clone_places END,
                    config_hash = coalesce(excluded.config_hash, b.config_hash),
                    config_version = CASE WHEN excluded.config_at IS NULL THEN b.config_version ELSE excluded.config_version END,
                    config_state = coalesce(excluded.config_state, b.config_state),
                    config_error = CASE WHEN excluded.config_at IS NULL THEN b.config_error ELSE excluded.config_error END,
                    config_at = coalesce(excluded.config_at, b.config_at)
                RETURNING agent_id, clone_at, coalesce(clone_places, '{}') AS clone_places
                """,
                row -> new Kept(row.text("agent_id"), row.instantOrNull("clone_at"), row.texts("clone_places")),
                now,
                now,
                now,
                texts(beats, Written::id),
                texts(beats, beat -> beat.said().id()),
                texts(beats, Written::word),
                texts(beats, Written::details),
                texts(beats, Written::resources),
                texts(beats, beat -> beat.violations().isEmpty() ? "[]" : Json.writeText(beat.violations())),
                texts(beats, Written::bootId),
                texts(beats, Written::host),
                texts(beats, Written::place),
                texts(beats, Written::configHash),
                SqlArray.integers(beats.stream().map(Written::configVersion).toList()),
                texts(beats, Written::configState),
                texts(beats, Written::configError),
                turn.toSeconds(),
                turn.toSeconds());
    }

    private static SqlArray texts(List<Written> beats, Function<Written, @Nullable String> part) {
        java.util.ArrayList<@Nullable String> texts = new java.util.ArrayList<>(beats.size());
        beats.forEach(beat -> texts.add(part.apply(beat)));
        return SqlArray.texts(texts);
    }

    /** Notes that agents were asked who is there; false where they were a moment ago. */
    boolean asked(Transaction transaction, Instant now, Instant momentAgo) {
        return transaction.update(
                        "UPDATE agent_watch SET discovery_at = ? WHERE discovery_at IS NULL OR discovery_at < ?",
                        now,
                        momentAgo)
                == 1;
    }

    /** Whether an instance has answered the last asking already. */
    boolean answered(Transaction transaction, String id, Instant since) {
        return transaction.one(
                "SELECT EXISTS (SELECT FROM agent_beats b, agent_watch w"
                        + " WHERE b.agent_id = ? AND b.received_at >= w.discovery_at AND w.discovery_at >= ?) AS here",
                row -> row.bool("here"),
                id,
                since);
    }

    /** Id and name of those that answered the last asking. */
    List<Map.Entry<String, String>> answered(Transaction transaction) {
        return transaction.list(
                "SELECT a.id, a.name FROM agents a JOIN agent_beats b ON b.agent_id = a.id, agent_watch w"
                        + " WHERE a.origin <> 'enrolled' AND b.received_at >= w.discovery_at ORDER BY a.id",
                row -> Map.entry(row.text("id"), row.text("name")));
    }

    /** Two answered with one id. */
    void cloned(Transaction transaction, String id, Instant now) {
        transaction.update(
                "UPDATE agent_beats SET clone_at = ?, clone_places = ARRAY['one answer over NATS', 'another answer"
                        + " over NATS'] WHERE agent_id = ?",
                now,
                id);
    }

    java.util.Optional<Long> published(Transaction transaction) {
        return transaction
                .list(
                        "SELECT published_id FROM agent_watch WHERE published_id IS NOT NULL",
                        row -> row.bigint("published_id"))
                .stream()
                .findFirst();
    }

    void setPublished(Transaction transaction, long id) {
        transaction.update("UPDATE agent_watch SET published_id = ?", id);
    }

    /** Since when beats can be heard without a break. */
    Instant since(Transaction transaction) {
        return transaction.one("SELECT since FROM agent_watch", row -> row.instant("since"));
    }

    /**
     * Notes that beats can be heard now. A gap since the last note, or a clock that went back, begins anew: nobody is lost for
     * not having been heard then.
     */
    void watched(Transaction transaction, Instant now, Duration longestGap) {
        transaction.update("""
            UPDATE agent_watch SET last_at = ?,
                since = CASE WHEN ? < last_at OR ? - last_at > make_interval(secs => ?) THEN ? ELSE since END
            """, now, now, now, longestGap.toSeconds(), now);
        // After the clock went back nothing was heard in the future.
        transaction.update("UPDATE agent_beats SET received_at = ? WHERE received_at > ?", now, now.plusSeconds(5));
    }
}
