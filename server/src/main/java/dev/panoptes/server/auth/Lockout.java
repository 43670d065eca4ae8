package dev.panoptes.server.auth;

import dev.panoptes.server.storage.Transaction;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Slows down guessing. Three counters per attempt: this name from this address, this address, this name. The last is the
 * laxest, so that strangers cannot easily lock somebody out. Locks double from half a minute to a quarter of an hour.
 */
public final class Lockout {
    private static final int PAIR_FAILURES = 5;
    private static final int ADDRESS_FAILURES = 30;
    private static final int NAME_FAILURES = 100;
    private static final Duration SHORTEST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration MEMORY = Duration.ofHours(1);

    private static final int MOST_REMEMBERED = 20_000;

    private final LockoutStore store = new LockoutStore();
    /** Locks that were seen: none ends before its time, so that whoever keeps trying needs no database to be refused. */
    private final Map<String, Instant> seen = new ConcurrentHashMap<>();

    private final InstantSource clock;

    public Lockout(InstantSource clock) {
        this.clock = clock;
    }

    /** How long this caller must wait; empty where they may try. */
    public Optional<Duration> wait(Transaction transaction, String name, String address) {
        Instant now = clock.instant();
        return limits(name, address).keySet().stream()
                .flatMap(key ->
                        store.lockedUntil(transaction, key, now).stream().peek(until -> remember(key, until, now)))
                .max(Instant::compareTo)
                .map(until -> Duration.between(now, until));
    }

    private void remember(String key, Instant until, Instant now) {
        if (seen.size() >= MOST_REMEMBERED) {
            seen.values().removeIf(end -> !end.isAfter(now));
        }
        if (seen.size() < MOST_REMEMBERED) {
            seen.put(key, until);
        }
    }

    /** The same as far as this replica knows without asking; empty where it does not know. */
    Optional<Duration> remembered(String name, String address) {
        Instant now = clock.instant();
        return limits(name, address).keySet().stream()
                .flatMap(key -> Stream.ofNullable(seen.get(key)))
                .filter(until -> until.isAfter(now))
                .max(Instant::compareTo)
                .map(until -> Duration.between(now, until));
    }

    /**
     * Lets attempts for one name or from one address end one after the other, until the end of this transaction, so that a
     * burst gets no more guesses than the lock allows.
     */
    public void inTurn(Transaction transaction, String name, String address) {
        limits(name, address).keySet().stream().sorted().forEach(key -> store.inTurn(transaction, key));
    }

    public void failed(Transaction transaction, String name, String address) {
        Instant now = clock.instant();
        store.forgetBefore(transaction, now.minus(MEMORY));
        limits(name, address).forEach((key, most) -> {
            int failures = store.fail(transaction, key, now, now.minus(MEMORY));
            if (failures >= most) {
                store.lock(transaction, key, now.plus(duration(failures - most)));
            }
        });
    }

    /** The right password clears the pair and the name, not the address: others may be guessing from it. */
    public void succeeded(Transaction transaction, String name, String address) {
        limits(name, address).keySet().stream()
                .filter(key -> !key.startsWith("address:"))
                .forEach(key -> store.forget(transaction, key));
    }

    private static Map<String, Integer> limits(String name, String address) {
        String plain = name.toLowerCase(Locale.ROOT);
        String from = network(address);
        return Map.of(
                "pair:" + plain + "@" + from, PAIR_FAILURES,
                "address:" + from, ADDRESS_FAILURES,
                "name:" + plain, NAME_FAILURES);
    }

    /** Of IPv6 the /64, which one caller owns as a whole. */
    private static String network(String address) {
        try {
            return InetAddress.ofLiteral(address.replaceAll("[\\[\\]]", "")) instanceof Inet6Address six
                    ? HexFormat.of().formatHex(six.getAddress(), 0, 8)
                    : address;
        } catch (IllegalArgumentException e) {
            // No IP address, as for a caller that is not known.
            return address;
        }
    }

    private static Duration duration(int beyond) {
        Duration doubled = SHORTEST.multipliedBy(1L << Math.min(beyond, 10));
        return doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    }
}
