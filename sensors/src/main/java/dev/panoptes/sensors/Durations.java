package dev.panoptes.sensors;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Times as the configuration writes them. */
final class Durations {
    private static final int MOST_DIGITS = 9;

    private Durations() {}

    /** {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 30d}, {@code 30}; null for anything else. */
    static @Nullable Duration parse(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0 || digits > MOST_DIGITS) {
            return null;
        }
        long amount = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(amount);
            case "", "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> null;
        };
    }
}
