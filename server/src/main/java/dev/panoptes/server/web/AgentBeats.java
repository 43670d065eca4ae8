package dev.panoptes.server.web;

import dev.panoptes.server.web.view.AgentView;
import dev.panoptes.server.web.view.BeatBars;
import dev.panoptes.server.web.view.Show;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How regularly an agent has beaten, as the call tells it. */
final class AgentBeats {
    private static final int DAY = 96;
    private static final int MARKS = 4;
    private static final Duration QUARTER = Duration.ofMinutes(15);

    private AgentBeats() {}

    static AgentView.Beats of(JsonNode told) {
        List<@Nullable Integer> quarters = new ArrayList<>();
        told.path("quarters").forEach(quarter -> quarters.add(quarter.isNumber() ? quarter.asInt() : null));
        Instant until = Lines.instantOrNull(told, "until");
        JsonNode percent = told.path("percent");
        return new AgentView.Beats(
                BeatBars.of(quarters, DAY),
                percent.isNumber() ? Show.decimal(percent.asDouble()) + " %" : "",
                until == null ? List.of() : axis(until),
                Lines.each(told.path("periods"), AgentBeats::period),
                quarters.isEmpty() ? "" : silence(told.path("longest_silence").asLong(0)),
                until == null ? List.of() : table(quarters, until));
    }

    private static List<String> axis(Instant until) {
        List<String> marks = new ArrayList<>();
        for (int i = MARKS; i >= 0; i--) {
            Instant at = until.minus(QUARTER.multipliedBy((long) DAY * i / MARKS));
            marks.add(
                    (i == MARKS ? Show.shortDay(at) + " " : "") + Show.clock(at).substring(0, 5));
        }
        return marks;
    }

    private static AgentView.Period period(JsonNode node) {
        JsonNode percent = node.path("percent");
        return new AgentView.Period(
                Show.count(node.path("days").asInt(0), "day", "days"),
                percent.isNumber() ? Show.decimal(percent.asDouble()) + " %" : "",
                Show.number(node.path("received").asLong(0)) + " of "
                        + Show.number(node.path("expected").asLong(0)));
    }

    private static String silence(long seconds) {
        return seconds == 0 ? "None" : Show.span(Duration.ofSeconds(seconds));
    }

    private static List<AgentView.Quarter> table(List<@Nullable Integer> quarters, Instant until) {
        List<AgentView.Quarter> rows = new ArrayList<>();
        for (int i = quarters.size() - 1; i >= 0; i--) {
            Integer percent = quarters.get(i);
            rows.add(new AgentView.Quarter(
                    until.minus(QUARTER.multipliedBy(quarters.size() - i)),
                    percent == null ? "nobody listened" : percent + " %"));
        }
        return rows;
    }
}
