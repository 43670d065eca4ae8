package dev.panoptes.integrity;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the control plane knows: the instances that registered with it. */
public record Enrolled(List<Instance> instances) {
    public Enrolled {
        instances = List.copyOf(instances);
    }

    /**
     * A registered instance.
     *
     * @param id its UUID
     * @param name the agent's name or registry key
     * @param host name of the host it said it runs on; null where it gave none
     * @param lastHeartbeat null where it never beat
     */
    public record Instance(
            String id,
            String name,
            @Nullable String host,
            @Nullable Instant lastHeartbeat) {}
}
