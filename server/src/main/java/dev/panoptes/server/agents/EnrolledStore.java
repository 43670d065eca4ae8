package dev.panoptes.server.agents;

import dev.panoptes.integrity.checks.IdentityProofs;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What scans need beside the instances: their newest configurations, proofs, and who spoke in their name. */
final class EnrolledStore {
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
