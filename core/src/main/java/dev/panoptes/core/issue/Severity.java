package dev.panoptes.core.issue;

import java.util.Locale;
import java.util.Optional;

/** How bad a failed check is, worst first. */
public enum Severity {
    CRITICAL,
    HIGH,
    MEDIUM,
    LOW,
    INFO;

    /** Lower case, as in reports. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Severity> of(String id) {
        for (Severity severity : values()) {
            if (severity.id().equalsIgnoreCase(id)) {
                return Optional.of(severity);
            }
        }
        return Optional.empty();
    }

    /** True where this is as bad as {@code other} or worse. */
    public boolean atLeast(Severity other) {
        return compareTo(other) <= 0;
    }
}
