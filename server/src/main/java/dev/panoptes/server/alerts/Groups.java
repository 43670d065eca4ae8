package dev.panoptes.server.alerts;

import dev.panoptes.server.alerts.channel.AlertIssue;
import dev.panoptes.server.config.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which issues of one scan are told in one message. */
final class Groups {
    /** More groups than this are told in one message: a flood is read by nobody. */
    static final int MOST_MESSAGES = 10;

    private Groups() {}

    /** The worst first, in each group and among them. */
    static List<List<AlertIssue>> of(Settings.Grouping by, List<AlertIssue> issues) {
        List<AlertIssue> sorted =
                issues.stream().sorted(Comparator.comparing(AlertIssue::rank)).toList();
        Map<String, AlertIssue> byId = new HashMap<>();
        issues.forEach(issue -> byId.put(issue.id(), issue));
        Map<String, List<AlertIssue>> groups = new LinkedHashMap<>();
        for (AlertIssue issue : sorted) {
            groups.computeIfAbsent(
                            key(by, by == Settings.Grouping.AGENT ? first(issue, byId) : issue), _ -> new ArrayList<>())
                    .add(issue);
        }
        return groups.size() > MOST_MESSAGES ? List.of(sorted) : List.copyOf(groups.values());
    }

    /** The first cause among these of what the issue follows from: both are told together, whosever they are. */
    private static AlertIssue first(AlertIssue issue, Map<String, AlertIssue> byId) {
        AlertIssue at = issue;
        for (int steps = 0; steps < byId.size(); steps++) {
            AlertIssue next = at.cause() == null ? null : byId.get(at.cause());
            if (next == null) {
                return at;
            }
            at = next;
        }
        return issue;
    }

    private static String key(Settings.Grouping by, AlertIssue issue) {
        return switch (by) {
            case AGENT -> issue.agent().isEmpty() ? issue.fingerprint() : issue.host() + "\0" + issue.agent();
            case SCAN -> "";
            case NONE -> issue.fingerprint();
        };
    }
}
