package dev.panoptes.server.bus;

import dev.panoptes.server.findings.Finding;
import dev.panoptes.server.findings.FindingResource;
import dev.panoptes.server.findings.FindingSeverity;
import dev.panoptes.server.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads a finding as original agents publish it, in either of its two shapes: with {@code agent_id}, {@code agent_type} and
 * {@code title}, or with {@code agent_name}, {@code finding_type} and {@code device_hostname}.
 */
final class FindingMessage {
    private static final int LONGEST_TEXT = 10_000;
    private static final int LONGEST_NAME = 200;

    private FindingMessage() {}

    /** An instance: its id and name. */
    record Who(String id, String name) {}

    /** Empty for what is no finding. @param type of agent, of the subject @param known the instance of an id or name */
    static Optional<Finding> read(byte[] bytes, String type, Function<String, Optional<Who>> known) {
        try {
            Map<?, ?> fields = Json.readOwn(new String(bytes, StandardCharsets.UTF_8), Map.class);
            return read(fields, type, known);
        } catch (JacksonException | ClassCastException e) {
            return Optional.empty();
        }
    }

    private static Optional<Finding> read(Map<?, ?> fields, String type, Function<String, Optional<Who>> known) {
        String severity = text(fields, "severity", LONGEST_NAME);
        String id = text(fields, "agent_id", LONGEST_NAME);
        String agentName = text(fields, "agent_name", LONGEST_NAME);
        String findingId = text(fields, "finding_id", LONGEST_NAME);
        String who = id == null ? agentName : id;
        Optional<FindingSeverity> rank = severity == null ? Optional.empty() : FindingSeverity.of(severity);
        if (who == null || rank.isEmpty()) {
            return Optional.empty();
        }
        Optional<Who> instance = known.apply(who);
        String name = Objects.requireNonNullElse(
                first(text(fields, "finding_type", LONGEST_NAME), text(fields, "title", LONGEST_NAME)), type);
        String title = Objects.requireNonNullElse(text(fields, "title", 500), name);
        String host = first(text(fields, "device_hostname", LONGEST_NAME), text(fields, "device_ip", LONGEST_NAME));
        return Optional.of(new Finding(
                FindingResource.fingerprint("nats " + who, name, title, host),
                name,
                title,
                rank.get(),
                Objects.requireNonNullElse(text(fields, "description", LONGEST_TEXT), ""),
                clean(Json.writeText(details(fields))),
                "nats",
                instance.map(Who::id).orElse(null),
                instance.map(Who::name).orElse(agentName == null ? id : agentName),
                host,
                findingId == null ? null : "nats " + findingId,
                false));
    }

    private static Map<String, Object> details(Map<?, ?> fields) {
        Map<String, Object> details = new LinkedHashMap<>();
        if (fields.get("details") instanceof Map<?, ?> given) {
            given.forEach((key, value) -> put(details, String.valueOf(key), value));
        } else {
            put(details, "details", fields.get("details"));
        }
        for (String more : List.of(
                "source",
                "remediation",
                "references",
                "evidence_event_ids",
                "device_ip",
                "timestamp",
                "finding_ts_utc")) {
            put(details, more, fields.get(more));
        }
        return details;
    }

    private static void put(Map<String, Object> details, String key, @Nullable Object value) {
        if (value != null) {
            details.putIfAbsent(key, value);
        }
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one == null ? other : one;
    }

    private static @Nullable String text(Map<?, ?> fields, String name, int most) {
        Object value = fields.get(name);
        if (!(value instanceof String || value instanceof Number)) {
            return null;
        }
        String text = clean(value.toString()).strip();
        return text.isEmpty() ? null : text.length() > most ? text.substring(0, most) : text;
    }

    /** What a database of text does not take: NUL, and halves of surrogate pairs. */
    private static String clean(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
                .replace("\0", "\ufffd")
                .replace("\\u0000", "\\ufffd");
    }
}
