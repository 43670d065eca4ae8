package dev.panoptes.server.web;

import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.web.view.Choice;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** How far back a page looks, and in how many parts. */
enum Span {
    HOUR("1h", "last hour", Duration.ofHours(1), 60, List.of("1 h ago", "45 min", "30 min", "15 min", "now")),
    DAY("24h", "last 24 hours", Duration.ofDays(1), 96, List.of("24 h ago", "18 h", "12 h", "6 h", "now")),
    WEEK("7d", "last 7 days", Duration.ofDays(7), 84, List.of("7 d ago", "5 d", "3½ d", "2 d", "now"));

    private final String id;
    private final String words;
    private final Duration length;
    private final int cells;
    private final List<String> axis;

    Span(String id, String words, Duration length, int cells, List<String> axis) {
        this.id = id;
        this.words = words;
        this.length = length;
        this.cells = cells;
        this.axis = axis;
    }

    /** As the query parameter {@code range} says, a day where it is missing. */
    static Span of(Request request) {
        String id = request.query("range").orElse(DAY.id);
        return Arrays.stream(values())
                .filter(each -> each.id.equals(id))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                                ErrorCode.INVALID_REQUEST, "the query parameter range must be one of 1h, 24h, 7d")
                        .exception());
    }

    String id() {
        return id;
    }

    String words() {
        return words;
    }

    Duration length() {
        return length;
    }

    /** How many parts it is shown in. */
    int cells() {
        return cells;
    }

    long cellMinutes() {
        return length.toMinutes() / cells;
    }

    /** What stands below, from its beginning to its end. */
    List<String> axis() {
        return axis;
    }

    /** Links that lead to each. @param address of the page before the value */
    List<Choice> choices(String address) {
        return Arrays.stream(values())
                .map(each -> new Choice(each.id, address + each.id, each == this))
                .toList();
    }
}
