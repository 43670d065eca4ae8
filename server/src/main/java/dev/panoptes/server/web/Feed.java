package dev.panoptes.server.web;

import dev.panoptes.server.http.Json;
import dev.panoptes.server.web.view.CommandView.FeedLine;
import dev.panoptes.server.web.view.Show;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What was told on the stream, in a line each; the script {@code live.js} writes the same lines for what comes later. */
final class Feed {
    private Feed() {}

    static List<FeedLine> lines(List<CommandStore.Told> told) {
        return told.stream().map(Feed::line).toList();
    }

    private static FeedLine line(CommandStore.Told told) {
        JsonNode data = Json.readOwn(told.data(), JsonNode.class);
        return switch (told.type()) {
            case "scan" ->
                new FeedLine(
                        told.at(),
                        "info",
                        "Scan " + text(data, "report_id"),
                        (data.path("health_score").isNumber()
                                        ? "score "
                                                + Show.decimal(data.path("health_score")
                                                        .asDouble(0))
                                        : "nothing was judged")
                                + ", "
                                + Show.count(data.path("total_issues").asInt(0), "issue", "issues"),
                        "/api/v1/scans/" + text(data, "report_id"));
            case "issue" ->
                new FeedLine(
                        told.at(),
                        text(data, "severity"),
                        Show.word(text(data, "to")),
                        text(data, "title"),
                        "/integrity/issues/" + text(data, "fingerprint"));
            case "host" ->
                new FeedLine(
                        told.at(),
                        text(data, "state").equals("silent") ? "high" : "info",
                        "Host " + text(data, "state"),
                        text(data, "name"),
                        null);
            case "waiver" ->
                new FeedLine(
                        told.at(), "info", "Waiver " + text(data, "action"), text(data, "reason"), "/settings/waivers");
            case "silence" ->
                new FeedLine(
                        told.at(),
                        "info",
                        "Silence " + text(data, "action"),
                        text(data, "reason"),
                        "/settings/silences");
            default ->
                new FeedLine(
                        told.at(),
                        data.path("severity").asString("info"),
                        Show.word(told.type()) + (text(data, "to").isEmpty() ? "" : " " + text(data, "to")),
                        data.path("title").asString(data.path("subject").asString("")),
                        null);
        };
    }

    private static String text(JsonNode data, String name) {
        return data.path(name).asString("");
    }
}
