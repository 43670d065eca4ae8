package dev.panoptes.server.telemetry;

import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds events by what they say, the newest first, and says how far back it has looked: what takes longer than a moment is
 * left to the next page.
 */
final class EventSearch {
    /** Most of what is asked for is among the newest, or is nowhere. */
    private static final int NEWEST = 1_000;
    /** Blocks that are looked at together. */
    private static final int LOOKED_AT = 2_000;
    /** Blocks that are read together. */
    private static final int READ = 8;

    private static final int MOST_STREAMS = 1_000;
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");
    private static final Comparator<TelemetryStore.Line> ORDER = Comparator.comparing(TelemetryStore.Line::at)
            .thenComparing(line -> line.stream().toString())
            .thenComparing(TelemetryStore.Line::number)
            .reversed();

    private final TelemetryStore events;
    private final EventBlockStore blocks;
    private final Duration moment;

    /** @param moment after which no more is read */
    EventSearch(TelemetryStore events, EventBlockStore blocks, Duration moment) {
        this.events = events;
        this.blocks = blocks;
        this.moment = moment;
    }

    /**
     * What was found.
     *
     * @param searchedTo where older events than this were not looked at; null where all were, or enough were found
     */
    record Found(List<TelemetryStore.Line> lines, @Nullable Instant searchedTo) {
        Found {
            lines = List.copyOf(lines);
        }
    }

    /** @param after where the page before ended; null for the first one */
    Found page(Transaction transaction, EventFilter filter, EventFilter.@Nullable Key after, int limit) {
        if (!filter.selects()) {
            return new Found(events.page(transaction, filter, after, limit), null);
        }
        List<TelemetryStore.Line> newest = events.amongNewest(transaction, filter, after, limit, NEWEST);
        if (newest.size() >= limit) {
            return new Found(newest, null);
        }
        return new Looking(transaction, filter, after, limit).search();
    }

    /** One search. */
    private final class Looking {
        private final Transaction transaction;
        private final EventFilter filter;
        private final EventFilter.@Nullable Key after;
        private final int limit;
        private final long begun = System.nanoTime();
        private List<TelemetryStore.Line> found = List.of();

        Looking(Transaction transaction, EventFilter filter, EventFilter.@Nullable Key after, int limit) {
            this.transaction = transaction;
            this.filter = filter;
            this.after = after;
            this.limit = limit;
        }

        Found search() {
            // Compiling a query takes longer than this one.
            transaction.update("SET LOCAL jit = off");
            Collection<UUID> streams = filter.host() == null && filter.sensor() == null
                    ? null
                    : blocks.streams(transaction, filter.host(), filter.sensor(), MOST_STREAMS);
            take(events.within(transaction, filter, after, limit, tails(streams), Instant.EPOCH, LATEST));
            EventBlockStore.Asked asked = new EventBlockStore.Asked(filter.from(), upTo(), filter.grams(), streams);
            EventBlockStore.Place place = null;
            while (true) {
                List<EventBlockStore.Looked> looked = blocks.look(transaction, asked, place, LOOKED_AT);
                Found ended = read(looked.stream()
                        .filter(block -> !block.ranges().isEmpty())
                        .toList());
                if (ended != null) {
                    return ended;
                }
                if (looked.size() < LOOKED_AT) {
                    return new Found(found, null);
                }
                place = looked.getLast().place();
                ended = endsAt(place.lastAt());
                if (ended != null) {
                    return ended;
                }
            }
        }

        /** Null where the search goes on. */
        private @Nullable Found read(List<EventBlockStore.Looked> all) {
            for (int at = 0; at < all.size(); at += READ) {
                Found ended = endsAt(all.get(at).place().lastAt());
                if (ended != null) {
                    return ended;
                }
                List<EventBlockStore.Looked> some = all.subList(at, Math.min(at + READ, all.size()));
                take(events.within(
                        transaction,
                        filter,
                        after,
                        limit,
                        some.stream().flatMap(block -> block.ranges().stream()).toList(),
                        some.stream()
                                .map(EventBlockStore.Looked::receivedFrom)
                                .min(Comparator.naturalOrder())
                                .orElseThrow(),
                        some.stream()
                                .map(EventBlockStore.Looked::receivedTo)
                                .max(Comparator.naturalOrder())
                                .orElseThrow()));
            }
            return null;
        }

        /** @param reach everything that happened after it was looked at @return null where the search goes on */
        private @Nullable Found endsAt(Instant reach) {
            if (found.size() >= limit && found.get(limit - 1).at().isAfter(reach)) {
                return new Found(found, null);
            }
            boolean further = after == null || reach.isBefore(after.at());
            if (further && System.nanoTime() - begun > moment.toNanos()) {
                // What was found before its turn is found again by the next page.
                return new Found(
                        found.stream().filter(line -> line.at().isAfter(reach)).toList(), reach);
            }
            return null;
        }

        private void take(List<TelemetryStore.Line> more) {
            List<TelemetryStore.Line> all = new ArrayList<>(found);
            all.addAll(more);
            all.sort(ORDER);
            found = List.copyOf(all.subList(0, Math.min(all.size(), limit)));
        }

        private List<EventBlock.Range> tails(@Nullable Collection<UUID> streams) {
            return blocks.tails(transaction, streams).stream()
                    .map(tail -> new EventBlock.Range(tail.stream(), tail.from(), tail.to()))
                    .toList();
        }

        private @Nullable Instant upTo() {
            if (after == null) {
                return filter.to();
            }
            return filter.to() == null || after.at().isBefore(filter.to()) ? after.at() : filter.to();
        }
    }
}
