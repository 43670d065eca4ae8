package dev.panoptes.sensors.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class HostLoadTest {
    private static final String MEMORY = "MemTotal:        2048 kB\nMemFree: 12 kB\nMemAvailable:     1024 kB\n";

    private static HostLoad load(String stat) {
        return Objects.requireNonNull(HostLoad.parse(stat, MEMORY, "0.52 0.58 0.59 1/467 12345\n"));
    }

    @Test
    void readsWhatTheKernelTells() {
        HostLoad load = load("cpu  10 5 20 100 7 1 2 3 4 0\ncpu0 1 1 1 1\n");

        assertThat(load.allTicks()).isEqualTo(148);
        assertThat(load.busyTicks()).isEqualTo(41);
        assertThat(load.memoryBytes()).isEqualTo(2_097_152);
        assertThat(load.availableBytes()).isEqualTo(1_048_576);
        assertThat(load.load()).isEqualTo(0.52);
    }

    @Test
    void whatIsUsedIsTheDifferenceOfTwo() {
        HostLoad before = load("cpu  10 0 10 80 0 0 0 0 0 0\n");

        assertThat(load("cpu  60 0 10 130 0 0 0 0 0 0\n").percentSince(before)).isEqualTo(50.0);
        assertThat(before.percentSince(before)).isNull();
        assertThat(load("cpu  1 0 1 200 0 0 0 0 0 0\n").percentSince(before)).isNull();
        // The kernel's time of waiting went back.
        assertThat(load("cpu  40 0 20 80 0 0 0 0 0 0\n").percentSince(load("cpu  10 0 10 80 20 0 0 0\n")))
                .isEqualTo(100.0);
    }

    @Test
    void whatCannotBeReadIsNotKnown() {
        assertThat(HostLoad.parse("cpu0 1 2 3\n", MEMORY, "0.1 ")).isNull();
        assertThat(HostLoad.parse("cpu  1 x 3\n", MEMORY, "0.1 ")).isNull();
        HostLoad load = Objects.requireNonNull(HostLoad.parse("cpu  1 2 3 4", "MemTotal: much\nMemAvailable:", ""));
        assertThat(load.allTicks()).isEqualTo(10);
        assertThat(load.memoryBytes()).isNull();
        assertThat(load.availableBytes()).isNull();
        assertThat(load.load()).isNull();
        assertThat(HostLoad.parse("cpu  1 2 3 4", "MemTotal: 99999999999999999999 kB", null))
                .isEqualTo(new HostLoad(6, 10, null, null, null));
        assertThat(HostLoad.parse("cpu  1 2 3 4", "MemTotal: 9223372036854775807 kB", null))
                .isEqualTo(new HostLoad(6, 10, null, null, null));
    }
}
