package dev.panoptes.integrity.observed;

import java.time.Duration;
import java.util.List;

/**
 * What an observer is to look at.
 *
 * @param host the name that the registry's {@code hosts} uses for the observed host, or {@code local}
 * @param probes the health endpoints to ask; empty: none, and the snapshot says so
 * @param units names of service units to look at also where they are not in memory
 * @param concurrency how many probes may be under way at once
 * @param deadline for everything together; what has not ended by then is denied with that reason
 */
public record ObserveRequest(
        String host, List<ProbeTarget> probes, List<String> units, int concurrency, Duration deadline) {
    public static final int DEFAULT_CONCURRENCY = 256;

    public ObserveRequest {
        probes = List.copyOf(probes);
        units = List.copyOf(units);
        if (concurrency < 1) {
            throw new IllegalArgumentException("the concurrency must be at least 1, not " + concurrency);
        }
    }

    /** With no unit named: those in memory and those that the administrator installed. */
    public ObserveRequest(String host, List<ProbeTarget> probes, int concurrency, Duration deadline) {
        this(host, probes, List.of(), concurrency, deadline);
    }

    /** Sockets, owners and units, no probe. */
    public static ObserveRequest withoutProbes(String host, Duration deadline) {
        return new ObserveRequest(host, List.of(), List.of(), DEFAULT_CONCURRENCY, deadline);
    }
}
