package dev.panoptes.server.agents;

import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The tables {@code rollouts} and {@code rollout_members}. */
final class RolloutStore {
    private static final String COLUMNS =
            "id, agent_name, body, hash, stages::text[] AS stages, stage, stage_began, state,"
                    + " reason, created_at, created_by, ended_at";

    /** A roll-out. @param stages rising percentages @param stage which of them is under way @param state running, done, failed, cancelled */
    record Rollout(
            UUID id,
            String agentName,
            String body,
            String hash,
            List<Integer> stages,
            int stage,
            Instant stageBegan,
            String state,
            @Nullable String reason,
            Instant createdAt,
            String createdBy,
            @Nullable Instant endedAt) {
        Rollout {
            stages = List.copyOf(stages);
        }
    }

    /** An instance that it is for. @param before its version before; 0: none @param put null until its turn */
    record Member(
            String agentId,
            int position,
            int before,
            @Nullable Integer put) {}

    Rollout insert(
            Transaction transaction,
            String name,
            String body,
            String hash,
            List<Integer> stages,
            String by,
            Instant now) {
        return transaction.one(
                """
                    INSERT INTO rollouts (agent_name, body, hash, stages, stage_began, state, created_at, created_by)
                    VALUES (?, ?, ?, ?, ?, 'running', ?, ?)
                    RETURNING
                    """ + COLUMNS, RolloutStore::rollout, name, body, hash, SqlArray.integers(stages), now, now, by);
    }

    void insertMembers(Transaction transaction, UUID rollout, List<Member> members) {
        transaction.update(
                """
                INSERT INTO rollout_members (rollout, agent_id, position, version_before)
                SELECT ?, agent, position, before FROM unnest(?, ?, ?) AS given(agent, position, before)
                """,
                rollout,
                SqlArray.texts(members.stream().map(Member::agentId).toList()),
                SqlArray.integers(IntStream.range(0, members.size()).boxed().toList()),
                SqlArray.integers(members.stream().map(Member::before).toList()));
    }

    /** Nobody begins one of this name before the transaction ends. */
    void lockName(Transaction transaction, String name) {
        transaction.first(
                "SELECT pg_advisory_xact_lock(hashtextextended(?, 0)) AS locked", Row::toString, "rollout " + name);
    }

    boolean anyRunning(Transaction transaction, String name) {
        return transaction.one(
                "SELECT EXISTS (SELECT FROM rollouts WHERE agent_name = ? AND state = 'running') AS here",
                row -> row.bool("here"),
                name);
    }

    List<UUID> running(Transaction transaction) {
        return transaction.list(
                "SELECT id FROM rollouts WHERE state = 'running' ORDER BY created_at", row -> row.uuid("id"));
    }

    Optional<Rollout> lock(Transaction transaction, UUID id) {
        return transaction.first(
                "SELECT " + COLUMNS + " FROM rollouts WHERE id = ? FOR UPDATE", RolloutStore::rollout, id);
    }

    Optional<Rollout> find(Transaction transaction, UUID id) {
        return transaction.first("SELECT " + COLUMNS + " FROM rollouts WHERE id = ?", RolloutStore::rollout, id);
    }

    List<Rollout> list(Transaction transaction) {
        return transaction.list(
                "SELECT " + COLUMNS + " FROM rollouts ORDER BY created_at DESC LIMIT 200", RolloutStore::rollout);
    }

    /** In their order. */
    List<Member> members(Transaction transaction, UUID rollout) {
        return transaction.list(
                "SELECT agent_id, position, version_before, version_put FROM rollout_members"
                        + " WHERE rollout = ? ORDER BY position",
                row -> new Member(
                        row.text("agent_id"),
                        row.integer("position"),
                        row.integer("version_before"),
                        row.integerOrNull("version_put")),
                rollout);
    }

    void put(Transaction transaction, UUID rollout, String agent, int version) {
        transaction.update(
                "UPDATE rollout_members SET version_put = ? WHERE rollout = ? AND agent_id = ?",
                version,
                rollout,
                agent);
    }

    void next(Transaction transaction, UUID id, int stage, Instant now) {
        transaction.update("UPDATE rollouts SET stage = ?, stage_began = ? WHERE id = ?", stage, now, id);
    }

    void end(Transaction transaction, UUID id, String state, @Nullable String reason, Instant now) {
        transaction.update(
                "UPDATE rollouts SET state = ?, reason = ?, ended_at = ? WHERE id = ?", state, reason, now, id);
    }

    private static Rollout rollout(Row row) {
        return new Rollout(
                row.uuid("id"),
                row.text("agent_name"),
                row.text("body"),
                row.text("hash"),
                row.texts("stages").stream().map(Integer::valueOf).toList(),
                row.integer("stage"),
                row.instant("stage_began"),
                row.text("state"),
                row.textOrNull("reason"),
                row.instant("created_at"),
                row.text("created_by"),
                row.instantOrNull("ended_at"));
    }
}
