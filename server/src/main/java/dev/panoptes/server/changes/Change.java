package dev.panoptes.server.changes;

import dev.panoptes.server.audit.Actor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something changed its state. Whoever changes it records this in the same transaction; alerts, stream, audit, timeline and
 * pages read it and know nothing of the feature.
 *
 * @param kind of what: {@code issue}, {@code finding}, {@code incident}, {@code ticket}, {@code agent}, {@code configuration} ...
 * @param subject which one, by the id that the API knows it by
 * @param host where it is, as the registry names it; null where it is nowhere
 * @param from the state before; null for something new
 * @param to the state after; null for something that is gone
 * @param cause why: a report's id, a rule's id, a person's note; null where there is nothing to say
 * @param data what readers need beside that, as JSON; no secrets
 */
public record Change(
        String kind,
        String subject,
        @Nullable String host,
        @Nullable String from,
        @Nullable String to,
        Actor actor,
        @Nullable String cause,
        Map<String, ?> data) {
    public Change {
        data = Map.copyOf(data);
    }
}
