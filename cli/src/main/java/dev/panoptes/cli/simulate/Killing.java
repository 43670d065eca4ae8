package dev.panoptes.cli.simulate;

import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.server.storage.Database;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Kills one replica after the other under load, watches what they say of the agents meanwhile, and counts what they kept. */
public final class Killing implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONGEST_END = Duration.ofSeconds(150);

    private final Replicas replicas;
    private final Supplier<Collection<Account>> accounts;
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();
    private final Set<String> lostFalsely = new ConcurrentSkipListSet<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    /** @param accounts of the agents that are there so far */
    Killing(Replicas replicas, Supplier<Collection<Account>> accounts) {
        this.replicas = replicas;
        this.accounts = accounts;
    }

    /** @param pause between two kills; zero for none */
    void start(Duration pause) {
        if (pause.isPositive()) {
            begin("killing", () -> {
                for (int turn = 0; !stop.await(pause.toMillis(), TimeUnit.MILLISECONDS); turn++) {
                    replicas.killAndStart(turn % replicas.count());
                    kills.incrementAndGet();
                }
            });
        }
        begin("watching", () -> {
            while (!stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        });
    }

    private interface Work {
        void run() throws IOException, UsageException, InterruptedException;
    }

    private void begin(String name, Work work) {
        threads.add(Thread.ofVirtual().name(name).start(() -> {
            try {
                work.run();
            } catch (IOException | UsageException | RuntimeException e) {
                failure.compareAndSet(null, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /** Whoever is called lost though it was heard a moment ago. */
    private void look() throws UsageException, InterruptedException {
        long lately = System.nanoTime() - Replicas.LOST_AFTER.toNanos();
        Reply reply = replicas.operator().call("GET", "/api/v1/agents?status=offline&limit=1000", null, PATIENCE);
        if (reply instanceof Reply.Done done) {
            looks.incrementAndGet();
            Map<String, Account> all = new HashMap<>();
            accounts.get().forEach(account -> all.put(account.id(), account));
            done.body().path("items").forEach(item -> {
                Account account = all.get(item.path("id").asString());
                if (account != null && account.beatenSince(lately)) {
                    lostFalsely.add(item.path("name").asString());
                }
            });
        }
    }

    /** Ends it, and waits until a server that is being started is there. */
    @Override
    public void close() {
        stop.countDown();
        for (Thread thread : threads) {
            try {
                if (!thread.join(LONGEST_END)) {
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What is in the database of an instance. */
    private record Stored(long beats, long metrics, long findings, long findingsTwice) {
        static final Stored NOTHING = new Stored(0, 0, 0, 0);
    }

    /**
     * Compares what was acknowledged with what is stored: of heartbeats, which say nothing of themselves, as many more may be
     * there as got no answer; of metrics and findings each is there once.
     *
     * @return how much is wrong
     */
    long report(Appendable report) throws IOException {
        Exception broken = failure.get();
        if (broken != null) {
            throw new IOException("a replica could not be killed or started again: " + broken.getMessage(), broken);
        }
        Map<String, Stored> stored = stored();
        Count beats = new Count();
        Count metrics = new Count();
        Count findings = new Count();
        long twice = 0;
        for (Account account : accounts.get()) {
            Stored its = stored.getOrDefault(account.id(), Stored.NOTHING);
            String path = "/api/v1/agents/" + account.id() + "/heartbeat";
            beats.add(account.beats(), its.beats(), replicas.unanswered(path));
            metrics.add(account.metrics(), its.metrics(), replicas.unanswered("/api/v1/metrics/" + account.id()));
            findings.add(account.findings(), its.findings(), its.findings());
            twice += its.findingsTwice();
        }
        report.append(
                "replicas       " + replicas.count() + " servers, killed and started again " + kills + " times\n");
        report.append(beats.line("heartbeats")).append(metrics.line("metrics")).append(findings.line("findings"));
        report.append("findings       " + twice + " counted twice\n");
        report.append("lost agents    " + lostFalsely.size() + " falsely in " + looks + " looks"
                + (lostFalsely.isEmpty() ? "" : ": " + new TreeSet<>(lostFalsely)) + "\n");
        return beats.wrong() + metrics.wrong() + findings.wrong() + twice + lostFalsely.size();
    }

    /** Of one kind. */
    private static final class Count {
        private long acknowledged;
        private long stored;
        private long lost;
        private long tooMany;

        /** @param more so many may be stored beside those that were acknowledged */
        void add(long said, long found, long more) {
            acknowledged += said;
            stored += found;
            lost += Math.max(0, said - found);
            tooMany += Math.max(0, found - said - more);
        }

        long wrong() {
            return lost + tooMany;
        }

        String line(String name) {
            return String.format(
                    java.util.Locale.ROOT,
                    "%-14s %8d acknowledged, %d stored, %d lost, %d too many%n",
                    name,
                    acknowledged,
                    stored,
                    lost,
                    tooMany);
        }
    }

    private Map<String, Stored> stored() {
        try (Database database = new Database(replicas.database(), 1)) {
            Map<String, Stored> all = new HashMap<>();
            database.transaction(transaction -> transaction.list(
                            """
                            SELECT a.id, coalesce(b.beats, 0) AS beats,
                                (SELECT count(*) FROM metrics m WHERE m.agent_id = a.id) AS metrics,
                                (SELECT count(*) FROM findings f WHERE f.agent_id = a.id AND f.name = 'simulated') AS findings,
                                (SELECT coalesce(sum(f.count - 1), 0)::bigint FROM findings f
                                    WHERE f.agent_id = a.id AND f.name = 'simulated') AS twice
                            FROM agents a LEFT JOIN agent_beats b ON b.agent_id = a.id
                            """,
                            row -> Map.entry(
                                    row.text("id"),
                                    new Stored(
                                            row.bigint("beats"),
                                            row.bigint("metrics"),
                                            row.bigint("findings"),
                                            row.bigint("twice")))))
                    .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
            return all;
        }
    }
}
