package dev.panoptes.sensors.auth;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.AddressLiteral;
import dev.panoptes.sensors.replay.LogLine;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a message was understood to say. For one thread. */
final class Draft {
    private final Action action;
    /** Fields of the event by path, in the order in which they were first put. */
    private String[] paths = new String[8];

    private Object[] values = new Object[8];
    private int size;
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

    boolean is(Action other) {
        return action == other;
    }

    /** True where it is about this user. */
    boolean isOf(String user) {
        int at = find("user.name");
        return at >= 0 && user.equals(values[at]);
    }

    Draft(Action action) {
        this.action = action;
    }

    /** The same, told as another action. */
    Draft as(Action other) {
        Draft draft = new Draft(other);
        draft.paths = paths.clone();
        draft.values = values.clone();
        draft.size = size;
        return draft;
    }

    Draft put(String path, @Nullable Object value) {
        if (value == null || (value instanceof String text && text.isEmpty())) {
            return this;
        }
        int at = find(path);
        if (at < 0) {
            if (size == paths.length) {
                paths = Arrays.copyOf(paths, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            at = size++;
            paths[at] = path;
        }
        values[at] = value;
        return this;
    }

    private int find(String path) {
        for (int i = 0; i < size; i++) {
            if (paths[i].equals(path)) {
                return i;
            }
        }
        return -1;
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
        if (digits == null || digits.isEmpty() || digits.length() > 5) {
            return this;
        }
        long port = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return this;
            }
            port = port * 10 + (c - '0');
        }
        return port > 0 && port <= 65_535 ? put("source.port", port) : this;
    }

    /** It was tried and did not succeed. */
    Draft failed() {
        failed = true;
        return this;
    }

    boolean has(String path) {
        return find(path) >= 0;
    }

    Event.Builder event(LogLine line, @Nullable String program, @Nullable Long count) {
        Event.Builder event = Event.builder().put("@timestamp", line.time());
        event.put("event.action", action.text)
                .put("event.category", action.categories)
                .put("event.type", action.types)
                .put("event.outcome", action.success && !failed ? "success" : "failure")
                .put("event.count", count);
        line.describeWithoutTime(event);
        for (int i = 0; i < size; i++) {
            event.put(paths[i], values[i]);
        }
        return event.put("process.name", program).put("process.pid", line.pid());
    }
}
