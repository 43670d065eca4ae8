package dev.panoptes.server.agents;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How many heartbeats came, by the quarter of an hour for a day and by the day for a month. Beats themselves cost nothing more
 * for it: a job looks at how far the counter of each has come (ADR 0199).
 */
final class BeatHistory {
    static final Duration QUARTER = Duration.ofMinutes(15);
    /** Longer than the longest period, of which the first day is a part. */
    static final Duration KEPT = Duration.ofDays(31);

    private static final List<Integer> PERIODS = List.of(7, 30);

    private final Database database;
    private final InstantSource clock;
    private final Duration longestGap;
    private final BeatHistoryStore store = new BeatHistoryStore();

    /** @param longestGap between two notes that beats can be heard; a longer one is an absence of ours */
    BeatHistory(Database database, InstantSource clock, Duration longestGap) {
        this.database = database;
        this.clock = clock;
        this.longestGap = longestGap;
    }

    /** For a job, which may come late: quarters that are over are counted, and of new instances is noted where they begin. */
    void review() {
        Instant now = clock.instant();
        Instant border = border(now);
        database.execute(transaction -> {
            store.count(transaction, border, now, longestGap);
            store.begin(transaction, border, now);
        });
    }

    private static Instant border(Instant now) {
        long quarter = QUARTER.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(now.getEpochSecond(), quarter) * quarter);
    }

    /** @param percent of what was expected, at most 100; null where nothing was */
    record Period(
            int days,
            long received,
            long expected,
            @Nullable Double percent) {}

    /**
     * Of one instance.
     *
     * @param until the end of the last quarter; null before the first is counted
     * @param quarters percent of what was expected, the oldest first; null where nobody listened
     * @param percent of the quarters together; null where there is none
     * @param longestSilence seconds, in whole quarters
     */
    record Told(
            int interval,
            @Nullable Instant until,
            List<@Nullable Integer> quarters,
            @Nullable Double percent,
            long longestSilence,
            List<Period> periods) {}

    Told of(Agent agent) {
        Instant now = clock.instant();
        return database.transaction(transaction -> {
            BeatHistoryStore.Day day = store.day(transaction, agent.id()).orElse(null);
            List<@Nullable Integer> quarters = day == null ? List.of() : listened(day.quarters());
            return new Told(
                    agent.heartbeatInterval(),
                    quarters.isEmpty() || day == null ? null : day.until(),
                    quarters,
                    mean(quarters),
                    silence(quarters),
                    periods(transaction, agent.id(), now));
        });
    }

    /** Stored as -1 where nobody listened. */
    static List<@Nullable Integer> listened(List<Integer> quarters) {
        List<@Nullable Integer> all = new ArrayList<>();
        quarters.forEach(each -> all.add(each < 0 ? null : each));
        return all;
    }

    private static @Nullable Double mean(List<@Nullable Integer> quarters) {
        OptionalDouble mean = quarters.stream()
                .filter(Objects::nonNull)
                .mapToInt(Integer::intValue)
                .average();
        return mean.isPresent() ? Math.round(10 * mean.getAsDouble()) / 10.0 : null;
    }

    private static long silence(List<@Nullable Integer> quarters) {
        long longest = 0;
        long silent = 0;
        for (Integer each : quarters) {
            silent = each != null && each == 0 ? silent + 1 : 0;
            longest = Math.max(longest, silent);
        }
        return longest * QUARTER.toSeconds();
    }

    private List<Period> periods(Transaction transaction, String id, Instant now) {
        LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
        List<Period> periods = new ArrayList<>();
        for (int days : PERIODS) {
            BeatHistoryStore.Sum sum = store.since(transaction, id, today.minusDays(days - 1L));
            periods.add(new Period(
                    days,
                    sum.received(),
                    sum.expected(),
                    sum.expected() == 0
                            ? null
                            : Math.min(100, Math.round(1000.0 * sum.received() / sum.expected()) / 10.0)));
        }
        return periods;
    }

    /** Takes away days that were before. */
    int forget(Transaction transaction, Instant before, int limit) {
        return store.forget(transaction, before.atOffset(ZoneOffset.UTC).toLocalDate(), limit);
    }
}
