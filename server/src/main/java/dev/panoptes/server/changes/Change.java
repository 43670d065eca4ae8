package dev.panoptes.server.changes;

import java.util.Collections;
import java.util.LinkedHashMap;
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
 * @param data what readers need beside that, as JSON, its names in snake case; no secrets
 * @param audited its line in the audit log; null for what nobody must answer for
 */
public record Change(
        String kind,
        String subject,
        @Nullable String host,
        @Nullable String from,
        @Nullable String to,
        Actor actor,
        @Nullable String cause,
        Map<String, ?> data,
        @Nullable Audited audited) {
    public Change {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
    }

    /**
     * A line of the audit log.
     *
     * @param action dotted, what was done: {@code token.create}
     * @param before null for something new; no secrets
     * @param after null for something that is gone; no secrets
     */
    public record Audited(
            String action,
            @Nullable Map<String, ?> before,
            @Nullable Map<String, ?> after) {}

    /** One that has no line in the audit log; see {@link #audited(String, Map, Map)}. */
    public Change(
            String kind,
            String subject,
            @Nullable String host,
            @Nullable String from,
            @Nullable String to,
            Actor actor,
            @Nullable String cause,
            Map<String, ?> data) {
        this(kind, subject, host, from, to, actor, cause, data, null);
    }

    /** The same with its line in the audit log: for what somebody must answer for. */
    public Change audited(String action, @Nullable Map<String, ?> before, @Nullable Map<String, ?> after) {
        return new Change(kind, subject, host, from, to, actor, cause, data, new Audited(action, before, after));
    }
}
