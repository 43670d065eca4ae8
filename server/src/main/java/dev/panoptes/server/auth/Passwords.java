package dev.panoptes.server.auth;

import dev.panoptes.core.host.Libc;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Argon2id with 19 MiB, two passes, one lane (OWASP password storage). It is worked on by few platform threads of low
 * priority, never by the carriers of virtual ones: whoever guesses in parallel slows down others who log in, and nobody else.
 * What does not fit into the queue is refused.
 */
public final class Passwords implements AutoCloseable {
    /** How many characters a password of one's own has at least. */
    public static final int SHORTEST = 12;

    public static final int LONGEST = 256;

    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final int MOST_WAITING = 16;
    private static final int NICE = 10;
    private static final Duration COME_BACK = Duration.ofSeconds(2);

    private final SecureRandom random = new SecureRandom();
    private final ThreadLocal<Argon2id> argon2 = ThreadLocal.withInitial(Argon2id::new);
    private final Semaphore places;
    private final ThreadPoolExecutor threads;

    public Passwords() {
        // Half of the processors stay free for everybody else.
        int most = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
        places = new Semaphore(most + MOST_WAITING);
        threads = new ThreadPoolExecutor(
                most,
                most,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> Thread.ofPlatform().name("argon2").daemon().unstarted(() -> {
                    behindOthers();
                    work.run();
                }));
        threads.allowCoreThreadTimeOut(true);
    }

    /** So that a call that needs no password is answered first where all processors are busy. */
    private static void behindOthers() {
        try (Libc libc = new Libc()) {
            libc.niceThisThread(NICE);
        }
    }

    /** Somebody's place among those whose password is worked on; to be closed by whoever took it. */
    final class Place implements AutoCloseable {
        private Place() {}

        String hash(String password) throws InterruptedException {
            byte[] salt = new byte[SALT_BYTES];
            random.nextBytes(salt);
            byte[] hash = work(() -> argon2.get().hash(bytes(password), salt, MEMORY_KIB, PASSES, HASH_BYTES));
            return new PasswordHash(MEMORY_KIB, PASSES, salt, hash).text();
        }

        boolean matches(String password, String stored) throws InterruptedException {
            PasswordHash known = PasswordHash.parse(stored);
            return known.is(work(() -> argon2.get()
                    .hash(bytes(password), known.salt(), known.memoryKib(), known.passes(), known.hash().length)));
        }

        @Override
        public void close() {
            places.release();
        }
    }

    /**
     * To be taken before anything else is done for somebody who is not known yet.
     *
     * @throws dev.panoptes.server.http.ProblemException 429 where too many wait already
     */
    Place place() {
        if (!places.tryAcquire()) {
            throw Problem.later(ErrorCode.RATE_LIMITED, "Too many people log in at this moment", COME_BACK)
                    .exception();
        }
        return new Place();
    }

    String hash(String password) throws InterruptedException {
        try (Place place = place()) {
            return place.hash(password);
        }
    }

    private static byte[] bytes(String password) {
        return password.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] work(Callable<byte[]> work) throws InterruptedException {
        Future<byte[]> future = threads.submit(work);
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
