package dev.panoptes.server.web;

import dev.panoptes.server.web.view.AgentView;
import dev.panoptes.server.web.view.IssueLine;
import dev.panoptes.server.web.view.IssueView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads issues as the API tells them. */
final class IssueLines {
    private IssueLines() {}

    static List<IssueLine> of(JsonNode items) {
        List<IssueLine> lines = new ArrayList<>();
        items.forEach(item -> lines.add(line(item)));
        return lines;
    }

    static IssueLine line(JsonNode item) {
        String state = item.path("state").asString("");
        List<String> affected = new ArrayList<>();
        item.path("affected").forEach(each -> affected.add(each.asString("")));
        List<IssueLine.Evidence> evidence = new ArrayList<>();
        item.path("evidence").forEach(each -> evidence.add(evidence(each)));
        return new IssueLine(
                item.path("fingerprint").asString(""),
                item.path("id").asString(""),
                item.path("check").asString(""),
                item.path("category").asString(""),
                item.path("severity").asString(""),
                item.path("title").asString(""),
                item.path("description").asString(""),
                item.path("recommendation").asString(""),
                affected,
                item.path("host").asString(""),
                item.path("port").isNumber() ? item.path("port").asInt() : null,
                state,
                step(state),
                instant(item, "first_seen"),
                instant(item, "last_seen"),
                item.path("resolved_at").isString() ? instant(item, "resolved_at") : null,
                item.path("occurrences").asInt(1),
                Lines.text(item, "owner"),
                evidence,
                List.of());
    }

    private static IssueLine.Evidence evidence(JsonNode node) {
        String file = node.path("file").asString("");
        int line = node.path("line").asInt(0);
        return new IssueLine.Evidence(
                node.path("source").asString(""),
                file.isEmpty() || line == 0 ? file : file + ":" + line,
                node.path("text").asString(""));
    }

    static int step(String state) {
        return switch (state) {
            case "acknowledged" -> 2;
            case "fixing" -> 3;
            case "resolved" -> 4;
            case "waived" -> 0;
            default -> 1;
        };
    }

    static Instant instant(JsonNode node, String name) {
        String text = node.path(name).asString("");
        return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
    }

    /** How to mend it, as the API tells it. */
    static IssueView.Plan plan(JsonNode node) {
        String patch = Lines.text(node, "patch");
        return new IssueView.Plan(
                node.path("patched").asBoolean(false),
                Lines.each(
                        node.path("steps"),
                        step -> new IssueView.Step(
                                Lines.text(step, "what"),
                                Lines.text(step, "command"),
                                Lines.text(step, "check"),
                                Lines.text(step, "undo"),
                                Lines.text(step, "risk"))),
                patch.lines().map(IssueLines::line).toList(),
                patch,
                Lines.text(node, "command"));
    }

    /** Headers and places of a unified diff have a kind of their own. */
    private static AgentView.DiffLine line(String text) {
        boolean head = text.startsWith("+++")
                || text.startsWith("---")
                || text.startsWith("@@")
                || text.startsWith("diff --git ");
        return new AgentView.DiffLine(
                head ? "h" : text.startsWith("+") ? "a" : text.startsWith("-") ? "d" : "n",
                head || text.isEmpty() || "+- ".indexOf(text.charAt(0)) < 0 ? text : text.substring(1));
    }
}
