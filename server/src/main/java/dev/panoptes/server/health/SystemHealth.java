package dev.panoptes.server.health;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.panoptes.server.health.AgentHealth.Status;
import dev.panoptes.server.health.Component.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The health of the whole system at one moment, in the words of the original contract. It is no judgement of what the fleet
 * claims to be: that is the integrity score.
 *
 * @param agents status by registry key, and of sensors by the original's keys
 * @param infrastructure running, stopped or unknown, by name
 * @param infrastructureDetails the same in our words
 * @param infrastructureHealthy true where every configured part was seen healthy; parts that are not configured do not count
 * @param threatLevel {@code UNKNOWN} while nothing makes incidents
 * @param healthScore the mean of the contributions that could be measured, by weight
 * @param emptyState true while nothing declared runs, no agent is enrolled, and neither a heartbeat nor an event came
 * @param emptyStateMessage null where the state is not empty
 */
record SystemHealth(
        String status,
        Instant timestamp,
        String platform,
        Map<String, String> agents,
        List<AgentDetail> agentsDetails,
        Summary agentsSummary,
        Map<String, String> infrastructure,
        Map<String, Part> infrastructureDetails,
        boolean infrastructureHealthy,
        String threatLevel,

        @JsonProperty("events_last_24h") long eventsLast24h,

        long healthScore,
        List<Contribution> healthScoreContributions,
        String healthStatus,
        boolean emptyState,
        @Nullable String emptyStateMessage) {
    private static final int HEALTHY = 70;
    private static final int DEGRADED = 40;
    private static final int AGENTS_WEIGHT = 60;
    private static final int INFRASTRUCTURE_WEIGHT = 25;
    private static final int FRESHNESS_WEIGHT = 15;

    /** @param coveragePercent the share that is online, to one decimal; 0 where there are no agents */
    record Summary(int online, int total, double coveragePercent) {}

    /** @param state healthy, unhealthy, unknown or not_configured @param why in a sentence */
    record Part(String state, String why) {
        static Part of(State state) {
            return new Part(
                    state.id(),
                    switch (state) {
                        case HEALTHY -> "it answers";
                        case UNHEALTHY -> "it failed when it was last used or asked";
                        case UNKNOWN -> "it was not tried yet";
                        case NOT_CONFIGURED -> "there is none here";
                    });
        }
    }

    /** The three words of the original contract. */
    private static String word(State state) {
        return switch (state) {
            case HEALTHY -> "running";
            case UNHEALTHY -> "stopped";
            case UNKNOWN, NOT_CONFIGURED -> "unknown";
        };
    }

    /** A part of the score. @param score 0 to 100; null where it could not be measured, and then its weight does not count */
    record Contribution(String name, int weight, @Nullable Double score, String detail) {}

    /** @param seen null before the first scan @param core keys of critical agents @param fresh how old the last scan may be */
    static SystemHealth of(
            FleetHealth.@Nullable Seen seen,
            Set<String> core,
            List<AgentDetail> sensors,
            SensorStore.Counts counts,
            Map<String, State> infrastructure,
            Duration fresh,
            String platform,
            Instant now) {
        List<AgentDetail> details = new ArrayList<>();
        for (AgentHealth agent : seen == null ? List.<AgentHealth>of() : seen.agents()) {
            details.add(AgentDetail.of(agent, "agent", agent.is(Status.RUNNING) ? 1 : 0, core));
        }
        details.addAll(sensors);
        List<AgentHealth> all = details.stream().map(AgentDetail::seen).toList();
        Map<String, String> agents = new LinkedHashMap<>();
        all.forEach(agent -> agents.put(agent.agent(), agent.status()));
        int online =
                (int) all.stream().filter(agent -> agent.is(Status.RUNNING)).count();
        Map<String, String> words = new LinkedHashMap<>();
        Map<String, Part> parts = new LinkedHashMap<>();
        infrastructure.forEach((name, state) -> {
            words.put(name, word(state));
            parts.put(name, Part.of(state));
        });
        List<State> configured = infrastructure.values().stream()
                .filter(state -> state != State.NOT_CONFIGURED)
                .toList();
        List<Contribution> contributions = List.of(
                agents(all, online),
                infrastructure(configured),
                freshness(seen == null ? null : seen.completedAt(), fresh, now));
        long score = score(contributions);
        boolean empty = online == 0 && counts.enrolled() == 0 && counts.beating() == 0 && counts.events() == 0;
        return new SystemHealth(
                "success",
                now,
                platform,
                agents,
                details,
                new Summary(online, all.size(), all.isEmpty() ? 0 : percent(online, all.size())),
                words,
                parts,
                configured.stream().allMatch(state -> state == State.HEALTHY),
                "UNKNOWN",
                counts.events(),
                score,
                contributions,
                score >= HEALTHY ? "healthy" : score >= DEGRADED ? "degraded" : "critical",
                empty,
                empty
                        ? "Nothing that is declared runs, no agent is enrolled, and neither a heartbeat nor an event"
                                + " came."
                        : null);
    }

    /** The same with the level of threat. */
    SystemHealth with(String threat) {
        return new SystemHealth(
                status,
                timestamp,
                platform,
                agents,
                agentsDetails,
                agentsSummary,
                infrastructure,
                infrastructureDetails,
                infrastructureHealthy,
                threat,
                eventsLast24h,
                healthScore,
                healthScoreContributions,
                healthStatus,
                emptyState,
                emptyStateMessage);
    }

    /** The same without what it says of each agent. */
    SystemHealth withoutAgents() {
        return new SystemHealth(
                status,
                timestamp,
                platform,
                Map.of(),
                List.of(),
                agentsSummary,
                infrastructure,
                infrastructureDetails,
                infrastructureHealthy,
                threatLevel,
                eventsLast24h,
                healthScore,
                healthScoreContributions,
                healthStatus,
                emptyState,
                emptyStateMessage);
    }

    private static Contribution agents(List<AgentHealth> agents, int online) {
        long known = agents.stream()
                .filter(agent -> !agent.is(Status.UNKNOWN) && !agent.is(Status.STALE))
                .count();
        return new Contribution(
                "agents",
                AGENTS_WEIGHT,
                known == 0 ? null : percent(online, known),
                online + " of " + known
                        + (known == 1
                                ? " agent that could be looked at is running; "
                                : " agents that could be looked at are running; ")
                        + (agents.size() - known)
                        + " could not");
    }

    private static Contribution infrastructure(List<State> configured) {
        long tried = configured.stream().filter(state -> state != State.UNKNOWN).count();
        long healthy =
                configured.stream().filter(state -> state == State.HEALTHY).count();
        return new Contribution(
                "infrastructure",
                INFRASTRUCTURE_WEIGHT,
                tried == 0 ? null : percent(healthy, tried),
                healthy + " of " + tried
                        + (tried == 1 ? " part that was tried is healthy" : " parts that were tried are healthy"));
    }

    private static Contribution freshness(@Nullable Instant completed, Duration fresh, Instant now) {
        if (completed == null) {
            return new Contribution("freshness", FRESHNESS_WEIGHT, 0.0, "there was no scan yet");
        }
        Duration age = Duration.between(completed, now);
        boolean isFresh = age.compareTo(fresh) <= 0;
        return new Contribution(
                "freshness",
                FRESHNESS_WEIGHT,
                isFresh ? 100.0 : 0.0,
                "the last scan ended " + Math.max(0, age.toSeconds()) + " s ago; fresh is " + fresh.toSeconds()
                        + " s or less");
    }

    private static long score(List<Contribution> contributions) {
        double sum = 0;
        double weight = 0;
        for (Contribution each : contributions) {
            Double score = each.score();
            if (score != null) {
                sum += each.weight() * score;
                weight += each.weight();
            }
        }
        return weight == 0 ? 0 : Math.round(sum / weight);
    }

    private static double percent(long part, long whole) {
        return Math.round(1000.0 * part / whole) / 10.0;
    }
}
