package dev.panoptes.server.health;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.panoptes.server.health.AgentHealth.Status;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An agent as the documents of the original contract show it, and what there is beside that.
 *
 * @param id the registry's key, or the sensor's
 * @param type agent or sensor
 * @param instances how many copies were seen running
 * @param critical whether the fleet's profile counts it among its core
 */
record AgentDetail(
        String id,
        String type,
        int instances,
        boolean critical,
        @JsonUnwrapped AgentHealth seen) {
    static AgentDetail of(AgentHealth agent, String type, int instances, Set<String> core) {
        return new AgentDetail(agent.agent(), type, instances, core.contains(agent.agent()), agent);
    }

    /**
     * The same in the three words of {@code /health/agents}.
     *
     * @param agentId the same as {@code agent}
     * @param status online, stopped or incompatible; what could not be looked at is told as stopped here, with its reason among
     *     the warnings, and as it is in {@code state}
     * @param state one of {@link Status}
     * @param blockers what keeps it from running
     * @param warnings why its state is not known
     */
    record Line(
            String agentId,
            String agent,
            String name,
            String type,
            String status,
            String state,
            boolean running,
            int instances,
            boolean critical,
            List<String> blockers,
            List<String> warnings,
            @Nullable Instant lastCheck,
            String host,
            @Nullable Integer pid,
            @Nullable Long cycle,
            @Nullable Long lastDurationMs,
            @Nullable String lastError,
            @Nullable Instant seenAt,
            @Nullable String scheme,
            @Nullable String address,
            @Nullable Integer port) {}

    Line line() {
        boolean known = !seen.is(Status.UNKNOWN) && !seen.is(Status.STALE);
        List<String> reasons = seen.lastError() == null ? List.of() : List.of(seen.lastError());
        return new Line(
                id,
                id,
                seen.name(),
                type,
                seen.is(Status.RUNNING) ? "online" : seen.is(Status.INCOMPATIBLE) ? "incompatible" : "stopped",
                seen.status(),
                seen.is(Status.RUNNING),
                instances,
                critical,
                known && !seen.is(Status.RUNNING) ? reasons : List.of(),
                known && !seen.is(Status.RUNNING) ? List.of() : reasons,
                seen.seenAt(),
                seen.host(),
                seen.pid(),
                seen.cycle(),
                seen.lastDurationMs(),
                seen.lastError(),
                seen.seenAt(),
                seen.scheme(),
                seen.address(),
                seen.port());
    }
}
