package dev.panoptes.cli.commands;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Times as the server writes them, and as people read them. */
final class Times {
    private Times() {}

    /** Empty for what is no time of ISO 8601 in UTC. */
    static Optional<Instant> parse(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The same time without fractions of a second; other text as it is. */
    static String seconds(String text) {
        return parse(text)
                .map(time -> time.truncatedTo(ChronoUnit.SECONDS).toString())
                .orElse(text);
    }

    /** Such as {@code 40 s ago}, {@code 5 min ago}, {@code 3 h ago}, {@code 2 days ago}. */
    static String ago(Instant then, Instant now) {
        Duration since = Duration.between(then, now);
        if (since.toSeconds() < 120) {
            return Math.max(0, since.toSeconds()) + " s ago";
        }
        if (since.toMinutes() < 120) {
            return since.toMinutes() + " min ago";
        }
        return since.toHours() < 48 ? since.toHours() + " h ago" : since.toDays() + " days ago";
    }
}
