package dev.panoptes.server.http;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps those who try out tokens away from the database: so many wrong ones from an address, and unknown ones from there are
 * refused unseen for a moment. A token that was right a little while ago is always looked at, so that a neighbour who guesses
 * shuts nobody out.
 */
final class Refusals {
    private static final int AT_ONCE = 20;
    private static final int A_SECOND = 2;
    private static final int MOST_ADDRESSES = 20_000;
    /** As many agents as one installation is made for; more are right as well, and wait like strangers while somebody guesses. */
    private static final int MOST_KNOWN = 200_000;

    private static final long KNOWN_NANOS = Duration.ofMinutes(5).toNanos();

    private final boolean on;
    private final Map<String, Bucket> wrong = new ConcurrentHashMap<>();
    private final Map<TokenDigest, Long> known = new ConcurrentHashMap<>();
    private final AtomicLong swept = new AtomicLong(System.nanoTime());

    /** @param on false where nothing is limited */
    Refusals(boolean on) {
        this.on = on;
    }

    /** Whether this token from there is refused without a look. */
    boolean refuses(String address, String token) {
        Bucket bucket = on ? wrong.get(address) : null;
        return bucket != null && bucket.getAvailableTokens() <= 0 && !isKnown(token);
    }

    private boolean isKnown(String token) {
        Long since = known.get(TokenDigest.of(token));
        return since != null && System.nanoTime() - since < KNOWN_NANOS;
    }

    void right(String token) {
        if (on) {
            long now = System.nanoTime();
            long last = swept.get();
            if (now - last > KNOWN_NANOS && swept.compareAndSet(last, now)) {
                known.values().removeIf(since -> now - since > KNOWN_NANOS);
            }
            if (known.size() < MOST_KNOWN) {
                known.put(TokenDigest.of(token), now);
            }
        }
    }

    void wrong(String address) {
        if (!on) {
            return;
        }
        if (wrong.size() > MOST_ADDRESSES) {
            wrong.values().removeIf(bucket -> bucket.getAvailableTokens() >= AT_ONCE);
        }
        wrong.computeIfAbsent(address, _ -> bucket()).tryConsume(1);
    }

    private static Bucket bucket() {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(AT_ONCE)
                        .refillGreedy(A_SECOND, Duration.ofSeconds(1))
                        .build())
                .build();
    }
}
