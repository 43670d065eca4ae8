package dev.panoptes.server.findings;

import java.util.Locale;
import java.util.Optional;

/** What people make of a finding. */
public enum FindingState {
    NEW,
    INVESTIGATING,
    RESOLVED,
    FALSE_POSITIVE,
    CLOSED;

    static final String WORDS = "NEW, INVESTIGATING, RESOLVED, FALSE_POSITIVE, CLOSED";

    /** True while the same thing told again is this finding again. */
    public boolean open() {
        return this == NEW || this == INVESTIGATING;
    }

    /** In any case; also the words that older programs use. */
    public static Optional<FindingState> of(String word) {
        return switch (word.strip().toUpperCase(Locale.ROOT)) {
            case "NEW", "OPEN" -> Optional.of(NEW);
            case "INVESTIGATING", "IN_PROGRESS" -> Optional.of(INVESTIGATING);
            case "RESOLVED" -> Optional.of(RESOLVED);
            case "FALSE_POSITIVE" -> Optional.of(FALSE_POSITIVE);
            case "CLOSED" -> Optional.of(CLOSED);
            default -> Optional.empty();
        };
    }
}
