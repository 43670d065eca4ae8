package dev.panoptes.server.health;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.panoptes.server.health.AgentHealth.Status;
import dev.panoptes.server.health.Component.State;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The health of the whole system at one moment, in the words of the original contract. It is no judgement of what the fleet
 * claims to be: that is the integrity score.
 *
 * @param agents status by registry key
 * @param infrastructure state by name
 * @param infrastructureHealthy true where every configured part was seen healthy; parts that are not configured do not count
 * @param threatLevel {@code UNKNOWN} while nothing makes incidents
 * @param eventsLast24h null while no sensor sends events
 * @param healthScore the mean of the contributions that could be measured, by weight
 * @param emptyState true while no agent is enrolled and no heartbeat was seen
 * @param emptyStateMessage null where the state is not empty
 */
record SystemHealth(
        String status,
        Instant timestamp,
        String platform,
        Map<String, String> agents,
        List<AgentHealth> agentsDetails,
        Summary agentsSummary,
        Map<String, String> infrastructure,
        boolean infrastructureHealthy,
        String threatLevel,

        @JsonProperty("events_last_24h") @Nullable Long eventsLast24h,

        double healthScore,
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

    /** A part of the score. @param score 0 to 100; null where it could not be measured, and then its weight does not count */
    record Contribution(String name, int weight, @Nullable Double score, String detail) {}

    /** @param seen null before the first scan @param fresh how old the last scan may be @param enrolled how many agents are enrolled */
    static SystemHealth of(
            FleetHealth.@Nullable Seen seen,
            Map<String, State> infrastructure,
            Duration fresh,
            int enrolled,
            String platform,
            Instant now) {
        List<AgentHealth> details = seen == null ? List.of() : seen.agents();
        Map<String, String> agents = new LinkedHashMap<>();
        details.forEach(agent -> agents.put(agent.agent(), agent.status()));
        int online =
                (int) details.stream().filter(agent -> agent.is(Status.RUNNING)).count();
        Map<String, String> states = new LinkedHashMap<>();
        infrastructure.forEach((name, state) -> states.put(name, state.id()));
        List<State> configured = infrastructure.values().stream()
                .filter(state -> state != State.NOT_CONFIGURED)
                .toList();
        List<Contribution> contributions = List.of(
                agents(details, online),
                infrastructure(configured),
                freshness(seen == null ? null : seen.completedAt(), fresh, now));
        double score = score(contributions);
        boolean empty = enrolled == 0;
        return new SystemHealth(
                "success",
                now,
                platform,
                agents,
                details,
                new Summary(online, details.size(), details.isEmpty() ? 0 : percent(online, details.size())),
                states,
                configured.stream().allMatch(state -> state == State.HEALTHY),
                "UNKNOWN",
                null,
                score,
                contributions,
                score >= HEALTHY ? "healthy" : score >= DEGRADED ? "degraded" : "critical",
                empty,
                empty
                        ? "No agent is enrolled and no heartbeat was seen; what is told of agents is what scans saw."
                        : null);
    }

    private static Contribution agents(List<AgentHealth> agents, int online) {
        long known = agents.stream()
                .filter(agent -> !agent.is(Status.UNKNOWN) && !agent.is(Status.STALE))
                .count();
        return new Contribution(
                "agents",
                AGENTS_WEIGHT,
                known == 0 ? null : percent(online, known),
                online + " of " + known + " agents that could be looked at are running; " + (agents.size() - known)
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
                healthy + " of " + tried + " parts that were tried are healthy");
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

    private static double score(List<Contribution> contributions) {
        double sum = 0;
        double weight = 0;
        for (Contribution each : contributions) {
            Double score = each.score();
            if (score != null) {
                sum += each.weight() * score;
                weight += each.weight();
            }
        }
        return weight == 0 ? 0 : Math.round(10 * sum / weight) / 10.0;
    }

    private static double percent(long part, long whole) {
        return Math.round(1000.0 * part / whole) / 10.0;
    }
}
