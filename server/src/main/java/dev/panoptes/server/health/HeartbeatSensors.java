package dev.panoptes.server.health;

import dev.panoptes.core.heartbeat.Beat;
import dev.panoptes.core.heartbeat.HeartbeatReader;
import dev.panoptes.core.heartbeat.HeartbeatState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sensors that send events, and those of this host that only write heartbeat files, as one list. */
final class HeartbeatSensors {
    private HeartbeatSensors() {}

    /** Whoever sends is known by that, unless it fell silent and its file says more. */
    static List<AgentDetail> merged(List<AgentDetail> sending, List<HeartbeatReader.Seen> beating) {
        Map<String, AgentDetail> all = new LinkedHashMap<>();
        sending.forEach(detail -> all.put(detail.id(), detail));
        for (HeartbeatReader.Seen seen : beating) {
            AgentDetail known = all.get(seen.beat().name());
            if (known == null || known.instances() == 0) {
                all.put(seen.beat().name(), detail(seen));
            }
        }
        return new ArrayList<>(all.values());
    }

    private static AgentDetail detail(HeartbeatReader.Seen seen) {
        Beat beat = seen.beat();
        boolean runs = seen.state() == HeartbeatState.RUNNING || seen.state() == HeartbeatState.DEGRADED;
        Long pid = beat.pid();
        return new AgentDetail(
                beat.name(),
                "sensor",
                runs ? 1 : 0,
                false,
                new AgentHealth(
                        beat.name(),
                        beat.name(),
                        beat.host() == null ? "" : beat.host(),
                        status(seen.state()).id(),
                        pid == null || pid > Integer.MAX_VALUE || pid < 1 ? null : pid.intValue(),
                        beat.cycle(),
                        beat.durationMs(),
                        why(seen),
                        beat.at(),
                        null,
                        null,
                        null));
    }

    private static AgentHealth.Status status(HeartbeatState state) {
        return switch (state) {
            case RUNNING, DEGRADED -> AgentHealth.Status.RUNNING;
            case STALE -> AgentHealth.Status.STALE;
            case STOPPED -> AgentHealth.Status.STOPPED;
        };
    }

    private static @Nullable String why(HeartbeatReader.Seen seen) {
        Instant at = seen.beat().at();
        return switch (seen.state()) {
            case RUNNING -> null;
            case DEGRADED ->
                seen.beat().degraded() != null
                        ? seen.beat().degraded()
                        : seen.beat().lastError();
            case STALE -> "its last heartbeat is of " + at;
            case STOPPED ->
                seen.beat().degraded() != null && "stopped".equals(seen.beat().status())
                        ? seen.beat().degraded()
                        : "it stopped; its last heartbeat is of " + at;
        };
    }
}
