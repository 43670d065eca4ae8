package dev.panoptes.server.agents;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An enrolled instance.
 *
 * @param id a UUID, or what it brought along
 * @param agentType custom, system, network or security
 * @param origin enrolled (by a token), listed (by an operator) or nats (by discovery)
 * @param requirements JSON
 * @param publicKey {@code ed25519:} and base64; null where it gave none
 * @param host as it named it when it enrolled
 * @param metadata JSON
 * @param labels JSON
 * @param heartbeatInterval seconds
 * @param hasCredentials false where it has none or they were revoked
 * @param generation of its credentials
 * @param acceptedAt when an operator vouched for an id that came over NATS
 * @param decommissionedAt null while it is enrolled
 * @param beat null where it never beat
 * @param proof null where it has no key, or was not asked when its agent was last looked at
 */
public record Agent(
        String id,
        String name,
        String agentType,
        String origin,
        @Nullable String version,
        @Nullable String description,
        List<String> capabilities,
        String requirements,
        @Nullable String publicKey,
        @Nullable String host,
        @Nullable String ipAddress,
        @Nullable Integer port,
        boolean enabled,
        String metadata,
        String labels,
        List<String> permissions,
        int heartbeatInterval,
        boolean hasCredentials,
        int generation,
        @Nullable Instant acceptedAt,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant decommissionedAt,
        @Nullable Beat beat,
        @Nullable Proof proof) {
    public Agent {
        capabilities = List.copyOf(capabilities);
        permissions = List.copyOf(permissions);
    }

    /**
     * What it said last.
     *
     * @param word its status as it said it
     * @param resources JSON
     * @param violations JSON
     * @param cloneAt when two places last beat in turn with this key; null where that never was
     * @param clonePlaces both, host and boot id each
     * @param configHash what it runs
     */
    public record Beat(
            Instant firstAt,
            Instant receivedAt,
            long beats,
            String status,
            String word,
            String details,
            String resources,
            String violations,
            @Nullable String bootId,
            @Nullable String host,
            @Nullable Instant cloneAt,
            List<String> clonePlaces,
            @Nullable String configHash,
            @Nullable Integer configVersion,
            @Nullable String configState,
            @Nullable String configError,
            @Nullable Instant configAt) {
        public Beat {
            clonePlaces = List.copyOf(clonePlaces);
        }

        AgentState said() {
            return AgentState.said(status).orElse(AgentState.UNKNOWN);
        }
    }

    /**
     * What came of the last nonce that it was sent.
     *
     * @param outcome proved, wrong or unanswered
     * @param verified proved, and the owner of the socket was shown to be the declared program in the same look
     */
    public record Proof(Instant at, String outcome, String detail, boolean verified) {}

    /** True where it may still act. */
    public boolean enrolled() {
        return decommissionedAt == null;
    }

    /** True where it came by a way that proves nobody and no operator vouched for it. */
    public boolean unverified() {
        return origin.equals("nats") && acceptedAt == null;
    }

    /** Where it runs, as it says. */
    public @Nullable String place() {
        return beat != null && beat.host() != null ? beat.host() : host;
    }
}
