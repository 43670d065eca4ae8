package dev.panoptes.server.http;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps those who try out tokens away from the database: so many wrong ones from an address, and unknown ones from there are
 * looked at one after the other, from all such addresses together so many a second; the rest is refused unseen. A token that
 * was right a little while ago is always looked at, so that a neighbour who guesses shuts nobody out. One that was wrong a
 * little while ago is wrong: no token becomes right again.
 */
final class Refusals {
    private static final int AT_ONCE = 10;
    private static final int A_SECOND = 2;
    private static final int A_SECOND_FROM_ALL = 5;
    private static final int MOST_ADDRESSES = 20_000;
    /** As many agents as one installation is made for; more are right as well, and wait like strangers while somebody guesses. */
    private static final int MOST_KNOWN = 200_000;

    private static final int MOST_WRONG = 20_000;
    private static final long KNOWN_NANOS = Duration.ofMinutes(5).toNanos();
    /** A token's answer may depend on clocks, and a database can be put back to an older state: not for long. */
    private static final long WRONG_NANOS = Duration.ofMinutes(1).toNanos();

    private final boolean on;
    private final Map<String, Bucket> addresses = new ConcurrentHashMap<>();
    private final Bucket all = bucket(A_SECOND_FROM_ALL, A_SECOND_FROM_ALL);
    private final Map<TokenDigest, Long> known = new ConcurrentHashMap<>();
    private final Map<TokenDigest, Wrong> wrong = new ConcurrentHashMap<>();
    private final AtomicLong swept = new AtomicLong(System.nanoTime());

    /** When a token was refused, and how. */
    private record Wrong(long since, Problem why) {}

    /** @param on false where nothing is limited */
    Refusals(boolean on) {
        this.on = on;
    }

    /** Somebody's token on its way to be looked at; to be closed when that is over, however it ended. */
    final class Look implements AutoCloseable {
        private final String address;
        private final TokenDigest digest;
        /** Of what one was taken beforehand, which goes back where the token was not wrong. */
        private List<Bucket> taken;

        private Look(String address, TokenDigest digest, List<Bucket> taken) {
            this.address = address;
            this.digest = digest;
            this.taken = taken;
        }

        /** How this very token was refused a little while ago; empty where it was not. */
        Optional<Problem> refusedBefore() {
            Wrong before = wrong.get(digest);
            return before != null && System.nanoTime() - before.since() < WRONG_NANOS
                    ? Optional.of(before.why())
                    : Optional.empty();
        }

        void right() {
            if (on) {
                sweep();
                if (known.size() < MOST_KNOWN) {
                    known.put(digest, System.nanoTime());
                }
            }
        }

        void wrong(Problem why) {
            if (!on) {
                return;
            }
            known.remove(digest);
            if (wrong.size() >= MOST_WRONG) {
                wrong.clear();
            }
            wrong.putIfAbsent(digest, new Wrong(System.nanoTime(), why));
            if (taken.isEmpty()) {
                of(address).tryConsume(1);
            }
            taken = List.of();
        }

        @Override
        public void close() {
            taken.forEach(bucket -> bucket.addTokens(1));
            taken = List.of();
        }
    }

    /** Empty where this token from there is refused without a look. */
    Optional<Look> look(String address, String token) {
        TokenDigest digest = TokenDigest.of(token);
        Bucket bucket = on ? addresses.get(address) : null;
        if (bucket == null || bucket.getAvailableTokens() >= AT_ONCE / 2 || isKnown(digest)) {
            return Optional.of(new Look(address, digest, List.of()));
        }
        // Taken before the look: of many that come at once no more get one than there are to be had.
        if (!bucket.tryConsume(1)) {
            return Optional.empty();
        }
        if (wrong.containsKey(digest)) {
            return Optional.of(new Look(address, digest, List.of(bucket)));
        }
        // Not given back: else the address would soon have enough for looks that need nothing from all.
        return all.tryConsume(1) ? Optional.of(new Look(address, digest, List.of(bucket, all))) : Optional.empty();
    }

    private boolean isKnown(TokenDigest digest) {
        Long since = known.get(digest);
        return since != null && System.nanoTime() - since < KNOWN_NANOS;
    }

    private void sweep() {
        long now = System.nanoTime();
        long last = swept.get();
        if (now - last > KNOWN_NANOS && swept.compareAndSet(last, now)) {
            known.values().removeIf(since -> now - since > KNOWN_NANOS);
        }
    }

    private Bucket of(String address) {
        if (addresses.size() > MOST_ADDRESSES) {
            addresses.values().removeIf(bucket -> bucket.getAvailableTokens() >= AT_ONCE);
        }
        return addresses.computeIfAbsent(address, _ -> bucket(AT_ONCE, A_SECOND));
    }

    private static Bucket bucket(int atOnce, int aSecond) {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(atOnce)
                        .refillGreedy(aSecond, Duration.ofSeconds(1))
                        .build())
                .build();
    }
}
