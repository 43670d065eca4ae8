package dev.panoptes.server.detections;

import dev.panoptes.detection.fusion.Hit;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's word that something is harmless, until a time.
 *
 * @param rule the name or id of a rule or analytic; null for any
 * @param host null for any
 * @param user null for any
 * @param entity the id of anything that takes part, an address or a program; null for any
 * @param endedAt null where nobody ended it before its time
 * @param suppressed how many events it kept from being told
 * @param lastAt when it did so last; null where it never did
 */
record Suppression(
        UUID id,
        @Nullable String rule,
        @Nullable String host,
        @Nullable String user,
        @Nullable String entity,
        String reason,
        String owner,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant endedAt,
        long suppressed,
        @Nullable Instant lastAt) {
    /** True where all that it asks is so. */
    boolean covers(Hit hit) {
        return (rule == null || rule.equals(hit.name()) || rule.equals(hit.rule()))
                && (host == null || host.equals(hit.host()))
                && (user == null || has(hit, "user", user))
                && (entity == null
                        || hit.entities().stream().anyMatch(one -> one.id().equals(entity)));
    }

    private static boolean has(Hit hit, String type, String id) {
        return hit.entities().stream()
                .anyMatch(one -> one.type().equals(type) && one.id().equals(id));
    }

    /** For the audit log. */
    Map<String, ?> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        put(facts, "rule", rule);
        put(facts, "host", host);
        put(facts, "user", user);
        put(facts, "entity", entity);
        facts.put("reason", reason);
        facts.put("expires_at", expiresAt.toString());
        facts.put("suppressed", suppressed);
        return facts;
    }

    private static void put(Map<String, Object> facts, String name, @Nullable String value) {
        if (value != null) {
            facts.put(name, value);
        }
    }
}
