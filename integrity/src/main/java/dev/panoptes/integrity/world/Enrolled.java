package dev.panoptes.integrity.world;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the control plane knows: the instances that registered with it. */
public record Enrolled(List<Instance> instances) {
    public Enrolled {
        instances = List.copyOf(instances);
    }

    /** How an instance is, as far as its heartbeats tell. */
    public enum Life {
        ALIVE,
        /** It said itself that it stops. */
        STOPPED,
        /** It beat once, and has not for too long, though somebody listened. */
        LOST,
        NEVER_BEAT,
        /** It has not beaten for too long, but nobody listened for long enough to blame it. */
        UNHEARD
    }

    /**
     * Which configuration an instance should run, and which it says it runs.
     *
     * @param wanted its newest version; 0 where it was never configured
     * @param running null where it does not say
     * @param state APPLYING, APPLIED or FAILED; null where it does not say
     */
    public record Configuration(
            int wanted,
            @Nullable String wantedHash,
            @Nullable Instant wantedSince,
            @Nullable Integer running,
            @Nullable String runningHash,
            @Nullable String state,
            @Nullable String error) {
        public static final Configuration NONE = new Configuration(0, null, null, null, null, null, null);
    }

    /**
     * A registered instance.
     *
     * @param id its UUID, or what it brought along
     * @param name the agent's name or registry key
     * @param host name of the host it said it runs on; null where it gave none
     * @param firstHeartbeat null where it never beat
     * @param lastHeartbeat null where it never beat
     * @param interval how often it is to beat
     * @param clonedAt when two places last beat in turn with its key; null where that never was
     * @param clonePlaces both, host and boot id each
     * @param publicKey Ed25519, with which it signs what health requests bear; null where it enrolled without one
     * @param impostor what last came in its name without right; null where nothing did
     */
    public record Instance(
            String id,
            String name,
            @Nullable String host,
            @Nullable Instant firstHeartbeat,
            @Nullable Instant lastHeartbeat,
            Duration interval,
            Life life,
            @Nullable Instant clonedAt,
            List<String> clonePlaces,
            Configuration configuration,
            @Nullable String publicKey,
            @Nullable String impostor) {
        public Instance {
            clonePlaces = List.copyOf(clonePlaces);
        }
    }
}
