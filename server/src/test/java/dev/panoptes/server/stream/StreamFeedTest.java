package dev.panoptes.server.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import dev.panoptes.server.stream.StreamFeed.Next;
import dev.panoptes.server.stream.StreamStore.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ids under concurrent commits. */
@ExtendWith(TestPostgres.class)
class StreamFeedTest {
    private static final int WRITERS = 6;
    private static final int TRANSACTIONS = 60;

    private static StreamEvent event(String name) {
        return new StreamEvent("host", Map.of("name", name));
    }

    @Test
    void concurrentCommitsAndRollbacksLeaveNoGapForAReader(Databases databases)
            throws InterruptedException, ExecutionException {
        DatabaseAddress address = databases.freshAddress();
        StreamStore store = new StreamStore();
        try (Database writing = new Database(address, WRITERS);
                Database reading = new Database(address, 3);
                StreamFeed feed = new StreamFeed(reading);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            feed.start();
            List<Future<Integer>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int seed = writer;
                writers.add(threads.submit(() -> write(writing, store, new Random(seed))));
            }
            Future<List<Stored>> reader = threads.submit(() -> read(feed, writers));
            int written = 0;
            for (Future<Integer> each : writers) {
                written += each.get();
            }
            List<Stored> seen = reader.get();
            assertThat(seen).hasSize(written);
            assertThat(seen.stream().map(Stored::id))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, written).boxed().toList());
        }
    }

    /** @return how many events were committed */
    private static int write(Database database, StreamStore store, Random random) {
        int written = 0;
        for (int i = 0; i < TRANSACTIONS; i++) {
            int count = 1 + random.nextInt(3);
            boolean fails = random.nextInt(4) == 0;
            try {
                database.execute(transaction -> {
                    store.append(transaction, List.of(event("first")));
                    LockSupport.parkNanos(random.nextInt(2_000_000));
                    store.append(transaction, java.util.Collections.nCopies(count, event("more")));
                    if (fails) {
                        // Ids are taken only now, and given back.
                        transaction.atEnd(() -> {
                            throw new IllegalStateException("rolled back");
                        });
                    }
                });
                written += 1 + count;
            } catch (IllegalStateException e) {
                assertThat(fails).isTrue();
            }
        }
        return written;
    }

    private static List<Stored> read(StreamFeed feed, List<Future<Integer>> writers) throws InterruptedException {
        List<Stored> seen = new ArrayList<>();
        long at = 0;
        while (true) {
            boolean over = writers.stream().allMatch(Future::isDone);
            if (over) {
                // Once more, after the last commit.
                feed.await(feed.reach().last() - 1, Duration.ofSeconds(20));
            }
            Next.Events next = (Next.Events) feed.after(at);
            seen.addAll(next.events());
            if (!next.events().isEmpty()) {
                at = next.events().getLast().id();
            } else if (over) {
                return seen;
            } else {
                feed.await(at, Duration.ofMillis(100));
            }
        }
    }

    @Test
    void whoIsFarBehindReadsFromTheDatabaseAndNobodyGetsAcrossAGap(Databases databases) throws InterruptedException {
        DatabaseAddress address = databases.freshAddress();
        StreamStore store = new StreamStore();
        try (Database database = new Database(address, 3);
                StreamFeed feed = new StreamFeed(database)) {
            feed.start();
            int all = StreamFeed.WINDOW + 700;
            database.execute(transaction -> store.append(transaction, java.util.Collections.nCopies(all, event("x"))));
            assertThat(feed.await(all - 1, Duration.ofSeconds(20))).isTrue();
            long at = 0;
            while (at < all) {
                Next.Events next = (Next.Events) feed.after(at);
                for (Stored each : next.events()) {
                    assertThat(each.id()).isEqualTo(++at);
                }
            }
            assertThat(feed.after(at)).isEqualTo(new Next.Events(List.of()));
            database.execute(transaction ->
                    transaction.update("UPDATE stream_events SET at = at - interval '2 days' WHERE id <= 100"));
            feed.forget(Duration.ofDays(1));
            assertThat(feed.after(99)).isInstanceOf(Next.Gap.class);
            assertThat(feed.after(100)).isInstanceOf(Next.Events.class);
            assertThat(feed.reach().continues(99)).isFalse();
            assertThat(feed.reach().continues(100)).isTrue();
        }
    }
}
