package dev.panoptes.server.issues;

import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.storage.SqlArray;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which issues somebody asks for.
 *
 * @param states empty: all
 * @param severities empty: all
 * @param owner who has taken it up
 * @param text within title, description, id or what is affected; null fits everything, like the others
 */
record IssueFilter(
        List<String> states,
        List<String> severities,
        @Nullable String check,
        @Nullable String agent,
        @Nullable String host,
        @Nullable String owner,
        @Nullable String text) {
    private static final List<String> OPEN = Stream.of(IssueState.values())
            .filter(state -> state != IssueState.RESOLVED)
            .map(IssueState::id)
            .toList();
    private static final List<String> STATES =
            Stream.of(IssueState.values()).map(IssueState::id).toList();
    private static final List<String> SEVERITIES =
            Stream.of(Severity.values()).map(Severity::id).toList();

    IssueFilter {
        states = List.copyOf(states);
        severities = List.copyOf(severities);
    }

    static IssueFilter of(Request request) {
        String state = request.query("state").orElse("open");
        List<String> states = switch (state) {
            case "open" -> OPEN;
            case "all" -> List.of();
            default -> words("state", state, STATES);
        };
        Optional<String> severity = request.query("severity");
        return new IssueFilter(
                states,
                severity.map(words -> words("severity", words, SEVERITIES)).orElse(List.of()),
                request.query("check").orElse(null),
                request.query("agent").orElse(null),
                request.query("host").orElse(null),
                request.query("owner").orElse(null),
                request.query("text").filter(text -> !text.isEmpty()).orElse(null));
    }

    private static List<String> words(String parameter, String value, List<String> known) {
        List<String> words = Arrays.asList(value.toLowerCase(Locale.ROOT).split(",", -1));
        for (String word : words) {
            if (!known.contains(word)) {
                throw Problem.of(
                                ErrorCode.INVALID_REQUEST,
                                "the query parameter " + parameter + " must be one or several of "
                                        + String.join(", ", known) + ", separated by commas")
                        .exception();
            }
        }
        return words;
    }

    void addTo(List<String> conditions, List<@Nullable Object> parameters) {
        if (!states.isEmpty()) {
            conditions.add("state = ANY (?)");
            parameters.add(SqlArray.texts(states));
        }
        if (!severities.isEmpty()) {
            conditions.add("severity = ANY (?)");
            parameters.add(SqlArray.texts(severities));
        }
        if (check != null) {
            conditions.add("check_id = ?");
            parameters.add(check);
        }
        if (agent != null) {
            conditions.add("agent_keys @> ARRAY[?]::text[]");
            parameters.add(Keys.link(agent));
        }
        if (host != null) {
            conditions.add("host = ?");
            parameters.add(host);
        }
        if (owner != null) {
            conditions.add("owner = ?");
            parameters.add(owner);
        }
        if (text != null) {
            conditions.add("(title || ' ' || description || ' ' || issue_id || ' ' || array_to_string(affected, ' '))"
                    + " ILIKE ?");
            parameters.add("%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%");
        }
    }
}
