package dev.panoptes.server.findings;

import java.util.Locale;
import java.util.Optional;

/** How bad a finding is. */
public enum FindingSeverity {
    INFORMATIONAL,
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL;

    static final String WORDS = "informational, low, medium, high, critical";

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In any case; also the words that older programs use. */
    public static Optional<FindingSeverity> of(String word) {
        return switch (word.strip().toLowerCase(Locale.ROOT)) {
            case "info", "informational", "information" -> Optional.of(INFORMATIONAL);
            case "low" -> Optional.of(LOW);
            case "medium", "warning" -> Optional.of(MEDIUM);
            case "high", "error" -> Optional.of(HIGH);
            case "critical" -> Optional.of(CRITICAL);
            default -> Optional.empty();
        };
    }
}
