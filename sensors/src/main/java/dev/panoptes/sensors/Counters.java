package dev.panoptes.sensors;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one sensor has done since its start. Safe for several threads. */
public final class Counters {
    private final Map<Loss, Long> lost = new EnumMap<>(Loss.class);
    private long events;
    private long malformed;
    private long errors;
    private long cycles;
    private Duration lastCycle = Duration.ZERO;
    private @Nullable String lastError;

    /** One moment. @param lost by reason @param lastError null where nothing failed */
    public record Seen(
            long events,
            long malformed,
            Map<Loss, Long> lost,
            long errors,
            long cycles,
            Duration lastCycle,
            @Nullable String lastError) {
        public Seen {
            lost = Map.copyOf(lost);
        }
    }

    synchronized void event() {
        events++;
    }

    synchronized void malformed(long count) {
        malformed += count;
    }

    synchronized void lost(Loss reason, long count) {
        lost.merge(reason, count, Long::sum);
    }

    synchronized void error(String message) {
        errors++;
        lastError = message;
    }

    synchronized void cycle(Duration took) {
        cycles++;
        lastCycle = took;
    }

    public synchronized Seen seen() {
        return new Seen(events, malformed, lost, errors, cycles, lastCycle, lastError);
    }
}
