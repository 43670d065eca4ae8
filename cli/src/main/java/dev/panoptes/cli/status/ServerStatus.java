package dev.panoptes.cli.status;

import dev.panoptes.cli.shell.ExitCode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a server and its fleet are.
 *
 * @param server its URL
 * @param version empty where it does not tell
 * @param ready false where it cannot reach its database
 * @param scan the last one; null where there was none, or it cannot be asked
 * @param open issues that are open and not waived, by severity, the worst first
 * @param worst a few of those issues, the worst first
 * @param doubts why nothing can be said about the fleet, a sentence each; empty where something can
 */
public record ServerStatus(
        String server,
        String version,
        boolean ready,
        @Nullable Scan scan,
        Map<String, Integer> open,
        int waived,
        List<Issue> worst,
        List<Host> hosts,
        List<Channel> channels,
        List<String> doubts) {
    public ServerStatus {
        open = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(open));
        worst = List.copyOf(worst);
        hosts = List.copyOf(hosts);
        channels = List.copyOf(channels);
        doubts = List.copyOf(doubts);
    }

    /**
     * @param cause start, request, schedule or watch
     * @param healthScore passed among those judged, in percent; null where nothing was judged
     * @param coverage judged among all, in percent
     */
    public record Scan(
            String reportId,
            String cause,
            Instant completedAt,
            int checks,
            int unknown,
            int agents,
            @Nullable Double healthScore,
            double coverage) {}

    public record Issue(String id, String severity, String state, String host, String title) {}

    /**
     * @param lastSeen null where it never sent anything
     * @param stale true where that is so long ago that it is no longer judged
     */
    public record Host(String name, @Nullable Instant lastSeen, boolean stale) {}

    /**
     * @param failures since it last worked
     * @param oldest when the oldest message that waits was written; null where none waits
     * @param lastSent null where nothing was ever sent
     * @param givenUp in the last day
     */
    public record Channel(
            String name,
            long waiting,
            @Nullable Instant oldest,
            int failures,
            long givenUp,
            @Nullable Instant lastSent) {}

    /** critical, degraded, healthy, or unknown where nothing can be said. */
    public String state() {
        if (!doubts.isEmpty()) {
            return "unknown";
        }
        if (open.getOrDefault("critical", 0) > 0) {
            return "critical";
        }
        return open.getOrDefault("high", 0) > 0 ? "degraded" : "healthy";
    }

    /** The worst severity that is open; null where nothing is. */
    public @Nullable String worstSeverity() {
        return open.entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    public ExitCode exitCode() {
        return switch (state()) {
            case "healthy" -> ExitCode.OK;
            case "unknown" -> ExitCode.INCOMPLETE;
            default -> ExitCode.FAILED;
        };
    }
}
