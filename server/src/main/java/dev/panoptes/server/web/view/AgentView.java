package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One agent.
 *
 * @param tab which part is shown
 * @param enrolled null where no instance is enrolled
 * @param identity what is declared, enrolled and observed of it, row by row
 * @param beats how regularly it beat; null where it is not enrolled, and beside the overview
 * @param others further instances under its name
 */
public record AgentView(
        AgentRow row,
        String tab,
        @Nullable Enrolled enrolled,
        List<Fact> identity,
        @Nullable Beats beats,
        List<AgentRow> others,
        List<IssueLine> issues,
        List<Limit> limits,
        @Nullable Config config,
        List<Chart> metrics,
        String range,
        List<FindingLine> findings,
        List<TicketLine> tickets,
        List<Happened> history) {
    /** @param violations sentences @param unverified it came by a way that proves nobody @param key what was seen of it; null without one */
    public record Enrolled(
            String id,
            String status,
            String origin,
            @Nullable String version,
            @Nullable String description,
            List<String> capabilities,
            List<String> permissions,
            int interval,
            @Nullable Instant seen,
            List<String> violations,
            boolean credentials,
            boolean unverified,
            @Nullable String key,
            @Nullable Integer configVersion,
            @Nullable String configState,
            @Nullable String configError,
            Instant created) {}

    /** In how many rows of the identity the three do not agree. */
    public long mismatches() {
        return identity.stream().filter(Fact::wrong).count();
    }

    /**
     * Heartbeats of a day.
     *
     * @param percent of the day; empty where nothing is counted
     * @param axis times below the bars; empty where nothing is counted
     * @param silence the longest of the day, in words; empty where nothing is counted
     * @param table the same quarters, the newest first
     */
    public record Beats(
            BeatBars bars,
            String percent,
            List<String> axis,
            List<Period> periods,
            String silence,
            List<Quarter> table) {}

    /** @param percent empty where nothing was expected @param received of how many */
    public record Period(String word, String percent, String received) {}

    /** @param from when it began */
    public record Quarter(Instant from, String beats) {}

    /** @param wrong whether the three do not agree */
    public record Fact(String what, String declared, String enrolled, String observed, boolean wrong) {}

    /** A resource. @param share of the limit, at most 100 */
    public record Limit(String name, String value, String limit, String share, boolean above) {}

    /**
     * @param body as JSON, indented
     * @param previous of the version before it; empty where there is none
     * @param rollouts of configurations for agents of this name, the newest first
     */
    public record Config(
            int version,
            String body,
            String previous,
            List<Version> versions,
            List<DiffLine> diff,
            List<Rollout> rollouts) {}

    /**
     * A configuration on its way to every instance.
     *
     * @param stages in percent of the instances
     * @param stage which of them it is at, from 0
     * @param reason why it stopped; empty where it did not
     */
    public record Rollout(
            String id,
            List<Integer> stages,
            int stage,
            String state,
            String reason,
            long total,
            long put,
            long applied,
            String by,
            Instant at) {
        public boolean running() {
            return state.equals("running");
        }
    }

    public record Version(int number, Instant at, String by, String cause, boolean managed) {}

    /** @param kind a for what came, d for what went, n for what stayed */
    public record DiffLine(String kind, String text) {}

    public record Happened(
            Instant at,
            String what,
            String to,
            String by,
            String note,
            String tone,
            @Nullable String href) {}
}
