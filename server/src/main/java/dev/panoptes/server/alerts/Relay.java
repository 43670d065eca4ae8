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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one channel's messages in order, one at a time, each at least once. One replica at a time does so, by a lease. A
 * message is marked only after the receiver took it: who dies in between leaves one message that is sent again. A channel
 * that fails is tried again later and later, up to five minutes; other channels do not wait for it.
 */
final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    /** Longer than one message may take, so that nobody else sends it meanwhile. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final int MOST_REFUSALS = 3;
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
                yield delivery instanceof Delivery.Sent;
            }
        };
    }

    /** Looks before it takes the lease: where there is nothing to do, nothing is written. */
    private Turn choose(Transaction transaction) {
        Instant now = clock.instant();
        Duration interval = channel.interval();
        boolean due = outbox.next(transaction, channel.name()).isPresent()
                || (interval != null && outbox.repeatDue(transaction, channel.name(), now, interval));
        if (!due || !outbox.lease(transaction, channel.name(), me, now, LEASE)) {
            return new Turn.Nothing();
        }
        // Read again: another replica may have sent it before the lease was ours.
        Optional<Pending> next = outbox.next(transaction, channel.name());
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
            case Delivery.Refused(String why) -> pause(transaction, why);
            case Delivery.Failed(String why) -> pause(transaction, why);
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
                if (pending.attempts() + 1 >= MOST_REFUSALS) {
                    giveUp(transaction, pending, why, now);
                } else {
                    outbox.attempted(transaction, pending.id(), why, pause(transaction, why));
                }
            }
            case Delivery.Failed(String why) -> {
                if (pending.createdAt().plus(STALE).isBefore(now)) {
                    giveUp(transaction, pending, why, now);
                } else {
                    outbox.attempted(transaction, pending.id(), why, pause(transaction, why));
                }
            }
        }
    }

    private void giveUp(Transaction transaction, Pending pending, String why, Instant now) {
        outbox.done(transaction, pending.id(), "given_up", why, now);
        LOG.atError()
                .addKeyValue("channel", channel.name())
                .addKeyValue("message", pending.id())
                .addKeyValue("why", why)
                .log("a message is given up");
    }

    /** Twice as long as the time before, up to a bound, and by chance up to half less: receivers must not be met in step. */
    private Instant pause(Transaction transaction, String why) {
        int failures = outbox.failed(transaction, channel.name(), why);
        long millis = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures - 1, 20));
        Instant until = clock.instant().plusMillis(millis / 2 + random.nextLong(millis / 2 + 1));
        outbox.pause(transaction, channel.name(), until);
        if (failures == 1) {
            LOG.atWarn()
                    .addKeyValue("channel", channel.name())
                    .addKeyValue("why", why)
                    .log("a channel fails; what is to be sent is kept");
        }
        return until;
    }
}
