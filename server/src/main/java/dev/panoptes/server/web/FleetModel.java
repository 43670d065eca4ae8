package dev.panoptes.server.web;

import dev.panoptes.core.registry.Keys;
import dev.panoptes.server.health.AgentHealth;
import dev.panoptes.server.scans.ScanService;
import dev.panoptes.server.scans.StoredScan;
import dev.panoptes.server.web.view.AgentRow;
import dev.panoptes.server.web.view.EyeState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The whole fleet as the pages show it: every declared agent with what the last scan saw of it and what is open about it. It
 * is made anew when it is asked for and older than {@link #FRESH}; filters and orders work on it in memory.
 */
final class FleetModel {
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Set<String> IDENTITY = Set.of("identity-mismatch", "listener-owner");
    private static final Set<String> CONFLICT = Set.of("port-conflict");
    private static final String ANSWERS_AS_ANOTHER = "what answers there says that it is";
    private static final int MEDIUM = 2;

    /**
     * @param rows the worst first, then by port
     * @param scanned when the last scan ended; null before the first
     */
    record Fleet(
            List<AgentRow> rows,
            Map<EyeState, Long> states,
            @Nullable Instant scanned) {
        long healthy() {
            return states.getOrDefault(EyeState.HEALTHY, 0L);
        }

        Optional<AgentRow> find(String key) {
            return rows.stream().filter(row -> row.key().equals(key)).findFirst();
        }
    }

    private record Made(Fleet fleet, long at) {}

    private final ScanService scans;
    private final FleetStore store;
    private final AtomicReference<@Nullable Made> made = new AtomicReference<>();

    FleetModel(ScanService scans, FleetStore store) {
        this.scans = scans;
        this.store = store;
    }

    Fleet now() {
        Made present = made.get();
        if (present != null && System.nanoTime() - present.at() < FRESH.toNanos()) {
            return present.fleet();
        }
        Fleet fleet = make();
        made.set(new Made(fleet, System.nanoTime()));
        return fleet;
    }

    private Fleet make() {
        Optional<StoredScan> scan = scans.latest();
        Map<String, List<FleetStore.About>> about = new HashMap<>();
        for (FleetStore.About issue : store.issues()) {
            issue.keys()
                    .forEach(key ->
                            about.computeIfAbsent(key, _ -> new ArrayList<>()).add(issue));
        }
        List<AgentRow> rows = new ArrayList<>();
        for (AgentHealth agent : scan.map(StoredScan::agents).orElse(List.of())) {
            rows.add(row(agent, about.getOrDefault(Keys.link(agent.agent()), List.of())));
        }
        rows.sort(Comparator.comparing(AgentRow::state)
                .thenComparing(row -> row.port() == null ? Integer.MAX_VALUE : row.port())
                .thenComparing(AgentRow::name));
        Map<EyeState, Long> states = new EnumMap<>(EyeState.class);
        for (EyeState state : EyeState.values()) {
            states.put(state, 0L);
        }
        rows.forEach(row -> states.merge(row.state(), 1L, Long::sum));
        return new Fleet(
                List.copyOf(rows),
                states,
                scan.map(stored -> stored.summary().completedAt()).orElse(null));
    }

    private static AgentRow row(AgentHealth agent, List<FleetStore.About> issues) {
        EyeState state = state(agent, issues);
        String why = agent.lastError();
        if (why == null && state != EyeState.HEALTHY && !issues.isEmpty()) {
            why = issues.getFirst().title();
        }
        return new AgentRow(
                agent.agent(),
                agent.name(),
                agent.host(),
                agent.port(),
                state,
                why,
                agent.pid(),
                agent.lastDurationMs(),
                null,
                agent.seenAt(),
                issues.size(),
                true,
                false,
                agent.status().equals("running"));
    }

    private static EyeState state(AgentHealth agent, List<FleetStore.About> issues) {
        String error = agent.lastError();
        // Whose port is taken is answered for by another: the conflict is the cause.
        if (issues.stream().anyMatch(issue -> CONFLICT.contains(issue.check()))) {
            return EyeState.CONFLICT;
        }
        if (issues.stream().anyMatch(issue -> IDENTITY.contains(issue.check()))
                || (error != null && error.startsWith(ANSWERS_AS_ANOTHER))) {
            return EyeState.WRONG;
        }
        return switch (agent.status()) {
            case "stopped" -> EyeState.MISSING;
            case "incompatible" -> EyeState.DEGRADED;
            case "running" ->
                issues.stream().anyMatch(issue -> issue.rank() <= MEDIUM) ? EyeState.DEGRADED : EyeState.HEALTHY;
            default -> EyeState.UNSEEN;
        };
    }
}
