package dev.panoptes.server.agents;

import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    /** What came of asking an instance to prove who it is. @param outcome proved, wrong or unanswered */
    record Proved(
            Instant at,
            String outcome,
            String detail,
            @Nullable String url) {}

    Map<String, Proved> proofs(Transaction transaction) {
        Map<String, Proved> all = new HashMap<>();
        transaction
                .list(
                        "SELECT agent_id, at, outcome, detail, url FROM agent_proofs",
                        row -> Map.entry(
                                row.text("agent_id"),
                                new Proved(
                                        row.instant("at"),
                                        row.text("outcome"),
                                        row.text("detail"),
                                        row.textOrNull("url"))))
                .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        return all;
    }

    void putProof(Transaction transaction, String agent, Proved proof) {
        transaction.update("""
            INSERT INTO agent_proofs (agent_id, at, outcome, detail, url) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (agent_id) DO UPDATE SET
                at = excluded.at, outcome = excluded.outcome, detail = excluded.detail, url = excluded.url
            """, agent, proof.at(), proof.outcome(), proof.detail(), proof.url());
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
