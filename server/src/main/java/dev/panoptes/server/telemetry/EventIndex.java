package dev.panoptes.server.telemetry;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Puts what came in small batches into blocks, many streams into one. What is too little for a block is left for later. */
final class EventIndex {
    private static final int MOST_STREAMS = 512;

    private final Database database;
    private final EventBlockStore store = new EventBlockStore();

    EventIndex(Database database) {
        this.database = database;
    }

    /** Goes on until too little is left. */
    void review() {
        while (database.transaction(store::behind) >= EventBlock.EVENTS) {
            if (database.transaction(this::block) == 0) {
                return;
            }
        }
    }

    /** @return how many streams were moved on */
    private int block(Transaction transaction) {
        List<EventBlockStore.Tail> tails = enough(store.lockTails(transaction, MOST_STREAMS));
        List<EventBlockStore.Stored> events = store.events(transaction, tails, EventBlock.EVENTS);
        EventBlock.Draft draft = new EventBlock.Draft();
        Map<UUID, Integer> counts = new HashMap<>();
        Map<UUID, Long> last = new HashMap<>();
        for (EventBlockStore.Stored event : events) {
            byte[] body = event.body().getBytes(StandardCharsets.UTF_8);
            draft.grams().add(body, 0, body.length);
            draft.grams().add(event.action(), event.user(), event.process(), event.ips());
            draft.add(event.stream(), event.number(), event.at(), event.receivedAt());
            counts.merge(event.stream(), 1, Integer::sum);
            last.put(event.stream(), event.number());
        }
        if (!events.isEmpty()) {
            store.put(transaction, draft.take());
        }
        for (EventBlockStore.Tail tail : tails) {
            boolean whole = counts.getOrDefault(tail.stream(), 0) < EventBlock.EVENTS;
            store.indexed(transaction, tail.stream(), whole ? tail.to() : last.get(tail.stream()));
        }
        return tails.size();
    }

    /** As many as have about a block of events. */
    private static List<EventBlockStore.Tail> enough(List<EventBlockStore.Tail> tails) {
        List<EventBlockStore.Tail> some = new ArrayList<>();
        long numbers = 0;
        for (EventBlockStore.Tail tail : tails) {
            if (numbers >= EventBlock.EVENTS) {
                break;
            }
            some.add(tail);
            numbers += tail.to() - tail.from() + 1;
        }
        return some;
    }
}
