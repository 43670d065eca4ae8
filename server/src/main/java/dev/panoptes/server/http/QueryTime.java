package dev.panoptes.server.http;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A time in a query, as ISO 8601 has it. */
public final class QueryTime {
    private QueryTime() {}

    /** @return null where the query has none of this name @throws ProblemException for what is no time */
    public static @Nullable Instant of(Request request, String name) {
        Optional<String> text = request.query(name);
        if (text.isEmpty()) {
            return null;
        }
        try {
            Instant time = Instant.parse(text.get());
            if (time.isAfter(Instant.parse("0001-01-02T00:00:00Z"))
                    && time.isBefore(Instant.parse("9999-12-31T00:00:00Z"))) {
                return time;
            }
        } catch (DateTimeParseException e) {
            // refused below, like a time beyond what the database holds
        }
        throw Problem.of(
                        ErrorCode.INVALID_REQUEST,
                        "the query parameter " + name + " must be a time such as 2026-03-01T12:00:00Z")
                .exception();
    }
}
