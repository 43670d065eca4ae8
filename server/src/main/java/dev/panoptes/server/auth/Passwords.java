package dev.panoptes.server.auth;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Argon2id with 19 MiB, two passes, one lane (OWASP password storage). It is worked on by few platform threads, never by the
 * carriers of virtual ones: whoever guesses in parallel slows down others who log in, and nobody else. What does not fit into
 * the queue is refused.
 */
public final class Passwords implements AutoCloseable {
    /** How many characters a password of one's own has at least. */
    public static final int SHORTEST = 12;

    public static final int LONGEST = 256;

    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final int MOST_WAITING = 16;
    private static final Duration COME_BACK = Duration.ofSeconds(2);

    private final Argon2Function argon2 = Argon2Function.getInstance(MEMORY_KIB, PASSES, LANES, HASH_BYTES, Argon2.ID);
    private final ThreadPoolExecutor threads;

    public Passwords() {
        // Half of the processors stay free for everybody else.
        int most = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
        threads = new ThreadPoolExecutor(
                most,
                most,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().name("argon2-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    String hash(String password) throws InterruptedException {
        return work(() ->
                Password.hash(password).addRandomSalt(SALT_BYTES).with(argon2).getResult());
    }

    boolean matches(String password, String hash) throws InterruptedException {
        return work(() -> Password.check(password, hash).with(Argon2Function.getInstanceFromHash(hash)));
    }

    private interface Work<T> {
        T done();
    }

    /** @throws dev.panoptes.server.http.ProblemException 429 where too many wait already */
    private <T> T work(Work<T> work) throws InterruptedException {
        Future<T> future;
        try {
            future = threads.submit(work::done);
        } catch (RejectedExecutionException e) {
            throw Problem.later(ErrorCode.RATE_LIMITED, "Too many people log in at this moment", COME_BACK)
                    .exception();
        }
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(false);
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a password could not be hashed", e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
