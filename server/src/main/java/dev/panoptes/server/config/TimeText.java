package dev.panoptes.server.config;

import java.time.Duration;

/** Lengths of time as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 12h}, {@code 30d}. */
public final class TimeText {
    private static final int MOST_DIGITS = 9;

    private TimeText() {}

    /** @throws IllegalArgumentException for anything else */
    public static Duration parse(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0 || digits > MOST_DIGITS) {
            throw new IllegalArgumentException("no number");
        }
        long amount = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> throw new IllegalArgumentException("no unit");
        };
    }
}
