package dev.panoptes.server.web;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What was read for a page, as long as nothing was told of that changes it: every change of an issue, an incident, a finding, a
 * ticket, a host or a scan moves the stream on. What follows from the clock alone is kept for {@link #OLDEST}, or for as long as
 * it took to make it, so that a server with too much to do does not make it all the time. It belongs to one replica, which sees
 * the position of all.
 *
 * @param <K> what it is of @param <T> immutable
 */
final class Kept<K, T> {
    private static final Duration OLDEST = Duration.ofSeconds(2);

    /** Makes it. */
    @FunctionalInterface
    interface Maker<T> {
        T make() throws InterruptedException;
    }

    private record Made<T>(T value, long position, long until) {}

    private final LongSupplier position;
    private final Map<K, Made<T>> made;

    /** @param position of the stream @param most how many are kept; those that were asked for longest ago go */
    Kept(LongSupplier position, int most) {
        this.position = position;
        this.made = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Made<T>> eldest) {
                return size() > most;
            }
        };
    }

    /** The position is read first: what is told while it is made, it may or may not know, and it is made again. */
    T get(K key, Maker<T> maker) throws InterruptedException {
        long now = position.getAsLong();
        synchronized (made) {
            Made<T> present = made.get(key);
            if (present != null && present.position() == now && System.nanoTime() - present.until() < 0) {
                return present.value();
            }
        }
        long began = System.nanoTime();
        T value = maker.make();
        long ended = System.nanoTime();
        synchronized (made) {
            made.put(key, new Made<>(value, now, ended + Math.max(ended - began, OLDEST.toNanos())));
        }
        return value;
    }
}
