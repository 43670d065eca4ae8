package dev.panoptes.server.alerts;

import dev.panoptes.server.alerts.OutboxStore.Pending;
import dev.panoptes.server.alerts.channel.Channel;
import dev.panoptes.server.alerts.channel.Delivery;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one channel's messages in order, one at a time, each at least once; one that is refused, or fails again and again, is
 * passed by those behind it. One replica at a time does so, by a lease. A
 * message is marked only after the receiver took it: who dies in between leaves one message that is sent again. A channel
 * that fails is tried again later and later, up to five minutes; other channels do not wait for it.
 */
final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    /** Longer than one message may take, so that nobody else sends it meanwhile. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final Duration LONGEST_ASKED = Duration.ofHours(1);
    /** A receiver that starts refuses what it will take later; after so long it is the message. */
    private static final Duration REFUSED_FOR = Duration.ofHours(6);
    /** From then on a message that fails waits by itself, so that those behind it are tried. */
    private static final int OWN_FAULT = 4;

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
    /** After so long nobody wants to be told any more. */
    private static final Duration STALE = Duration.ofDays(3);

    private final Database database;
    private final OutboxStore outbox = new OutboxStore();
    private final Channel channel;
    private final String me;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** @param me unique among replicas */
    Relay(Database database, Channel channel, String me, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.channel = channel;
        this.me = me;
        this.clock = clock;
        this.random = random;
    }

    /** What is to be done next. */
    private sealed interface Turn {
        record Nothing() implements Turn {}

        record Repeat() implements Turn {}

        record Send(Pending pending) implements Turn {}
    }

    /** Sends one message where one is due. False where there is nothing to do for now. */
    boolean turn() throws InterruptedException {
        return switch (database.transaction(this::choose)) {
            case Turn.Nothing() -> false;
            case Turn.Repeat() -> {
                Delivery delivery = channel.repeat();
                database.execute(transaction -> repeated(transaction, delivery));
                yield delivery instanceof Delivery.Sent;
            }
            case Turn.Send(Pending pending) -> {
                // With the time, for a restored database gives numbers out again.
                String id =
                        "panoptes-" + pending.id() + "-" + pending.createdAt().toEpochMilli();
                Delivery delivery = channel.send(pending.message(), id);
                database.execute(transaction -> tried(transaction, pending, delivery));
                yield !(delivery instanceof Delivery.Failed);
            }
        };
    }

    /** Looks before it takes the lease: where there is nothing to do, nothing is written. */
    private Turn choose(Transaction transaction) {
        Instant now = clock.instant();
        Duration interval = channel.interval();
        boolean due = outbox.next(transaction, channel.name(), now).isPresent()
                || (interval != null && outbox.repeatDue(transaction, channel.name(), now, interval));
        if (!due || !outbox.lease(transaction, channel.name(), me, now, LEASE)) {
            return new Turn.Nothing();
        }
        // Read again: another replica may have sent it before the lease was ours.
        Optional<Pending> next = outbox.next(transaction, channel.name(), now);
        if (next.isPresent()) {
            return new Turn.Send(next.get());
        }
        return interval != null && outbox.repeats(transaction, channel.name(), now, interval)
                ? new Turn.Repeat()
                : new Turn.Nothing();
    }

    private void repeated(Transaction transaction, Delivery delivery) {
        switch (delivery) {
            case Delivery.Sent() -> outbox.worked(transaction, channel.name(), clock.instant());
            case Delivery.Refused(String why) -> pause(transaction, why, null);
            case Delivery.Failed(String why, Duration retryAfter) -> pause(transaction, why, retryAfter);
        }
    }

    private void tried(Transaction transaction, Pending pending, Delivery delivery) {
        Instant now = clock.instant();
        switch (delivery) {
            case Delivery.Sent() -> {
                outbox.done(transaction, pending.id(), "sent", null, now);
                outbox.worked(transaction, channel.name(), now);
            }
            case Delivery.Refused(String why) -> {
                if (pending.createdAt().plus(REFUSED_FOR).isBefore(now)) {
                    giveUp(transaction, pending, why, now);
                } else {
                    // The receiver works: what is behind this message does not wait.
                    outbox.attempted(transaction, pending.id(), why, now.plus(wait(pending.attempts(), LONGEST_WAIT)));
                    noteFailure(outbox.failed(transaction, channel.name(), why), why);
                }
            }
            case Delivery.Failed(String why, Duration retryAfter) -> {
                if (pending.createdAt().plus(STALE).isBefore(now)) {
                    giveUp(transaction, pending, why, now);
                } else {
                    Instant until = pause(transaction, why, retryAfter);
                    Instant own = now.plus(wait(pending.attempts(), LONGEST_PAUSE));
                    outbox.attempted(
                            transaction,
                            pending.id(),
                            why,
                            pending.attempts() + 1 >= OWN_FAULT && own.isAfter(until) ? own : until);
                }
            }
        }
    }

    /** How long one message waits after so many attempts. */
    private static Duration wait(int attempts, Duration longest) {
        long millis = Math.min(longest.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempts + 1, 20));
        return Duration.ofMillis(millis);
    }

    private void giveUp(Transaction transaction, Pending pending, String why, Instant now) {
        outbox.done(transaction, pending.id(), "given_up", why, now);
        LOG.atError()
                .addKeyValue("channel", channel.name())
                .addKeyValue("message", pending.id())
                .addKeyValue("why", why)
                .log("a message is given up");
    }

    /**
     * Twice as long as the time before, up to a bound, and by chance up to half less: receivers must not be met in step. What
     * the receiver asks for is waited, up to an hour.
     */
    private Instant pause(Transaction transaction, String why, @Nullable Duration retryAfter) {
        int failures = outbox.failed(transaction, channel.name(), why);
        long millis = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures - 1, 20));
        Instant now = clock.instant();
        Instant until = now.plusMillis(millis / 2 + random.nextLong(millis / 2 + 1));
        if (retryAfter != null) {
            Instant asked = now.plus(retryAfter.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : retryAfter);
            until = asked.isAfter(until) ? asked : until;
        }
        outbox.pause(transaction, channel.name(), until);
        noteFailure(failures, why);
        return until;
    }

    private void noteFailure(int failures, String why) {
        if (failures == 1) {
            LOG.atWarn()
                    .addKeyValue("channel", channel.name())
                    .addKeyValue("why", why)
                    .log("a channel fails; what is to be sent is kept");
        }
    }
}
