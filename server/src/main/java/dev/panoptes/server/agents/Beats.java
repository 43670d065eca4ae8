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
import dev.panoptes.server.storage.DatabaseUnavailable;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
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
    /** While one batch waits for the disk the next is written. */
    private static final int LANES = 2;

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
    private final Batches<Beat, Answer> batches = new Batches<>(MOST_AT_ONCE, LANES, MOMENT, Beat::id, this::take);

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
     * @param generation of the credentials behind its token, which have to be those of now; null where its caller was asked for
     *     already
     * @param word its status as it said it
     * @param details JSON
     */
    record Beat(
            String id,
            @Nullable Long generation,
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

        /** It could not be stored. */
        record Failed(RuntimeException cause) implements Answer {}
    }

    /** Waits until it is stored. Never {@link Answer.Failed}: what failed comes out as it was thrown. */
    Answer submit(Beat beat) throws InterruptedException {
        Answer answer = batches.submit(beat);
        if (answer instanceof Answer.Failed(RuntimeException cause)) {
            throw cause;
        }
        return answer;
    }

    /** By one statement where nothing changes, which is nearly always; what it leaves over takes a look at each. */
    private List<Answer> take(List<Beat> beats) {
        Map<String, Answer> answers = usual(beats);
        List<Beat> left =
                beats.stream().filter(beat -> !answers.containsKey(beat.id())).toList();
        if (!left.isEmpty()) {
            answers.putAll(unusual(left));
        }
        return beats.stream()
                .map(beat -> Objects.requireNonNull(answers.get(beat.id())))
                .toList();
    }

    private Map<String, Answer> usual(List<Beat> beats) {
        List<Written> plain = beats.stream()
                .filter(Beats::plain)
                .map(beat -> written(beat, List.of()))
                .sorted(Comparator.comparing(Written::id))
                .toList();
        Map<String, Answer> answers = new HashMap<>();
        if (!plain.isEmpty()) {
            Instant now = clock.instant();
            database.statement(transaction -> store.putUsual(transaction, plain, now))
                    .forEach(usual -> answers.put(
                            usual.id(),
                            new Answer.Taken(
                                    now,
                                    usual.interval(),
                                    spread(usual.interval()),
                                    usual.configVersion(),
                                    usual.configHash(),
                                    List.of())));
        }
        return answers;
    }

    /** Whether it is above no usual limit. Who has stopped uses nothing any more, which is a change of its own. */
    private static boolean plain(Beat beat) {
        return beat.said() != AgentState.STOPPED
                && Limits.violations(beat.resources(), Map.of()).isEmpty();
    }

    /** What was written before must not be done again: whatever fails here fails for itself. */
    private Map<String, Answer> unusual(List<Beat> beats) {
        try {
            return database.transaction(transaction -> take(transaction, beats));
        } catch (DatabaseUnavailable e) {
            Map<String, Answer> failed = new HashMap<>();
            beats.forEach(beat -> failed.put(beat.id(), new Answer.Failed(e)));
            return failed;
        } catch (RuntimeException e) {
            if (beats.size() == 1) {
                return Map.of(beats.getFirst().id(), new Answer.Failed(e));
            }
            Map<String, Answer> each = new HashMap<>();
            beats.forEach(beat -> each.putAll(unusual(List.of(beat))));
            return each;
        }
    }

    private Map<String, Answer> take(Transaction transaction, List<Beat> beats) {
        Instant now = clock.instant();
        Map<String, Known> known =
                store.known(transaction, beats.stream().map(Beat::id).toList());
        List<Written> written = new ArrayList<>();
        Map<String, Answer> answers = new HashMap<>();
        for (Beat beat : beats) {
            Known agent = known.get(beat.id());
            if (agent == null || !agent.takes(beat.generation())) {
                answers.put(beat.id(), new Answer.Refused());
                continue;
            }
            List<Violation> violations = violations(beat, agent);
            written.add(written(beat, violations));
            tell(transaction, agent, beat, violations);
            answers.put(
                    beat.id(),
                    new Answer.Taken(
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
                beat.generation(),
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
