package dev.panoptes.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is kept for pages is never older than what was told. */
class KeptTest {
    @Test
    void whatIsToldIsSeenByWhoeverAsksNext() throws InterruptedException {
        AtomicLong position = new AtomicLong(7);
        AtomicInteger made = new AtomicInteger();
        Kept<String, Integer> kept = new Kept<>(position::get, 2);
        int first = kept.get("a", made::incrementAndGet);
        assertThat(kept.get("b", made::incrementAndGet)).isGreaterThan(first);
        position.incrementAndGet();
        int next = kept.get("a", made::incrementAndGet);
        assertThat(next).isGreaterThan(2);
        // What is told while it is made may not be in it.
        int torn = kept.get("c", () -> {
            position.incrementAndGet();
            return made.incrementAndGet();
        });
        assertThat(kept.get("c", made::incrementAndGet)).isGreaterThan(torn);
    }

    @Test
    void whatFollowsFromTheClockIsNotKeptForLong() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        Kept<String, Integer> kept = new Kept<>(() -> 7, 2);
        assertThat(kept.get("a", made::incrementAndGet)).isEqualTo(1);
        Thread.sleep(2_100);
        assertThat(kept.get("a", made::incrementAndGet)).isEqualTo(2);
    }
}
