package dev.panoptes.server.issues;

import dev.panoptes.core.issue.Waiver;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code waivers}. Dates are UTC days. */
final class WaiverStore {
    StoredWaiver insert(Transaction transaction, Waiver waiver, String createdBy, Instant now) {
        return transaction.one(
                """
                INSERT INTO waivers (issue, owner, reason, expires, created_by, created_at)
                VALUES (?, ?, ?, ?, ?, ?) RETURNING *
                """,
                WaiverStore::waiver,
                waiver.issue(),
                waiver.owner(),
                waiver.reason(),
                waiver.expires(),
                createdBy,
                now);
    }

    List<StoredWaiver> inForce(Transaction transaction, LocalDate today) {
        return transaction.list(
                "SELECT * FROM waivers WHERE revoked_at IS NULL AND expires >= ? ORDER BY created_at DESC, id",
                WaiverStore::waiver,
                today);
    }

    /** The issues that waivers accepted which somebody ended since. */
    List<String> revokedSince(Transaction transaction, Instant since) {
        return transaction.list(
                "SELECT DISTINCT issue FROM waivers WHERE revoked_at >= ?", row -> row.text("issue"), since);
    }

    /** The newest first, those that ended too. */
    List<StoredWaiver> page(Transaction transaction, Instant before, UUID beforeId, int limit) {
        return transaction.list("""
                SELECT * FROM waivers WHERE (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?
                """, WaiverStore::waiver, before, beforeId, limit);
    }

    Optional<StoredWaiver> revoke(Transaction transaction, UUID id, Instant now) {
        return transaction.first(
                "UPDATE waivers SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING *",
                WaiverStore::waiver,
                now,
                id);
    }

    /** The issues that waivers from this table accepted and none does any more, locked. */
    List<IssueView> lockExpired(Transaction transaction, LocalDate today) {
        return transaction.list("""
                SELECT * FROM issues AS i WHERE state = 'waived'
                    AND EXISTS (SELECT FROM waivers w WHERE w.issue IN (i.fingerprint, i.issue_id))
                    AND NOT EXISTS (SELECT FROM waivers w WHERE w.issue IN (i.fingerprint, i.issue_id)
                        AND w.revoked_at IS NULL AND w.expires >= ?)
                ORDER BY fingerprint FOR UPDATE
                """, IssueStore::view, today);
    }

    private static StoredWaiver waiver(Row row) {
        return new StoredWaiver(
                row.uuid("id"),
                row.text("issue"),
                row.text("owner"),
                row.text("reason"),
                LocalDate.parse(row.text("expires")),
                row.text("created_by"),
                row.instant("created_at"),
                row.instantOrNull("revoked_at"));
    }

    /** Takes away waivers that ended before. @return how many, at most {@code limit} */
    int forget(Transaction transaction, Instant before, int limit) {
        return transaction.update("""
                DELETE FROM waivers WHERE id IN (
                    SELECT id FROM waivers
                    WHERE revoked_at < ? OR expires < (?::timestamptz AT TIME ZONE 'UTC')::date LIMIT ?)
                """, before, before, limit);
    }
}
