package dev.panoptes.server.processes;

import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables {@code processes} and {@code host_usage}. */
final class ProcessStore {
    /** What is known stays known: an end may be told by somebody who no longer could read the rest. */
    void put(Transaction transaction, String host, List<Told.Process> processes) {
        if (processes.isEmpty()) {
            return;
        }
        transaction.update(
                """
            INSERT INTO processes AS p (host, entity, pid, parent_pid, parent_entity, name, executable, command, user_name,
                service, container, started_at, ended_at, exit_code, end_told, cpu_percent, memory_bytes, used_at, told_at)
            SELECT ?, g.entity, g.pid, g.parent_pid, g.parent_entity, g.name, g.executable, g.command, g.user_name, g.service,
                g.container, g.started_at, g.ended_at, g.exit_code, g.ended_at IS NOT NULL, g.cpu_percent, g.memory_bytes,
                g.used_at, g.told_at
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS g(entity, pid, parent_pid, parent_entity, name,
                executable, command, user_name, service, container, started_at, ended_at, exit_code, cpu_percent, memory_bytes,
                used_at, told_at)
            ON CONFLICT (host, entity) DO UPDATE SET
                parent_pid = coalesce(excluded.parent_pid, p.parent_pid),
                parent_entity = coalesce(excluded.parent_entity, p.parent_entity),
                name = coalesce(excluded.name, p.name),
                executable = coalesce(excluded.executable, p.executable),
                command = coalesce(excluded.command, p.command),
                user_name = coalesce(excluded.user_name, p.user_name),
                service = coalesce(excluded.service, p.service),
                container = coalesce(excluded.container, p.container),
                started_at = coalesce(excluded.started_at, p.started_at),
                ended_at = CASE WHEN p.end_told THEN p.ended_at ELSE coalesce(excluded.ended_at, p.ended_at) END,
                exit_code = coalesce(p.exit_code, excluded.exit_code),
                end_told = p.end_told OR excluded.end_told,
                cpu_percent = CASE WHEN excluded.used_at IS NULL THEN p.cpu_percent ELSE excluded.cpu_percent END,
                memory_bytes = CASE WHEN excluded.used_at IS NULL THEN p.memory_bytes ELSE excluded.memory_bytes END,
                used_at = coalesce(excluded.used_at, p.used_at),
                told_at = greatest(excluded.told_at, p.told_at)
            """,
                host,
                SqlArray.texts(each(processes, Told.Process::entity)),
                SqlArray.integers(each(processes, Told.Process::pid)),
                SqlArray.integers(each(processes, Told.Process::parentPid)),
                SqlArray.texts(each(processes, Told.Process::parentEntity)),
                SqlArray.texts(each(processes, Told.Process::name)),
                SqlArray.texts(each(processes, Told.Process::executable)),
                SqlArray.texts(each(processes, Told.Process::command)),
                SqlArray.texts(each(processes, Told.Process::user)),
                SqlArray.texts(each(processes, Told.Process::service)),
                SqlArray.texts(each(processes, Told.Process::container)),
                SqlArray.instants(each(processes, Told.Process::started)),
                SqlArray.instants(each(processes, Told.Process::ended)),
                SqlArray.integers(each(processes, Told.Process::exitCode)),
                SqlArray.reals(each(processes, Told.Process::cpuPercent)),
                SqlArray.longs(each(processes, Told.Process::memoryBytes)),
                SqlArray.instants(each(processes, Told.Process::usedAt)),
                SqlArray.instants(each(processes, Told.Process::toldAt)));
    }

    private interface Field<S, T> {
        @Nullable
        T of(S row);
    }

    private static <S, T> List<@Nullable T> each(List<S> rows, Field<S, T> what) {
        List<@Nullable T> all = new ArrayList<>(rows.size());
        rows.forEach(one -> all.add(what.of(one)));
        return all;
    }

    /** A figure for each minute, and what the largest processes use. */
    void used(Transaction transaction, String host, List<Told.Usage> usages) {
        for (Told.Usage usage : usages) {
            transaction.update(
                    """
                INSERT INTO host_usage AS u (host, minute, at, cpu_percent, memory_bytes, available_bytes, load)
                VALUES (?, date_trunc('minute', ?), ?, ?, ?, ?, ?)
                ON CONFLICT (host, minute) DO UPDATE SET at = excluded.at, cpu_percent = excluded.cpu_percent,
                    memory_bytes = excluded.memory_bytes, available_bytes = excluded.available_bytes, load = excluded.load
                WHERE u.at <= excluded.at
                """,
                    host,
                    usage.at(),
                    usage.at(),
                    usage.cpuPercent(),
                    usage.memoryBytes(),
                    usage.availableBytes(),
                    usage.load());
            List<Told.Used> largest = usage.largest();
            transaction.update(
                    """
                UPDATE processes p SET cpu_percent = g.cpu_percent, memory_bytes = g.memory_bytes, used_at = ?
                FROM unnest(?, ?, ?) AS g(entity, cpu_percent, memory_bytes)
                WHERE p.host = ? AND p.entity = g.entity AND (p.used_at IS NULL OR p.used_at <= ?)
                """,
                    usage.at(),
                    SqlArray.texts(largest.stream().map(Told.Used::entity).toList()),
                    SqlArray.reals(each(largest, Told.Used::cpuPercent)),
                    SqlArray.longs(each(largest, Told.Used::memoryBytes)),
                    host,
                    usage.at());
        }
    }

    /**
     * Ends what a look at all processes no longer found: its end was told to nobody, because of a boot, a sensor that stood
     * still, or events that were lost.
     */
    void reconcile(Transaction transaction, String host, Told.Usage look) {
        transaction.update("""
            UPDATE processes p SET ended_at = ?
            WHERE p.host = ? AND p.ended_at IS NULL AND p.told_at < ?
                AND (p.pid <> ALL (?) OR EXISTS (SELECT 1 FROM processes later WHERE later.host = p.host
                    AND later.ended_at IS NULL AND later.pid = p.pid AND later.started_at > p.started_at))
            """, look.at(), host, look.at(), SqlArray.integers(look.pids()));
    }

    /** @param running false for those that ended, the latest first @param text in name, command or user; empty for all */
    List<ProcessLine> list(Transaction transaction, String host, boolean running, String text, int limit, int skip) {
        return transaction.list("""
            SELECT * FROM processes
            WHERE host = ? AND (ended_at IS NULL) = ?
                AND (? = '' OR position(lower(?) IN lower(concat_ws(' ', pid, name, executable, command, user_name, service))) > 0)
            ORDER BY ended_at DESC NULLS LAST, started_at, pid, entity LIMIT ? OFFSET ?
            """, ProcessStore::line, host, running, text, text, limit, skip);
    }

    private static ProcessLine line(Row row) {
        return new ProcessLine(
                row.text("entity"),
                row.integer("pid"),
                row.integerOrNull("parent_pid"),
                row.textOrNull("parent_entity"),
                row.textOrNull("name"),
                row.textOrNull("executable"),
                row.textOrNull("command"),
                row.textOrNull("user_name"),
                row.textOrNull("service"),
                row.textOrNull("container"),
                row.instantOrNull("started_at"),
                row.instantOrNull("ended_at"),
                row.integerOrNull("exit_code"),
                row.bool("end_told"),
                row.realOrNull("cpu_percent"),
                row.bigintOrNull("memory_bytes"),
                row.instantOrNull("used_at"));
    }

    /** @param looked when all processes were last looked at; null for never */
    record Counts(long running, long ended, @Nullable Instant looked) {}

    Counts counts(Transaction transaction, String host) {
        return transaction.one(
                """
            SELECT count(*) FILTER (WHERE ended_at IS NULL) AS running, count(*) FILTER (WHERE ended_at IS NOT NULL) AS ended,
                (SELECT max(at) FROM host_usage WHERE host = ?) AS looked
            FROM processes WHERE host = ?
            """,
                row -> new Counts(row.bigint("running"), row.bigint("ended"), row.instantOrNull("looked")),
                host,
                host);
    }

    List<UsageLine> usage(Transaction transaction, String host, Instant since) {
        return transaction.list(
                """
            SELECT at, cpu_percent, memory_bytes, available_bytes, load FROM host_usage
            WHERE host = ? AND minute >= ? ORDER BY minute
            """,
                row -> new UsageLine(
                        row.instant("at"),
                        row.realOrNull("cpu_percent"),
                        row.bigintOrNull("memory_bytes"),
                        row.bigintOrNull("available_bytes"),
                        row.realOrNull("load")),
                host,
                since);
    }

    int forgetEnded(Transaction transaction, Instant before, int limit) {
        return transaction.update("""
            DELETE FROM processes WHERE ctid = ANY (ARRAY(SELECT ctid FROM processes
                WHERE ended_at IS NOT NULL AND ended_at < ? ORDER BY ended_at LIMIT ?))
            """, before, limit);
    }

    /** What ran on hosts that nobody looks at any more. */
    int forgetUnseen(Transaction transaction, Instant before, int limit) {
        return transaction.update("""
            DELETE FROM processes WHERE ctid = ANY (ARRAY(SELECT p.ctid FROM processes p
                WHERE p.ended_at IS NULL AND p.told_at < ?
                    AND NOT EXISTS (SELECT 1 FROM host_usage u WHERE u.host = p.host AND u.minute >= ?) LIMIT ?))
            """, before, before, limit);
    }

    int forgetUsage(Transaction transaction, Instant before, int limit) {
        return transaction.update("""
            DELETE FROM host_usage WHERE ctid = ANY (ARRAY(SELECT ctid FROM host_usage WHERE minute < ? LIMIT ?))
            """, before, limit);
    }
}
