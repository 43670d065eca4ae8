package dev.panoptes.sensors.auth;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.AddressLiteral;
import dev.panoptes.sensors.replay.LogLine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a message was understood to say. For one thread. */
final class Draft {
    private final Action action;
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private boolean failed;

    /** The closed set of what this sensor tells, with its category, type and usual outcome. */
    enum Action {
        LOGIN("authentication", "start", true),
        LOGIN_FAILED("authentication", "start", false),
        LOGOUT("authentication", "end", true),
        SESSION_OPENED("session", "start", true),
        SESSION_CLOSED("session", "end", true),
        PRIVILEGE_USED("process", "start", true),
        PRIVILEGE_REFUSED("process", "denied", false),
        USER_CREATED("iam", "creation", true),
        USER_CHANGED("iam", "change", true),
        USER_DELETED("iam", "deletion", true),
        GROUP_CREATED("iam", "creation", true),
        GROUP_CHANGED("iam", "change", true),
        GROUP_DELETED("iam", "deletion", true),
        PASSWORD_CHANGED("iam", "change", true),
        KEY_ACCEPTED("authentication", "info", true),
        JOB_CHANGED("configuration", "change", true),
        JOB_REMOVED("configuration", "deletion", true),
        JOB_RUN("process", "start", true),
        CONNECTION_REFUSED("network", "denied", false);

        private final String text;
        private final List<String> categories;
        private final List<String> types;
        private final boolean success;

        Action(String category, String type, boolean success) {
            this.text = name().toLowerCase(java.util.Locale.ROOT);
            this.categories = List.of(category);
            this.types = !category.equals("iam")
                    ? List.of(type)
                    : List.of(name().startsWith("GROUP") ? "group" : "user", type);
            this.success = success;
        }
    }

    Draft(Action action) {
        this.action = action;
    }

    /** The same, told as another action. */
    Draft as(Action other) {
        Draft draft = new Draft(other);
        draft.fields.putAll(fields);
        return draft;
    }

    Draft put(String path, @Nullable Object value) {
        if (value != null && !(value instanceof String text && text.isEmpty())) {
            fields.put(path, value);
        }
        return this;
    }

    Draft user(@Nullable String name) {
        return put("user.name", name);
    }

    Draft target(@Nullable String name) {
        return put("user.target.name", name);
    }

    Draft service(@Nullable String name) {
        return put("auth.service", name);
    }

    /** The far end: an address, or the name that reverse mapping gave. */
    Draft from(@Nullable String host) {
        if (host == null || host.isEmpty() || host.equals("UNKNOWN") || host.equals("?")) {
            return this;
        }
        String address = AddressLiteral.canonical(host);
        return address != null ? put("source.ip", address) : put("source.domain", host);
    }

    Draft port(@Nullable String digits) {
        if (digits != null
                && !digits.isEmpty()
                && digits.length() <= 5
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long port = Long.parseLong(digits);
            if (port > 0 && port <= 65_535) {
                put("source.port", port);
            }
        }
        return this;
    }

    /** It was tried and did not succeed. */
    Draft failed() {
        failed = true;
        return this;
    }

    boolean has(String path) {
        return fields.containsKey(path);
    }

    Event.Builder event(LogLine line, @Nullable String program, @Nullable Long count) {
        Event.Builder event = Event.builder().put("@timestamp", line.time());
        event.put("event.action", action.text)
                .put("event.category", action.categories)
                .put("event.type", action.types)
                .put("event.outcome", action.success && !failed ? "success" : "failure")
                .put("event.count", count);
        line.describeWithoutTime(event);
        fields.forEach(event::put);
        return event.put("process.name", program).put("process.pid", line.pid());
    }
}
