package dev.panoptes.server.agents;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An instance as the API tells it, with the keys of both documents. Times are whole seconds. */
record AgentView(
        String id,
        String agentId,
        String name,
        String agentName,
        String agentType,
        String origin,
        @Nullable String version,
        @Nullable String description,
        List<String> capabilities,
        @JsonRawValue String requirements,
        @Nullable String host,
        @Nullable String hostname,
        @Nullable String ipAddress,
        @Nullable Integer port,
        boolean enabled,
        String status,
        String state,
        String health,
        @Nullable Instant lastSeen,
        @JsonRawValue String resources,
        @JsonRawValue String violations,
        @JsonRawValue String agentMetadata,
        @JsonRawValue String labels,
        List<String> permissions,
        int heartbeatInterval,
        @Nullable String publicKey,
        @Nullable Identity identity,
        boolean hasCredentials,
        boolean unverified,
        @Nullable Integer configVersion,
        @Nullable String configState,
        @Nullable String configError,
        @Nullable Instant clonedAt,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant decommissionedAt) {
    /**
     * What it proved of itself.
     *
     * @param proof proved, wrong or unanswered
     * @param verified proved, and the owner of its socket was shown to be the declared program
     */
    record Identity(String proof, boolean verified, String detail, Instant at) {
        static @Nullable Identity of(Agent.@Nullable Proof proof) {
            return proof == null
                    ? null
                    : new Identity(proof.outcome(), proof.verified(), proof.detail(), seconds(proof.at()));
        }
    }

    static AgentView of(Agent agent, AgentState state, String health) {
        Agent.Beat beat = agent.beat();
        return new AgentView(
                agent.id(),
                agent.id(),
                agent.name(),
                agent.name(),
                agent.agentType(),
                agent.origin(),
                agent.version(),
                agent.description(),
                agent.capabilities(),
                agent.requirements(),
                agent.place(),
                agent.place(),
                agent.ipAddress(),
                agent.port(),
                agent.enabled(),
                state.olderWord(),
                state.id(),
                health,
                beat == null ? null : seconds(beat.receivedAt()),
                beat == null ? "{}" : beat.resources(),
                beat == null ? "[]" : beat.violations(),
                agent.metadata(),
                agent.labels(),
                agent.permissions(),
                agent.heartbeatInterval(),
                agent.publicKey(),
                Identity.of(agent.proof()),
                agent.hasCredentials(),
                agent.unverified(),
                beat == null ? null : beat.configVersion(),
                beat == null ? null : beat.configState(),
                beat == null ? null : beat.configError(),
                beat == null ? null : secondsOrNull(beat.cloneAt()),
                seconds(agent.createdAt()),
                seconds(agent.updatedAt()),
                secondsOrNull(agent.decommissionedAt()));
    }

    static Instant seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    static @Nullable Instant secondsOrNull(@Nullable Instant instant) {
        return instant == null ? null : seconds(instant);
    }
}
