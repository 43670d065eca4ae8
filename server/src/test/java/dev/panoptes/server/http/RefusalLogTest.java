package dev.panoptes.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RefusalLogTest {
    @Test
    void whoeverIsRefusedOftenHasFewLinesAndOthersAlwaysHaveTheirs() {
        try (RefusalLog log = new RefusalLog()) {
            int lines = 0;
            for (int i = 0; i < 5_000; i++) {
                lines += log.lists(429, false, "198.51.100.1") ? 1 : 0;
                assertThat(log.lists(401, false, "198.51.100.1")).isTrue();
                assertThat(log.lists(200, false, "198.51.100.2")).isTrue();
            }
            // Ten for each ten seconds that the machine took for this.
            assertThat(lines).isBetween(10, 500);
        }
    }

    @Test
    void whatIsRefusedWithoutALookHasNoLineAtAll() {
        try (RefusalLog log = new RefusalLog()) {
            for (int i = 0; i < 100; i++) {
                assertThat(log.lists(429, true, "198.51.100.1")).isFalse();
            }
        }
    }
}
