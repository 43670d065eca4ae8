package dev.panoptes.server.replicas;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One server on the database.
 *
 * @param name its host and address, for people
 * @param registryDigest SHA-256 of the registry that it reads, lower-case hex; null where it cannot read one
 * @param keyId names its JWT_SECRET, which cannot be told from it
 * @param since since when it reads this registry
 */
record Replica(
        String id,
        String name,
        String version,
        @Nullable String registryDigest,
        String keyId,
        Instant startedAt,
        Instant seenAt,
        Instant since) {
    private static final int SHORT = 12;

    /** In what it is another than the one that was there first, each as a sentence's end; empty where they agree. */
    List<String> differences(Replica first) {
        List<String> differences = new ArrayList<>();
        if (!Objects.equals(registryDigest, first.registryDigest)) {
            differences.add("reads another registry (" + digest(registryDigest) + ") than " + first.name + " ("
                    + digest(first.registryDigest) + ")");
        }
        if (!keyId.equals(first.keyId)) {
            differences.add("has another JWT_SECRET (key id " + keyId + ") than " + first.name + " (key id "
                    + first.keyId + ")");
        }
        return differences;
    }

    private static String digest(@Nullable String digest) {
        return digest == null ? "none that can be read" : "sha256 " + digest.substring(0, SHORT);
    }
}
