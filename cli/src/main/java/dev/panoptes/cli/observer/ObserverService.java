package dev.panoptes.cli.observer;

import dev.panoptes.cli.shell.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Looks and sends again and again. What could not be sent is tried again after a while, for as long as nothing newer was
 * seen: only the newest snapshot is kept, since only that one would be judged.
 */
public final class ObserverService {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final int MOST_DOUBLINGS = 20;

    private final Look look;
    private final Send send;
    private final Duration every;
    private final LongSupplier nanoTime;
    private final Pause pause;
    private final RandomGenerator random;
    private final PrintStream err;

    private byte @Nullable [] newest;
    private long nextLook;
    private int failures;
    private boolean everAccepted;
    private @Nullable String told;

    /** Looks at the host. */
    @FunctionalInterface
    public interface Look {
        Seen look() throws IOException, InterruptedException;
    }

    /** What a look gave. */
    public sealed interface Seen {
        /** @param snapshot as it is sent */
        record Snapshot(byte[] snapshot) implements Seen {}

        /** The server did not say what to look at, and never had. */
        record Nothing(Delivery.Failed why) implements Seen {}
    }

    /** Sends what was seen. */
    @FunctionalInterface
    public interface Send {
        Delivery send(byte[] snapshot) throws InterruptedException;
    }

    /** Waits, or less long where something on the host has changed. */
    @FunctionalInterface
    public interface Pause {
        /** @return true where something has changed: what was seen before is no more what there is */
        boolean pause(Duration time) throws InterruptedException;
    }

    /** @param every from one look to the next, give or take a tenth, so that observers do not come in step */
    public ObserverService(
            Look look,
            Send send,
            Duration every,
            LongSupplier nanoTime,
            Pause pause,
            RandomGenerator random,
            PrintStream err) {
        this.look = look;
        this.send = send;
        this.every = every;
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.random = random;
        this.err = err;
    }

    /**
     * Runs until it is interrupted.
     *
     * @return only where the very first answers show that it can never work: the token or the URL is wrong
     */
    public ExitCode run() throws IOException, InterruptedException {
        nextLook = nanoTime.getAsLong();
        while (true) {
            switch (attempt()) {
                case Delivery.Accepted() -> {
                    newest = null;
                    accepted();
                    pauseUntil(nextLook);
                }
                case Delivery.Failed failed -> {
                    failures++;
                    if (!everAccepted && failed.kind() == Delivery.Kind.CALLER) {
                        tell(failed);
                        return failed.exitCode();
                    }
                    if (!failed.reason().equals(told)) {
                        tell(failed);
                    }
                    if (failed.kind() == Delivery.Kind.SNAPSHOT) {
                        newest = null;
                        pauseUntil(nextLook);
                    } else if (wait(failed)) {
                        newest = null;
                    }
                }
            }
        }
    }

    /** A change ends a pause that we chose ourselves, but never one that the server wants. @return true where there was one */
    private boolean wait(Delivery.Failed failed) throws InterruptedException {
        long end = nanoTime.getAsLong() + backOff(failed).toNanos();
        boolean changed = false;
        for (long left = end - nanoTime.getAsLong(); left > 0; left = end - nanoTime.getAsLong()) {
            changed |= pause.pause(Duration.ofNanos(left));
            if (changed && failed.retryAfter() == null) {
                break;
            }
        }
        return changed;
    }

    private Delivery attempt() throws IOException, InterruptedException {
        byte[] snapshot = newest;
        if (snapshot == null || nanoTime.getAsLong() - nextLook >= 0) {
            Seen seen = look.look();
            nextLook = nanoTime.getAsLong() + jittered(every).toNanos();
            switch (seen) {
                case Seen.Nothing(Delivery.Failed why) -> {
                    return why;
                }
                case Seen.Snapshot(byte[] bytes) -> snapshot = bytes;
            }
            newest = snapshot;
        }
        return send.send(snapshot);
    }

    private void accepted() {
        if (failures > 0) {
            err.println("panoptes: sent again after " + failures + (failures == 1 ? " failure" : " failures"));
        }
        failures = 0;
        told = null;
        everAccepted = true;
    }

    /** What is wrong is said when it begins or changes, not at every try. */
    private void tell(Delivery.Failed failure) {
        told = failure.reason();
        err.println("panoptes: " + failure.reason() + (failure.hint().isEmpty() ? "" : "\n" + failure.hint()));
    }

    /** Twice as long as before, by chance up to half less, never sooner than the server wants. */
    private Duration backOff(Delivery.Failed failure) {
        long millis = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures, MOST_DOUBLINGS));
        Duration own = Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
        Duration wanted = failure.retryAfter();
        return wanted == null || wanted.compareTo(own) < 0 ? own : wanted;
    }

    private Duration jittered(Duration time) {
        long millis = time.toMillis();
        long tenth = Math.max(1, millis / 10);
        return Duration.ofMillis(millis - tenth + random.nextLong(2 * tenth + 1));
    }

    private void pauseUntil(long nanos) throws InterruptedException {
        long left = nanos - nanoTime.getAsLong();
        if (left > 0) {
            // There is nothing that was seen and not sent: whether time or a change ended it, the next step is a look.
            newest = pause.pause(Duration.ofNanos(left)) ? null : newest;
        }
    }
}
