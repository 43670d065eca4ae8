package dev.panoptes.server.web;

import dev.panoptes.core.registry.Keys;
import dev.panoptes.server.health.AgentHealth;
import dev.panoptes.server.scans.ScanService;
import dev.panoptes.server.scans.StoredScan;
import dev.panoptes.server.storage.DatabaseUnavailable;
import dev.panoptes.server.web.view.AgentRow;
import dev.panoptes.server.web.view.EyeState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole fleet as the pages show it: every declared agent with what the last scan saw of it and what is open about it. It
 * is made anew when it is asked for and older than {@link #FRESH}; filters and orders work on it in memory.
 */
final class FleetModel {
    private static final Logger LOG = LoggerFactory.getLogger(FleetModel.class);
    private static final Duration FRESH = Duration.ofSeconds(1);
    /** Of more agents it is kept while nothing was told of, for it takes long to make. */
    private static final int LARGE = 1_000;
    /** Heartbeats are told of to nobody. */
    private static final Duration SEEN = Duration.ofSeconds(5);

    private static final Duration OLDEST = Duration.ofSeconds(30);
    private static final Set<String> IDENTITY =
            Set.of("identity-mismatch", "listener-owner", "identity-clone", "identity-proof");
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

        /** @param name the key, the id of an instance, the name, or a key that links */
        Optional<AgentRow> find(String name) {
            return rows.stream()
                    .filter(row -> row.key().equals(name) || name.equals(row.id()))
                    .findFirst()
                    .or(() -> rows.stream()
                            .filter(row -> row.name().equals(name)
                                    || Keys.link(row.key()).equals(Keys.link(name)))
                            .findFirst());
        }
    }

    /**
     * @param position up to which change it knows everything
     * @param report of the last scan, which is known a moment after it is told; empty before the first
     */
    private record Made(Fleet fleet, long position, String report, long at) {
        boolean youngerThan(Duration age) {
            return System.nanoTime() - at < age.toNanos();
        }
    }

    private final ScanService scans;
    private final FleetStore store;
    private final Duration lostAfter;
    private final InstantSource clock;
    private final AtomicReference<@Nullable Made> made = new AtomicReference<>();
    private final AtomicBoolean making = new AtomicBoolean();

    /** @param lostAfter without a heartbeat for so long an instance is lost */
    FleetModel(ScanService scans, FleetStore store, Duration lostAfter, InstantSource clock) {
        this.scans = scans;
        this.store = store;
        this.lostAfter = lostAfter;
        this.clock = clock;
    }

    /** Up to where changes were told, on any replica. */
    long position() {
        return store.position();
    }

    Fleet now() {
        Made present = made.get();
        if (present != null && present.youngerThan(FRESH)) {
            return present.fleet();
        }
        if (present != null
                && present.fleet().rows().size() >= LARGE
                && present.youngerThan(OLDEST)
                && report(scans.latest().orElse(null)).equals(present.report())
                && store.position() == present.position()) {
            if (!present.youngerThan(SEEN) && making.compareAndSet(false, true)) {
                Thread.ofVirtual().name("fleet-model").start(this::refresh);
            }
            return present.fleet();
        }
        return remake();
    }

    private Fleet remake() {
        long position = store.position();
        StoredScan scan = scans.latest().orElse(null);
        Fleet fleet = make(scan);
        made.set(new Made(fleet, position, report(scan), System.nanoTime()));
        return fleet;
    }

    private static String report(@Nullable StoredScan scan) {
        return scan == null ? "" : scan.summary().reportId();
    }

    private void refresh() {
        try {
            remake();
        } catch (DatabaseUnavailable e) {
            LOG.atDebug().setCause(e).log("the fleet is looked at later");
        } finally {
            making.set(false);
        }
    }

    /** Made anew: somebody asks for what was not there a moment ago. */
    Fleet again() {
        made.set(null);
        return now();
    }

    private Fleet make(@Nullable StoredScan scan) {
        Map<String, List<FleetStore.About>> about = new HashMap<>();
        for (FleetStore.About issue : store.issues()) {
            issue.keys()
                    .forEach(key ->
                            about.computeIfAbsent(key, _ -> new ArrayList<>()).add(issue));
        }
        Map<String, List<FleetStore.Instance>> enrolled = new LinkedHashMap<>();
        for (FleetStore.Instance instance : store.instances()) {
            enrolled.computeIfAbsent(instance.key(), _ -> new ArrayList<>()).add(instance);
        }
        List<AgentRow> rows = new ArrayList<>();
        for (AgentHealth agent : scan == null ? List.<AgentHealth>of() : scan.agents()) {
            String key = Keys.link(agent.agent());
            List<FleetStore.Instance> mine = enrolled.remove(key);
            if (mine == null) {
                mine = enrolled.remove(Keys.link(agent.name()));
            }
            rows.add(row(agent, about.getOrDefault(key, List.of()), mine == null ? List.of() : mine));
        }
        Instant heard = clock.instant().minus(lostAfter);
        enrolled.values()
                .forEach(instances -> instances.forEach(
                        instance -> rows.add(row(instance, about.getOrDefault(instance.key(), List.of()), heard))));
        rows.sort(Comparator.comparing(AgentRow::state)
                .thenComparing(row -> row.port() == null ? Integer.MAX_VALUE : row.port())
                .thenComparing(AgentRow::name));
        Map<EyeState, Long> states = new EnumMap<>(EyeState.class);
        for (EyeState state : EyeState.values()) {
            states.put(state, 0L);
        }
        rows.forEach(row -> states.merge(row.state(), 1L, Long::sum));
        return new Fleet(
                List.copyOf(rows), states, scan == null ? null : scan.summary().completedAt());
    }

    private AgentRow row(AgentHealth agent, List<FleetStore.About> issues, List<FleetStore.Instance> instances) {
        FleetStore.Instance mine = instances.isEmpty() ? null : instances.getFirst();
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
                mine == null ? null : mine.version(),
                mine == null || mine.seen() == null ? agent.seenAt() : mine.seen(),
                issues.size(),
                true,
                mine != null,
                agent.status().equals("running"),
                mine == null ? null : mine.id(),
                instances.size(),
                mine == null ? null : mine.config(),
                mine == null ? null : mine.cpu(),
                mine == null ? "" : mine.beats());
    }

    /** An instance that no registry declares. @param heard what beat before is lost */
    private static AgentRow row(FleetStore.Instance instance, List<FleetStore.About> issues, Instant heard) {
        Instant seen = instance.seen();
        boolean alive = seen != null && !seen.isBefore(heard) && !"stopped".equals(instance.word());
        EyeState state;
        String why;
        if (instance.cloned()) {
            state = EyeState.WRONG;
            why = "two places beat with its identity in turn";
        } else if (!instance.accepted()) {
            state = EyeState.PENDING;
            why = "it came over the bus, and nobody has accepted it";
        } else if (seen == null) {
            state = EyeState.UNSEEN;
            why = "it has enrolled and never sent a heartbeat";
        } else if (!alive) {
            state = EyeState.MISSING;
            why = "stopped".equals(instance.word()) ? "it said that it stops" : "its heartbeats have ended";
        } else if ("error".equals(instance.word()) || instance.violations() > 0 || worst(issues) <= MEDIUM) {
            state = EyeState.DEGRADED;
            why = instance.violations() > 0
                    ? "it is above its limits"
                    : issues.isEmpty()
                            ? "it says that it is in error"
                            : issues.getFirst().title();
        } else {
            state = EyeState.HEALTHY;
            why = null;
        }
        return new AgentRow(
                instance.id(),
                instance.name(),
                instance.host() == null ? "unknown" : instance.host(),
                instance.port(),
                state,
                why,
                null,
                null,
                instance.version(),
                seen,
                issues.size(),
                false,
                true,
                alive,
                instance.id(),
                1,
                instance.config(),
                instance.cpu(),
                instance.beats());
    }

    private static int worst(List<FleetStore.About> issues) {
        return issues.stream().mapToInt(FleetStore.About::rank).min().orElse(Integer.MAX_VALUE);
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
