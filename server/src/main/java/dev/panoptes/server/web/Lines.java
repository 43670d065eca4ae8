package dev.panoptes.server.web;

import dev.panoptes.server.http.Json;
import dev.panoptes.server.web.view.FindingLine;
import dev.panoptes.server.web.view.Show;
import dev.panoptes.server.web.view.TicketLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads lists as the API tells them. */
final class Lines {
    private static final Pattern TECHNIQUE = Pattern.compile("\\bT\\d{4}(?:\\.\\d{3})?\\b");

    private static final int MOST_FACTS = 24;
    private static final int LONGEST_FACT = 200;

    private Lines() {}

    static <T> List<T> each(JsonNode items, Function<JsonNode, T> read) {
        List<T> all = new ArrayList<>();
        items.forEach(item -> all.add(read.apply(item)));
        return all;
    }

    static String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isMissingNode() || value.isNull() ? "" : value.asString("");
    }

    static @Nullable String textOrNull(JsonNode node, String name) {
        String text = text(node, name);
        return text.isEmpty() ? null : text;
    }

    static @Nullable Integer integer(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isNumber() ? value.asInt() : null;
    }

    static List<String> texts(JsonNode list) {
        return each(list, item -> item.isString() ? item.asString("") : Json.writeText(item));
    }

    static @Nullable Instant instantOrNull(JsonNode node, String name) {
        String text = text(node, name);
        return text.isEmpty() ? null : Instant.parse(text);
    }

    static FindingLine finding(JsonNode node) {
        JsonNode details = node.path("details");
        Set<String> techniques = new LinkedHashSet<>();
        Matcher matcher = TECHNIQUE.matcher(Json.writeText(details));
        while (matcher.find()) {
            techniques.add(matcher.group());
        }
        return new FindingLine(
                text(node, "id"),
                text(node, "type"),
                text(node, "title"),
                text(node, "severity"),
                text(node, "description"),
                text(node, "source"),
                text(node, "agent_name"),
                text(node, "host"),
                text(node, "status"),
                node.path("count").asLong(1),
                node.path("unverified").asBoolean(false),
                IssueLines.instant(node, "created_at"),
                IssueLines.instant(node, "last_seen"),
                List.copyOf(techniques),
                facts(details),
                details.isObject() && !details.isEmpty() ? indented(details) : "");
    }

    /** Its entities by their kind, its rule, and what else is one word or number. */
    private static List<FindingLine.Fact> facts(JsonNode details) {
        List<FindingLine.Fact> facts = new ArrayList<>();
        details.properties().forEach(each -> {
            JsonNode value = each.getValue();
            if ((value.isString() || value.isNumber() || value.isBoolean()) && facts.size() < MOST_FACTS) {
                String text = value.asString("");
                facts.add(new FindingLine.Fact(
                        Show.word(each.getKey()),
                        Show.brief(text, LONGEST_FACT),
                        each.getKey().equals("rule") ? "/detections/rules?rule=" + Show.path(text) : null));
            }
        });
        details.path("entities").forEach(entity -> {
            String name = text(entity, "id");
            if (!name.isEmpty() && facts.size() < MOST_FACTS) {
                facts.add(new FindingLine.Fact(
                        Show.word(text(entity, "type").replace('.', ' ')),
                        Show.brief(name, LONGEST_FACT),
                        "/events?text=" + Show.path(Show.brief(name, LONGEST_FACT))));
            }
        });
        return facts;
    }

    static TicketLine ticket(JsonNode node) {
        return new TicketLine(
                text(node, "id"),
                text(node, "title"),
                text(node, "description"),
                text(node, "severity"),
                text(node, "status").isEmpty() ? text(node, "state") : text(node, "status"),
                text(node, "assignee"),
                text(node, "issue"),
                text(node, "finding"),
                text(node, "agent"),
                IssueLines.instant(node, "created_at"),
                IssueLines.instant(node, "updated_at"));
    }

    /** JSON for people. */
    static String indented(JsonNode node) {
        return node.toPrettyString();
    }
}
