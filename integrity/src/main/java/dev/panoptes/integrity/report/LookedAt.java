package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.DeclaredHost;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a stored report judged, so that an issue that it does not hold is told from one that nobody looked for. A check that
 * it does not list did not run; one that it lists as unknown for a subject did not judge that; and where the registry could
 * not be read, nothing that rests on it was judged.
 */
final class LookedAt {
    private final boolean readable;
    private final Map<String, Integer> judged = new HashMap<>();
    private final Map<String, Set<String>> unknown = new HashMap<>();
    private final Map<String, String> groups = new HashMap<>();
    private final Set<String> hosts = new HashSet<>();

    LookedAt(JsonNode report) {
        readable = report.path("registry").path("readable").asBoolean(true);
        for (JsonNode check : report.path("checks")) {
            String id = check.path("check").asString("");
            judged.put(id, check.path("passed").asInt(0) + check.path("failed").asInt(0));
            groups.put(id, check.path("group").asString(""));
        }
        for (JsonNode each : report.path("unknowns")) {
            unknown.computeIfAbsent(each.path("check").asString(""), check -> new HashSet<>())
                    .add(each.path("subject").asString(""));
        }
        for (JsonNode snapshot : report.path("snapshots")) {
            hosts.add(snapshot.path("host").asString(""));
        }
    }

    /** Whether it judged what this issue of an earlier report is about. */
    boolean judged(Issue issue) {
        if (!readable || judged.getOrDefault(issue.check(), 0) == 0) {
            return false;
        }
        String group = groups.getOrDefault(issue.check(), "");
        boolean observed = group.equals("host") || group.equals("probe");
        if (observed
                && !hosts.isEmpty()
                && !hosts.contains(issue.host())
                && !issue.host().equals(DeclaredHost.LOCAL)) {
            return false;
        }
        Set<String> open = unknown.getOrDefault(issue.check(), Set.of());
        Integer port = issue.port();
        return !open.contains(issue.check())
                && issue.affected().stream().noneMatch(open::contains)
                && (port == null || !open.contains(port.toString()))
                && open.stream().noneMatch(subject -> issue.id().equals(issue.check() + "-" + subject));
    }
}
