package dev.panoptes.cli.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A status as JSON. Its fields are a contract. */
public final class StatusJson {
    private final JsonMapper json = new JsonMapper();

    public String write(ServerStatus status) {
        ObjectNode root = json.createObjectNode()
                .put("status", status.state())
                .put("server", status.server())
                .put("version", status.version())
                .put("ready", status.ready());
        ServerStatus.Scan scan = status.scan();
        if (scan == null) {
            root.putNull("last_scan");
        } else {
            root.putObject("last_scan")
                    .put("report_id", scan.reportId())
                    .put("cause", scan.cause())
                    .put("completed_at", text(scan.completedAt()))
                    .put("checks", scan.checks())
                    .put("unknown", scan.unknown())
                    .put("agents", scan.agents())
                    .put("health_score", scan.healthScore())
                    .put("coverage", scan.coverage());
        }
        root.put("worst_severity", status.worstSeverity());
        ObjectNode open = root.putObject("open_issues");
        status.open().forEach(open::put);
        root.put("waived_issues", status.waived());
        var worst = root.putArray("worst_issues");
        status.worst()
                .forEach(issue -> worst.addObject()
                        .put("id", issue.id())
                        .put("severity", issue.severity())
                        .put("state", issue.state())
                        .put("host", issue.host())
                        .put("title", issue.title()));
        var hosts = root.putArray("hosts");
        status.hosts()
                .forEach(host -> hosts.addObject()
                        .put("name", host.name())
                        .put("last_seen", text(host.lastSeen()))
                        .put("stale", host.stale()));
        var channels = root.putArray("channels");
        status.channels()
                .forEach(channel -> channels.addObject()
                        .put("name", channel.name())
                        .put("waiting", channel.waiting())
                        .put("oldest_waiting_at", text(channel.oldest()))
                        .put("failures", channel.failures())
                        .put("given_up", channel.givenUp())
                        .put("last_sent_at", text(channel.lastSent())));
        var doubts = root.putArray("doubts");
        status.doubts().forEach(doubts::add);
        return root.toPrettyString() + "\n";
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
