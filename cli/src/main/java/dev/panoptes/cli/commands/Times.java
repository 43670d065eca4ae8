package dev.panoptes.cli.commands;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Times as the server writes them. */
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
}
