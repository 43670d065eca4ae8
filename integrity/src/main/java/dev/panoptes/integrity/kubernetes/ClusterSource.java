package dev.panoptes.integrity.kubernetes;

import java.time.Duration;
import java.util.Set;

/** Whoever can tell what runs in a cluster. */
@FunctionalInterface
public interface ClusterSource {
    /**
     * What these namespaces hold. Never fails: what cannot be seen says why.
     *
     * @param deadline for all of them
     */
    ClusterView look(Set<String> namespaces, Duration deadline) throws InterruptedException;
}
