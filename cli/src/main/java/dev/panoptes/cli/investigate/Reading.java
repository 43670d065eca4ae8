package dev.panoptes.cli.investigate;

import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * How evidence is read.
 *
 * @param zone of stamps without one
 * @param year of the first line of a log that has none; null: the file's own time tells
 * @param host of records that name none; null: what lies beside them tells
 * @param since the earliest time that is asked for; null: from the start
 * @param until the first time that is not asked for any more; null: to the end
 */
public record Reading(
        ZoneId zone,
        @Nullable Integer year,
        @Nullable String host,
        @Nullable Instant since,
        @Nullable Instant until) {
    /** True also of what has no time: nobody can say that it is of another. */
    boolean covers(@Nullable Instant at) {
        return at == null || ((since == null || !at.isBefore(since)) && (until == null || at.isBefore(until)));
    }
}
