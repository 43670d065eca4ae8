package dev.panoptes.cli.status;

import dev.panoptes.cli.client.Line;
import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.UsageException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a server how it is. What it cannot say at the moment is a doubt; what it will not say is an error. */
public final class StatusReader {
    /** A full scan is made every day, so an older one means that scanning has stopped. */
    private static final Duration OLDEST_SCAN = Duration.ofHours(26);

    private static final int WORST = 5;
    private static final JsonNode NOTHING = new JsonMapper().missingNode();

    private final ServerClient client;
    private final InstantSource clock;
    private final List<String> doubts = new ArrayList<>();

    public StatusReader(ServerClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /** @throws UsageException where there is no server, or it does not let this caller in */
    public ServerStatus read() throws UsageException, InterruptedException {
        JsonNode health = ask("/health");
        boolean ready = !ask("/readyz").isMissingNode();
        ServerStatus.Scan scan = null;
        JsonNode summary = NOTHING;
        JsonNode worst = NOTHING;
        JsonNode hosts = NOTHING;
        JsonNode channels = NOTHING;
        if (ready) {
            JsonNode scans = ask("/api/v1/scans?limit=1");
            scan = scans.path("items").isEmpty()
                    ? null
                    : scan(scans.path("items").get(0));
            summary = ask("/api/v1/integrity/summary");
            worst = ask("/api/v1/integrity/issues?state=new,acknowledged,fixing,regressed&limit=" + WORST);
            hosts = ask("/api/v1/hosts");
            channels = ask("/api/v1/alerts/channels");
        }
        judge(ready, scan);
        Map<String, Integer> open = new LinkedHashMap<>();
        for (String severity : List.of("critical", "high", "medium", "low", "info")) {
            open.put(severity, summary.path("open").path(severity).asInt(0));
        }
        return new ServerStatus(
                client.server().toString(),
                text(health, "version"),
                ready,
                scan,
                open,
                summary.path("waived").asInt(0),
                list(worst, StatusReader::issue),
                list(hosts, StatusReader::host),
                list(channels, StatusReader::channel),
                doubts.stream().distinct().toList());
    }

    private void judge(boolean ready, ServerStatus.@Nullable Scan scan) {
        if (!ready || !doubts.isEmpty()) {
            return;
        }
        if (scan == null) {
            doubts.add("there was no scan yet");
        } else if (scan.completedAt().isBefore(clock.instant().minus(OLDEST_SCAN))) {
            doubts.add("the last scan is more than a day old");
        } else if (scan.checks() > 0 && scan.unknown() == scan.checks()) {
            doubts.add("the last scan could judge nothing");
        }
    }

    /** Missing where the server cannot say it at the moment. */
    private JsonNode ask(String path) throws UsageException, InterruptedException {
        return switch (client.get(path)) {
            case Reply.Done(int _, JsonNode body) -> body;
            case Reply.Refused refused
            when refused.status() >= 500 || refused.status() == 429 -> {
                doubts.add(refused.reason());
                yield NOTHING;
            }
            case Reply reply -> reply.orRefuse();
        };
    }

    private static <T> List<T> list(JsonNode page, Function<JsonNode, T> read) {
        List<T> all = new ArrayList<>();
        page.path("items").forEach(each -> all.add(read.apply(each)));
        return all;
    }

    private static ServerStatus.Scan scan(JsonNode scan) {
        Instant completed = time(scan, "completed_at");
        return new ServerStatus.Scan(
                text(scan, "report_id"),
                text(scan, "cause"),
                completed == null ? Instant.EPOCH : completed,
                scan.path("total_checks").asInt(0),
                scan.path("unknown_checks").asInt(0),
                scan.path("agents").asInt(0),
                scan.path("health_score").isNumber() ? scan.path("health_score").asDouble() : null,
                scan.path("coverage").asDouble(0));
    }

    private static ServerStatus.Issue issue(JsonNode issue) {
        return new ServerStatus.Issue(
                text(issue, "id"),
                text(issue, "severity"),
                text(issue, "state"),
                text(issue, "host"),
                text(issue, "title"));
    }

    private static ServerStatus.Host host(JsonNode host) {
        return new ServerStatus.Host(
                text(host, "name"),
                time(host, "last_snapshot_at"),
                host.path("stale").asBoolean(false));
    }

    private static ServerStatus.Channel channel(JsonNode channel) {
        return new ServerStatus.Channel(
                text(channel, "name"),
                channel.path("waiting").asLong(0),
                time(channel, "oldest_waiting_at"),
                channel.path("failures").asInt(0),
                channel.path("given_up").asLong(0),
                time(channel, "last_sent_at"));
    }

    private static String text(JsonNode node, String field) {
        return Line.of(node.path(field).asString(""));
    }

    private static @Nullable Instant time(JsonNode node, String field) {
        try {
            return Instant.parse(node.path(field).asString(""));
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
