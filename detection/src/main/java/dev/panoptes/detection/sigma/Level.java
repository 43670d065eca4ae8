package dev.panoptes.detection.sigma;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How bad it is, from the least on. */
public enum Level {
    INFORMATIONAL,
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL;

    /** The word in rules and reports. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Null for any other word. */
    public static @Nullable Level of(String word) {
        for (Level level : values()) {
            if (level.word().equals(word)) {
                return level;
            }
        }
        return null;
    }

    public Level atMost(Level ceiling) {
        return compareTo(ceiling) > 0 ? ceiling : this;
    }

    public Level atLeast(Level floor) {
        return compareTo(floor) < 0 ? floor : this;
    }
}
