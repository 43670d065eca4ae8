package dev.panoptes.cli.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A status as one screen for people. */
public final class StatusText {
    private static final int MOST_HOSTS = 5;
    private static final int MOST_CHANNELS = 4;

    private final Instant now;
    private final int columns;

    /** @param columns longest line */
    public StatusText(Instant now, int columns) {
        this.now = now;
        this.columns = columns;
    }

    public String write(ServerStatus status) {
        List<String> lines = new ArrayList<>();
        lines.add("Panoptes " + status.version() + " at " + status.server() + ": "
                + status.state().toUpperCase(Locale.ROOT));
        status.doubts().forEach(doubt -> lines.add("  cannot say: " + doubt));
        ServerStatus.Scan scan = status.scan();
        if (scan != null) {
            lines.add("  last scan " + ago(scan.completedAt(), now) + " (" + scan.cause() + ", report "
                    + scan.reportId() + "), " + scan.agents() + " agents, " + scan.checks() + " checks, "
                    + scan.unknown() + " unknown");
            String worst = status.worstSeverity();
            Double score = scan.healthScore();
            lines.add(
                    "  " + (score == null ? "nothing was judged" : "score " + number(score) + " of 100") + ", coverage "
                            + number(scan.coverage()) + " %, worst open issue " + (worst == null ? "none" : worst));
            lines.add("Issues: " + counts(status));
            status.worst()
                    .forEach(
                            issue -> lines.add("  " + padded(issue.severity(), 9) + issue.id() + "  " + issue.title()));
        }
        hosts(status, lines);
        channels(status, lines);
        return lines.stream().map(this::cut).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String counts(ServerStatus status) {
        String open = status.open().entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .map(each -> each.getValue() + " " + each.getKey())
                .collect(Collectors.joining(", "));
        return (open.isEmpty() ? "none open" : open) + (status.waived() == 0 ? "" : "; " + status.waived() + " waived");
    }

    private void hosts(ServerStatus status, List<String> lines) {
        long stale = status.hosts().stream().filter(ServerStatus.Host::stale).count();
        if (status.ready()) {
            lines.add("Hosts: " + status.hosts().size() + (stale == 0 ? "" : ", " + stale + " stale"));
        }
        status.hosts().stream()
                .sorted(Comparator.comparing(ServerStatus.Host::stale).reversed())
                .limit(MOST_HOSTS)
                .forEach(host -> lines.add("  " + padded(host.name(), 20) + "seen " + ago(host.lastSeen(), now)
                        + (host.stale() ? "  STALE" : "")));
        more(status.hosts().size() - MOST_HOSTS, lines);
    }

    private void channels(ServerStatus status, List<String> lines) {
        if (status.ready()) {
            lines.add("Alerts: "
                    + (status.channels().isEmpty()
                            ? "no channel is configured"
                            : status.channels().stream()
                                            .mapToLong(ServerStatus.Channel::waiting)
                                            .sum()
                                    + " waiting to be sent"));
        }
        status.channels().stream()
                .sorted(Comparator.comparing(ServerStatus.Channel::failures).reversed())
                .limit(MOST_CHANNELS)
                .forEach(channel -> lines.add("  " + padded(channel.name(), 20) + channel(channel)));
        more(status.channels().size() - MOST_CHANNELS, lines);
    }

    private String channel(ServerStatus.Channel channel) {
        Instant oldest = channel.oldest();
        return (channel.failures() == 0 ? "" : "FAILS, " + channel.failures() + " times in a row; ")
                + (channel.lastSent() == null ? "nothing sent yet" : "sent " + ago(channel.lastSent(), now))
                + (oldest == null ? "" : ", " + channel.waiting() + " waiting, the oldest from " + ago(oldest, now))
                + (channel.givenUp() == 0 ? "" : ", " + channel.givenUp() + " given up today");
    }

    private static void more(int left, List<String> lines) {
        if (left > 0) {
            lines.add("  and " + left + " more");
        }
    }

    private String cut(String line) {
        return line.length() <= columns ? line : line.substring(0, columns - 3) + "...";
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    /** With a digit behind the point where there is something to tell. */
    private static String number(double percent) {
        return percent == Math.rint(percent)
                ? Long.toString(Math.round(percent))
                : String.format(Locale.ROOT, "%.1f", percent);
    }

    /** Such as {@code 40 s ago}, {@code 5 min ago}, {@code 3 h ago}, {@code 2 days ago}; {@code never} for null. */
    public static String ago(@Nullable Instant then, Instant now) {
        if (then == null) {
            return "never";
        }
        Duration since = Duration.between(then, now);
        if (since.toSeconds() < 120) {
            return Math.max(0, since.toSeconds()) + " s ago";
        }
        if (since.toMinutes() < 120) {
            return since.toMinutes() + " min ago";
        }
        return since.toHours() < 48 ? since.toHours() + " h ago" : since.toDays() + " days ago";
    }
}
