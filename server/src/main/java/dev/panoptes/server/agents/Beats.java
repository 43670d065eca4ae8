package dev.panoptes.server.agents;

import dev.panoptes.server.agents.BeatStore.Kept;
import dev.panoptes.server.agents.BeatStore.Known;
import dev.panoptes.server.agents.BeatStore.Written;
import dev.panoptes.server.agents.Limits.Violation;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.findings.Finding;
import dev.panoptes.server.findings.FindingSeverity;
import dev.panoptes.server.findings.FindingsService;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.Batches;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Takes heartbeats: what many instances send at the same time is one transaction, and each is answered after its commit. */
public final class Beats {
    private static final int MOST_AT_ONCE = 1_000;
    /** Nobody waits for a heartbeat's answer. */
    private static final Duration MOMENT = Duration.ofMillis(20);
    /** Of an interval: beats are spread, so that those that began together do not stay together. */
    private static final double SOONEST = 0.75;

    private final Database database;
    private final InstantSource clock;
    private final Changes changes;
    private final FindingsService findings;
    private final Duration turn;
    private final BeatStore store = new BeatStore();
    private final Batches<Beat, Answer> batches = new Batches<>(MOST_AT_ONCE, MOMENT, Beat::id, this::take);

    /** @param turn two places that beat within it with one key are a clone */
    Beats(Database database, InstantSource clock, Changes changes, FindingsService findings, Duration turn) {
        this.database = database;
        this.clock = clock;
        this.changes = changes;
        this.findings = findings;
        this.turn = turn;
    }

    /**
     * What an instance says.
     *
     * @param word its status as it said it
     * @param details JSON
     */
    record Beat(
            String id,
            AgentState said,
            String word,
            String details,
            Map<String, Double> resources,
            @Nullable String bootId,
            @Nullable String host,
            @Nullable String configHash,
            @Nullable Integer configVersion,
            @Nullable String configState,
            @Nullable String configError) {
        Beat {
            resources = Map.copyOf(resources);
        }
    }

    /** What it is answered. */
    sealed interface Answer {
        /**
         * @param interval seconds
         * @param nextIn seconds until the next one is expected: the interval, spread
         * @param configVersion the one that it should run; 0 where there is none
         */
        record Taken(
                Instant receivedAt,
                int interval,
                double nextIn,
                int configVersion,
                @Nullable String configHash,
                List<Violation> violations)
                implements Answer {}

        /** It is not enrolled any more. */
        record Refused() implements Answer {}
    }

    Answer submit(Beat beat) throws InterruptedException {
        return batches.submit(beat);
    }

    private List<Answer> take(List<Beat> beats) {
        return database.transaction(transaction -> take(transaction, beats));
    }

    private List<Answer> take(Transaction transaction, List<Beat> beats) {
        Instant now = clock.instant();
        Map<String, Known> known =
                store.known(transaction, beats.stream().map(Beat::id).toList());
        List<Written> written = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        for (Beat beat : beats) {
            Known agent = known.get(beat.id());
            if (agent == null || !agent.enrolled()) {
                answers.add(new Answer.Refused());
                continue;
            }
            List<Violation> violations = violations(beat, agent);
            written.add(written(beat, violations));
            tell(transaction, agent, beat, violations);
            answers.add(new Answer.Taken(
                    now,
                    agent.interval(),
                    spread(agent.interval()),
                    agent.configVersion(),
                    agent.configHash(),
                    violations));
        }
        if (!written.isEmpty()) {
            for (Kept kept : store.put(transaction, written, now, turn)) {
                cloned(transaction, Objects.requireNonNull(known.get(kept.id())), kept);
            }
        }
        return answers;
    }

    /**
     * A beat that says nothing of resources ends no violation: what was seen last counts, by the limits of now. One that has
     * stopped uses nothing.
     */
    private static List<Violation> violations(Beat beat, Known agent) {
        if (!beat.resources().isEmpty() || beat.said() == AgentState.STOPPED) {
            return Limits.violations(beat.resources(), agent.limits());
        }
        Map<String, Double> seen = new LinkedHashMap<>();
        agent.violations().forEach(each -> seen.put(each.resource(), each.value()));
        return Limits.violations(seen, agent.limits());
    }

    private static double spread(int interval) {
        return Math.round(10 * interval * ThreadLocalRandom.current().nextDouble(SOONEST, 1)) / 10.0;
    }

    private static Written written(Beat beat, List<Violation> violations) {
        boolean placed = beat.host() != null && beat.bootId() != null;
        return new Written(
                beat.id(),
                beat.said(),
                beat.word(),
                beat.details(),
                beat.resources().isEmpty() ? "{}" : Json.writeText(beat.resources()),
                violations,
                beat.bootId(),
                beat.host(),
                placed ? beat.host() + " " + beat.bootId() : null,
                beat.configHash(),
                beat.configVersion(),
                beat.configState(),
                beat.configError());
    }

    /** What changed with this beat. */
    private void tell(Transaction transaction, Known agent, Beat beat, List<Violation> violations) {
        String before = agent.status();
        if (!beat.said().id().equals(before)) {
            changes.record(
                    transaction,
                    new Change(
                            "agent",
                            agent.id(),
                            beat.host(),
                            before,
                            beat.said().id(),
                            new Actor("agent:" + agent.name(), Actor.Via.TOKEN, null),
                            "heartbeat",
                            Map.of("name", agent.name())));
        }
        if (violations.isEmpty() && agent.violations().isEmpty()) {
            return;
        }
        Map<String, Violation> ended = new LinkedHashMap<>();
        agent.violations().forEach(each -> ended.put(each.resource(), each));
        for (Violation violation : violations) {
            if (ended.remove(violation.resource()) == null) {
                findings.report(transaction, finding(agent, beat, violation));
            }
        }
        ended.keySet()
                .forEach(resource ->
                        findings.resolve(transaction, fingerprint(agent.id(), resource), "back within its limit"));
    }

    private static Finding finding(Known agent, Beat beat, Violation violation) {
        Map<String, Object> details = new HashMap<>();
        details.put("resource", violation.resource());
        details.put("value", violation.value());
        details.put("limit", violation.limit());
        return new Finding(
                fingerprint(agent.id(), violation.resource()),
                "resource_limit",
                agent.name() + " uses more " + violation.resource() + " than it may",
                FindingSeverity.MEDIUM,
                violation.resource() + " is " + plain(violation.value()) + ", its limit is " + plain(violation.limit()),
                Json.writeText(details),
                "limits",
                agent.id(),
                agent.name(),
                beat.host() == null ? agent.host() : beat.host(),
                null,
                true);
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString(Math.round(value)) : Double.toString(value);
    }

    private static String fingerprint(String agent, String resource) {
        return "limit " + agent + " " + resource;
    }

    private void cloned(Transaction transaction, Known agent, Kept kept) {
        if (kept.cloneAt() != null && agent.cloneAt() == null) {
            changes.record(
                    transaction,
                    new Change(
                            "agent",
                            agent.id(),
                            null,
                            "one place",
                            "cloned",
                            Actor.SYSTEM,
                            "two places beat in turn with one key",
                            Map.of("name", agent.name(), "places", kept.clonePlaces())));
        }
    }
}
