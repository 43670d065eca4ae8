package dev.panoptes.server.detections;

import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Findings of integrity issues are withdrawn where their issue is over, resolved or waived. An incident tells that in its
 * timeline. What it tells follows from the recorded changes of the issues alone, so that it is the same whoever tells it.
 */
final class Withdrawals {
    /** How far what only colours an incident may lie outside of it. */
    private static final Duration BESIDE = Duration.ofMinutes(30);
    /** In one timeline: an issue may come and go without an end. */
    static final int MOST = 200;

    private static final String WITHDRAWN = "withdrawn";
    private static final JsonMapper JSON = new JsonMapper();

    /** An issue opened, or was over. @param note why; null where nothing is said */
    private record Turn(
            String issue,
            Instant at,
            String state,
            String title,
            @Nullable String note) {
        boolean over() {
            return state.equals("resolved") || state.equals("waived");
        }

        String text() {
            String why = note == null || note.isBlank() ? "" : " (" + note + ")";
            return "Finding withdrawn, its issue is " + state + why + ": " + title;
        }
    }

    /**
     * What an incident tells.
     *
     * @param body JSON
     * @param why the last withdrawal where every finding is withdrawn; null where one still holds
     */
    record Told(String body, @Nullable String why) {}

    /** What became of issues. @param turns issue -> in their order */
    record History(Map<String, List<Turn>> turns) {
        History {
            turns = Map.copyOf(turns);
        }

        /** The same incident with what was withdrawn of it; what it told before is told anew. */
        Told told(String body, Instant first, Instant last) {
            if (!body.contains("\"" + IssueFindings.EVENT)) {
                return new Told(body, null);
            }
            ObjectNode details = (ObjectNode) JSON.readTree(body);
            List<Turn> withdrawn = new ArrayList<>();
            boolean all = details.path("more").path("events").asInt(0) == 0;
            Set<String> issues = new TreeSet<>();
            for (JsonNode event : details.path("events")) {
                String issue = IssueFindings.issue(event.asString());
                all &= issue != null;
                if (issue != null) {
                    issues.add(issue);
                }
            }
            for (String issue : issues) {
                all &= walk(turns.getOrDefault(issue, List.of()), first, last, withdrawn);
            }
            withdrawn.sort((one, other) -> one.at().compareTo(other.at()));
            enter(details, withdrawn);
            details.remove(WITHDRAWN);
            if (!all || withdrawn.isEmpty()) {
                return new Told(JSON.writeValueAsString(details), null);
            }
            details.put(WITHDRAWN, true);
            return new Told(
                    JSON.writeValueAsString(details), withdrawn.getLast().text());
        }

        /** Whether it was withdrawn at the end of the incident; what opened after that belongs to another one. */
        private static boolean walk(List<Turn> turns, Instant first, Instant last, List<Turn> withdrawn) {
            boolean over = false;
            for (Turn turn : turns) {
                if (turn.at().isBefore(first.minus(BESIDE))) {
                    continue;
                }
                if (!turn.over() && turn.at().isAfter(last.plus(BESIDE))) {
                    break;
                }
                if (turn.over() && !over) {
                    withdrawn.add(turn);
                }
                over = turn.over();
            }
            return over;
        }

        private static void enter(ObjectNode details, List<Turn> withdrawn) {
            List<JsonNode> moments = new ArrayList<>();
            details.path("timeline")
                    .valueStream()
                    .filter(moment -> !moment.path(WITHDRAWN).asBoolean(false))
                    .forEach(moments::add);
            int left = Math.max(0, withdrawn.size() - MOST);
            withdrawn.stream()
                    .skip(left)
                    .map(turn -> JSON.createObjectNode()
                            .put("at", turn.at().toString())
                            .put("event", IssueFindings.EVENT + turn.issue())
                            .put("text", turn.text())
                            .put(WITHDRAWN, true))
                    .forEach(moments::add);
            moments.sort((one, other) -> at(one).compareTo(at(other)));
            ArrayNode timeline = details.putArray("timeline");
            moments.forEach(timeline::add);
            details.remove("withdrawn_more");
            if (left > 0) {
                details.put("withdrawn_more", left);
            }
        }

        private static Instant at(JsonNode moment) {
            return Instant.parse(moment.path("at").asString());
        }
    }

    /** What became of the issues among the events of incidents. */
    History history(Transaction transaction, Collection<String> events) {
        List<String> issues = events.stream()
                .map(IssueFindings::issue)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        Map<String, List<Turn>> turns = new HashMap<>();
        if (!issues.isEmpty()) {
            transaction
                    .list(
                            """
                            SELECT subject, at, to_state, data ->> 'title' AS title, data ->> 'note' AS note FROM changes
                            WHERE kind = 'issue' AND subject = ANY (?)
                                AND to_state IN ('new', 'regressed', 'resolved', 'waived')
                            ORDER BY at, id
                            """,
                            row -> new Turn(
                                    row.text("subject"),
                                    row.instant("at"),
                                    row.text("to_state"),
                                    row.text("title"),
                                    row.textOrNull("note")),
                            SqlArray.texts(issues))
                    .forEach(turn -> turns.computeIfAbsent(turn.issue(), _ -> new ArrayList<>())
                            .add(turn));
        }
        return new History(new TreeMap<>(turns));
    }

    /** True where an incident told that nothing of it holds. */
    static boolean all(StoredIncident incident) {
        return incident.body().contains("\"" + WITHDRAWN + "\"")
                && JSON.readTree(incident.body()).path(WITHDRAWN).asBoolean(false);
    }
}
