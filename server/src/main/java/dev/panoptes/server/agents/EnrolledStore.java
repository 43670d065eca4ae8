package dev.panoptes.server.agents;

import dev.panoptes.integrity.checks.IdentityProofs;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What scans need beside the instances: their newest configurations, proofs, and who spoke in their name. */
final class EnrolledStore {
    /**
     * What scans need of an instance. There may be very many: it holds nothing else.
     *
     * @param place host that it beats from, else the one that it named when it enrolled
     * @param said and what else comes of its heartbeats: null where it never beat
     */
    record Seen(
            String id,
            String name,
            boolean unverified,
            @Nullable String place,
            int interval,
            @Nullable String publicKey,
            @Nullable AgentState said,
            @Nullable Instant firstAt,
            @Nullable Instant receivedAt,
            @Nullable Instant cloneAt,
            List<String> clonePlaces,
            @Nullable Integer configVersion,
            @Nullable String configHash,
            @Nullable String configState,
            @Nullable String configError) {
        Seen {
            clonePlaces = List.copyOf(clonePlaces);
        }
    }

    /** Every instance that is enrolled and not disabled, by name. */
    void seen(Transaction transaction, Consumer<Seen> take) {
        transaction.each("""
                SELECT a.id, a.name, a.origin = 'nats' AND a.accepted_at IS NULL AS unverified, coalesce(b.host, a.host) AS place,
                    a.heartbeat_interval, a.public_key, b.status, b.first_at, b.received_at, b.clone_at,
                    coalesce(b.clone_places, '{}') AS clone_places, b.config_version, b.config_hash, b.config_state, b.config_error
                FROM agents a LEFT JOIN agent_beats b ON b.agent_id = a.id
                WHERE a.decommissioned_at IS NULL AND a.enabled ORDER BY a.name, a.id
                """, row -> take.accept(seen(row)));
    }

    private static Seen seen(Row row) {
        String status = row.textOrNull("status");
        return new Seen(
                row.text("id"),
                row.text("name"),
                row.bool("unverified"),
                row.textOrNull("place"),
                row.integer("heartbeat_interval"),
                row.textOrNull("public_key"),
                status == null ? null : AgentState.said(status).orElse(AgentState.UNKNOWN),
                row.instantOrNull("first_at"),
                row.instantOrNull("received_at"),
                row.instantOrNull("clone_at"),
                row.texts("clone_places"),
                row.integerOrNull("config_version"),
                row.textOrNull("config_hash"),
                row.textOrNull("config_state"),
                row.textOrNull("config_error"));
    }

    /** The newest version of an instance's configuration. */
    record Newest(int version, String hash, Instant at) {}

    Map<String, Newest> configurations(Transaction transaction) {
        Map<String, Newest> all = new HashMap<>();
        transaction
                .list(
                        """
                        SELECT a.id, c.version, c.hash, c.created_at FROM agents a
                        JOIN LATERAL (SELECT version, hash, created_at FROM agent_configs WHERE agent_id = a.id
                            ORDER BY version DESC LIMIT 1) c ON true
                        WHERE a.decommissioned_at IS NULL
                        """,
                        row -> Map.entry(
                                row.text("id"),
                                new Newest(row.integer("version"), row.text("hash"), row.instant("created_at"))))
                .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        return all;
    }

    /** Keeps what the instances proved when they were last asked, and forgets what those proved that were not asked. */
    void putProofs(Transaction transaction, List<IdentityProofs.Proved> proofs, Instant at) {
        SqlArray ids = SqlArray.texts(
                proofs.stream().map(IdentityProofs.Proved::instance).toList());
        transaction.update("DELETE FROM agent_proofs WHERE NOT agent_id = ANY (?)", ids);
        transaction.update(
                """
                INSERT INTO agent_proofs (agent_id, at, outcome, detail, verified)
                SELECT a.id, ?, p.outcome, p.detail, p.verified::boolean FROM unnest(?, ?, ?, ?) AS p(id, outcome, detail, verified)
                JOIN agents a ON a.id = p.id ORDER BY a.id
                ON CONFLICT (agent_id) DO UPDATE SET at = excluded.at, outcome = excluded.outcome,
                    detail = excluded.detail, verified = excluded.verified
                """,
                at,
                ids,
                SqlArray.texts(proofs.stream()
                        .map(proved -> proved.outcome().name().toLowerCase(Locale.ROOT))
                        .toList()),
                SqlArray.texts(
                        proofs.stream().map(IdentityProofs.Proved::detail).toList()),
                SqlArray.texts(proofs.stream()
                        .map(proved -> String.valueOf(proved.verified()))
                        .toList()));
    }

    /** Who was spoken for without right since then. */
    Map<String, String> impostors(Transaction transaction, Instant since) {
        Map<String, String> all = new HashMap<>();
        transaction
                .list(
                        "SELECT agent_id, detail FROM agent_impostors WHERE at >= ?",
                        row -> Map.entry(row.text("agent_id"), row.text("detail")),
                        since)
                .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        return all;
    }

    void putImpostor(Transaction transaction, String agent, String detail, Instant now) {
        transaction.update("""
            INSERT INTO agent_impostors (agent_id, at, detail) VALUES (?, ?, ?)
            ON CONFLICT (agent_id) DO UPDATE SET at = excluded.at, detail = excluded.detail
            """, agent, now, detail);
    }
}
