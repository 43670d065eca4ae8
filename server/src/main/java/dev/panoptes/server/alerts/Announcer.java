package dev.panoptes.server.alerts;

import dev.panoptes.server.alerts.channel.AlertIssue;
import dev.panoptes.server.alerts.channel.Channel;
import dev.panoptes.server.alerts.channel.Delivery;
import dev.panoptes.server.alerts.channel.Message;
import dev.panoptes.server.alerts.channel.OneAtATime;
import dev.panoptes.server.alerts.channel.OpenIssues;
import dev.panoptes.server.health.Component;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything about alerts that runs: a thread for each channel, so that a dead one stops no other, and one that reviews. */
public final class Announcer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(10);
    private static final Duration REVIEW = Duration.ofSeconds(15);

    private final Database database;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final String me = UUID.randomUUID().toString();
    private final OutboxStore outbox = new OutboxStore();
    private final List<Channel> channels;
    private final Alerts alerts;
    private final Map<String, Asked> asked = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);

    /** @param channels made over the issues that are open */
    public Announcer(
            Database database,
            InstantSource clock,
            RandomGenerator random,
            Alerts.Policy policy,
            Function<OpenIssues, List<Channel>> channels) {
        this.database = database;
        this.clock = clock;
        this.random = random;
        this.channels = channels.apply(this::open).stream()
                .<Channel>map(OneAtATime::new)
                .toList();
        this.alerts = new Alerts(
                database,
                clock,
                policy,
                this.channels.stream().map(Announcer::target).toList());
    }

    private List<AlertIssue> open() {
        return alerts.open();
    }

    private static Alerts.Target target(Channel channel) {
        Set<Message.Kind> kinds = EnumSet.noneOf(Message.Kind.class);
        for (Message.Kind kind : Message.Kind.values()) {
            if (channel.takes(kind)) {
                kinds.add(kind);
            }
        }
        return new Alerts.Target(channel.name(), kinds, channel.wantsAll());
    }

    public Alerts alerts() {
        return alerts;
    }

    /**
     * Sends a message that says it is a test, now, past what waits. A receiver that takes alerts only is asked whether it answers:
     * a false alert would wake people.
     *
     * @param by who asked for it
     * @return empty where there is no such channel
     */
    Optional<Delivery> test(String name, String by) throws InterruptedException {
        for (Channel channel : channels) {
            if (channel.name().equals(name)) {
                return Optional.of(tried(channel, by));
            }
        }
        return Optional.empty();
    }

    private Delivery tried(Channel channel, String by) throws InterruptedException {
        Instant now = clock.instant();
        String id = "panoptes-test-" + UUID.randomUUID();
        if (channel.takes(Message.Kind.NOTICE)) {
            return channel.send(
                    Message.notice(
                            now,
                            "alerts.test",
                            "info",
                            "Test message from Panoptes",
                            by + " tries this channel. Nothing is wrong."),
                    id);
        }
        if (channel.takes(Message.Kind.EVENT)) {
            return channel.send(Message.event(now, "alerts.test", Map.of("by", by)), id);
        }
        Boolean answers = channel.answers();
        return answers == null
                ? new Delivery.Refused("it takes alerts only, and cannot be asked how it is")
                : answers
                        ? new Delivery.Sent()
                        : new Delivery.Failed("it does not answer, or says that it is not ready");
    }

    /** How a channel is: what its receiver says of itself, else what became of the last message on it. */
    public Component.State state(String name) {
        for (Channel channel : channels) {
            if (channel.name().equals(name)) {
                Boolean answers = answers(channel);
                return answers == null
                        ? byDeliveries(name)
                        : answers ? Component.State.HEALTHY : Component.State.UNHEALTHY;
            }
        }
        return Component.State.NOT_CONFIGURED;
    }

    /** Asked at most every ten seconds, whoever looks. */
    private @Nullable Boolean answers(Channel channel) {
        Asked before = asked.get(channel.name());
        Instant now = clock.instant();
        if (before != null && now.isBefore(before.at().plus(ASK_AGAIN))) {
            return before.answer();
        }
        try {
            Boolean answer = channel.answers();
            asked.put(channel.name(), new Asked(now, answer));
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private record Asked(Instant at, @Nullable Boolean answer) {}

    private Component.State byDeliveries(String channel) {
        return database.transaction(transaction -> outbox.channel(transaction, channel))
                .map(line -> line.failures() > 0
                        ? Component.State.UNHEALTHY
                        : line.sentAt() == null ? Component.State.UNKNOWN : Component.State.HEALTHY)
                .orElse(Component.State.UNKNOWN);
    }

    /** How sending goes. */
    public AlertMetrics metrics() {
        return new AlertMetrics(database, channels.stream().map(Channel::name).toList(), clock);
    }

    /**
     * @param alone no other server uses this database: what a killed one was sending need not wait for the end of its lease
     * @param waiversEnd opens the issues whose waivers have ended; called about four times a minute
     */
    public void start(boolean alone, Runnable waiversEnd) {
        List<Relay> relays = channels.stream()
                .map(channel -> new Relay(database, channel, me, clock, random))
                .toList();
        database.execute(transaction -> {
            outbox.introduce(transaction, channels.stream().map(Channel::name).toList(), clock.instant());
            if (alone) {
                outbox.releaseAll(transaction);
            }
        });
        relays.forEach(relay -> threads.execute(() -> live(LOOK, relay::turn)));
        threads.execute(() -> live(REVIEW, () -> {
            waiversEnd.run();
            alerts.review();
            return false;
        }));
    }

    /** True where there is more to do at once. */
    private interface Turn {
        boolean take() throws InterruptedException;
    }

    private void live(Duration pause, Turn turn) {
        try {
            while (closing.getCount() > 0) {
                if (!taken(turn) && closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            // The server is stopping; what was not marked is sent again at the next start.
            Thread.currentThread().interrupt();
        }
    }

    private static boolean taken(Turn turn) throws InterruptedException {
        try {
            return turn.take();
        } catch (DatabaseUnavailable e) {
            LOG.atDebug().setCause(e).log("alerts wait for the database");
            return false;
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("alerts");
            return false;
        }
    }

    /** Interrupts what is being sent; the next start, or another replica, sends it again. */
    @Override
    public void close() {
        closing.countDown();
        threads.shutdownNow();
        threads.close();
        try {
            database.execute(transaction -> outbox.release(transaction, me));
        } catch (DatabaseUnavailable e) {
            LOG.atDebug().setCause(e).log("the leases run out by themselves");
        }
    }
}
