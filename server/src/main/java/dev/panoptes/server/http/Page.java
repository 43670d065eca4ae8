package dev.panoptes.server.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a long list. Pages go on after the last row's sort key (keyset), so that they neither skip nor repeat when rows
 * come and go.
 *
 * @param next what to send as {@code cursor} for the next page; null on the last one
 */
public record Page<T>(List<T> items, @Nullable String next) {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final String SEPARATOR = "\n";
    /** Bounds of what the database takes and anybody can mean. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    public Page {
        items = List.copyOf(items);
    }

    /**
     * What the caller asked for.
     *
     * @param after the sort key of the last row seen, as texts; empty for the first page
     */
    public record Asked(int limit, List<String> after) {
        public Asked {
            after = List.copyOf(after);
        }

        /** A part of the key that is a number. */
        public long number(int index) {
            try {
                return Long.parseLong(after.get(index));
            } catch (NumberFormatException e) {
                throw badCursor();
            }
        }

        /** A part of the key that is a time. */
        public Instant instant(int index) {
            try {
                Instant instant = Instant.parse(after.get(index));
                if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
                    throw badCursor();
                }
                return instant;
            } catch (DateTimeParseException e) {
                throw badCursor();
            }
        }

        /** A part of the key that is an id. */
        public UUID id(int index) {
            try {
                return UUID.fromString(after.get(index));
            } catch (IllegalArgumentException e) {
                throw badCursor();
            }
        }
    }

    /** @param keyParts how many texts a cursor of this list has */
    public static Asked asked(Request request, int keyParts) {
        int limit = request.query("limit", 1, MOST, USUAL);
        String cursor = request.query("cursor").orElse("");
        if (cursor.isEmpty()) {
            return new Asked(limit, List.of());
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            List<String> key = List.of(text.split(SEPARATOR, -1));
            if (key.size() != keyParts || text.indexOf('\0') >= 0) {
                throw badCursor();
            }
            return new Asked(limit, key);
        } catch (IllegalArgumentException e) {
            throw badCursor();
        }
    }

    /** @param rows one more than asked for where there is one: it is cut off, and tells that there is another page */
    public static <T> Page<T> of(List<T> rows, Asked asked, Function<T, List<String>> key) {
        if (rows.size() <= asked.limit()) {
            return new Page<>(rows, null);
        }
        List<T> items = rows.subList(0, asked.limit());
        return new Page<>(items, cursor(key.apply(items.getLast())));
    }

    /** What leads on after a sort key. */
    public static String cursor(List<String> key) {
        byte[] bytes = String.join(SEPARATOR, key).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static ProblemException badCursor() {
        return Problem.of(ErrorCode.INVALID_REQUEST, "the query parameter cursor is not one that was given out")
                .exception();
    }
}
