package dev.panoptes.server.agents;

import dev.panoptes.core.registry.Keys;
import dev.panoptes.server.agents.RolloutStore.Member;
import dev.panoptes.server.agents.RolloutStore.Rollout;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.configs.ConfigDocument;
import dev.panoptes.server.configs.ConfigVersion;
import dev.panoptes.server.configs.Configs;
import dev.panoptes.server.http.Problem.FieldError;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Puts a configuration on many instances of a name, so many per cent at a time. Each stage waits until all of its instances say
 * APPLIED and are well; where one says FAILED, or does not come to it in time, everything goes back to what it was. All that is
 * known of a roll-out is in the database, so any replica goes on with it.
 */
final class Rollouts {
    private static final int INTERVALS = 10;
    private static final Duration LEAST_PATIENCE = Duration.ofMinutes(2);

    private final Database database;
    private final InstantSource clock;
    private final Changes changes;
    private final Configs configs;
    private final Duration lostAfter;
    private final AgentStore agents = new AgentStore();
    private final RolloutStore store = new RolloutStore();

    Rollouts(Database database, InstantSource clock, Changes changes, Configs configs, Duration lostAfter) {
        this.database = database;
        this.clock = clock;
        this.changes = changes;
        this.configs = configs;
        this.lostAfter = lostAfter;
    }

    /** How a beginning ended. */
    sealed interface Begun {
        record Done(View view) implements Begun {}

        record Invalid(List<FieldError> violations) implements Begun {}

        /** One of this name is under way. */
        record AnotherRuns() implements Begun {}
    }

    /** A roll-out with what became of each instance. */
    record View(Rollout rollout, List<Member> members, int applied) {
        View {
            members = List.copyOf(members);
        }
    }

    Begun begin(String name, ConfigDocument document, List<Integer> stages, Actor actor) {
        return database.transaction(transaction -> {
            List<FieldError> violations = configs.violations(transaction, name, document);
            if (!violations.isEmpty()) {
                return new Begun.Invalid(violations);
            }
            List<Member> members = new ArrayList<>();
            for (Agent agent : agents.byName(transaction, name, Integer.MAX_VALUE)) {
                int before = configs.latest(transaction, agent.id())
                        .map(ConfigVersion::version)
                        .orElse(0);
                members.add(new Member(agent.id(), members.size(), before, null));
            }
            String key = Keys.link(name);
            store.lockName(transaction, key);
            if (store.anyRunning(transaction, key)) {
                return new Begun.AnotherRuns();
            }
            Rollout made = store.insert(
                    transaction, key, document.body(), document.hash(), stages, actor.name(), clock.instant());
            store.insertMembers(transaction, made.id(), members);
            changed(transaction, made, null, "running", actor, null);
            advance(transaction, made);
            return new Begun.Done(
                    view(transaction, store.find(transaction, made.id()).orElseThrow()));
        });
    }

    /** For a job: takes every roll-out as far as it can go now. */
    void advance() {
        for (UUID id : database.transaction(store::running)) {
            database.execute(transaction -> store.lock(transaction, id)
                    .filter(rollout -> rollout.state().equals("running"))
                    .ifPresent(rollout -> advance(transaction, rollout)));
        }
    }

    private void advance(Transaction transaction, Rollout rollout) {
        Instant now = clock.instant();
        List<Member> members = store.members(transaction, rollout.id());
        Map<String, Agent> present = new HashMap<>();
        agents.byIds(transaction, members.stream().map(Member::agentId).toList())
                .forEach(agent -> present.put(agent.id(), agent));
        // Who is gone meanwhile holds nobody up.
        List<Member> left = members.stream()
                .filter(member -> {
                    Agent agent = present.get(member.agentId());
                    return agent != null && agent.enrolled();
                })
                .toList();
        int percent = rollout.stages().get(rollout.stage());
        int turn = Math.min(left.size(), Math.max(1, (left.size() * percent + 99) / 100));
        boolean waits = false;
        for (Member member : left.subList(0, turn)) {
            Agent agent = Objects.requireNonNull(present.get(member.agentId()));
            Integer put = member.put();
            if (put == null) {
                if (!put(transaction, rollout, agent)) {
                    return;
                }
                waits = true;
            } else {
                String failed = failed(agent, put);
                if (failed != null) {
                    back(transaction, rollout, "failed", agent.id() + ": " + failed, Actor.SYSTEM);
                    return;
                }
                if (!well(agent, put, now)) {
                    waits = true;
                    Duration patience = Duration.ofSeconds((long) agent.heartbeatInterval() * INTERVALS);
                    if (rollout.stageBegan()
                            .plus(patience.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : patience)
                            .isBefore(now)) {
                        back(transaction, rollout, "failed", agent.id() + " did not apply it in time", Actor.SYSTEM);
                        return;
                    }
                }
            }
        }
        if (!waits) {
            if (rollout.stage() + 1 < rollout.stages().size()) {
                store.next(transaction, rollout.id(), rollout.stage() + 1, now);
            } else {
                store.end(transaction, rollout.id(), "done", null, now);
                changed(transaction, rollout, "running", "done", Actor.SYSTEM, null);
            }
        }
    }

    /** False where the roll-out has ended, because its body is no configuration of this agent any more. */
    private boolean put(Transaction transaction, Rollout rollout, Agent agent) {
        Configs.Put put = configs.put(
                transaction,
                Agents.subject(agent),
                new ConfigDocument(rollout.body()),
                null,
                new Actor(rollout.createdBy(), Actor.Via.SYSTEM, null),
                "roll-out " + rollout.id(),
                false);
        return switch (put) {
            case Configs.Put.Done(ConfigVersion version) -> {
                store.put(transaction, rollout.id(), agent.id(), version.version());
                yield true;
            }
            case Configs.Put.Invalid _, Configs.Put.Stale _, Configs.Put.NoSuchVersion _ -> {
                back(transaction, rollout, "failed", "its schema changed meanwhile", Actor.SYSTEM);
                yield false;
            }
        };
    }

    private static @Nullable String failed(Agent agent, int version) {
        Agent.Beat beat = agent.beat();
        if (beat == null || beat.configVersion() == null || beat.configVersion() != version) {
            return null;
        }
        return "FAILED".equals(beat.configState()) ? String.valueOf(beat.configError()) : null;
    }

    private boolean well(Agent agent, int version, Instant now) {
        Agent.Beat beat = agent.beat();
        return beat != null
                && beat.configVersion() != null
                && beat.configVersion() == version
                && "APPLIED".equals(beat.configState())
                && beat.said() == AgentState.RUNNING
                && beat.violations().equals("[]")
                && !beat.receivedAt().plus(lostAfter).isBefore(now);
    }

    /** Everything goes back to what it was. */
    private void back(Transaction transaction, Rollout rollout, String state, String reason, Actor actor) {
        for (Member member : store.members(transaction, rollout.id())) {
            Optional<Agent> agent = agents.byId(transaction, member.agentId()).filter(Agent::enrolled);
            if (member.put() != null && agent.isPresent()) {
                ConfigDocument before = configs.find(transaction, member.agentId(), member.before())
                        .map(ConfigVersion::document)
                        .orElse(ConfigDocument.EMPTY);
                configs.put(
                        transaction,
                        Agents.subject(agent.get()),
                        before,
                        null,
                        actor,
                        "roll-out " + rollout.id() + " " + state,
                        false);
            }
        }
        store.end(transaction, rollout.id(), state, reason, clock.instant());
        changed(transaction, rollout, "running", state, actor, reason);
    }

    /** Empty where there is none; one that has ended stays as it is. */
    Optional<View> cancel(UUID id, Actor actor) {
        return database.transaction(transaction -> store.lock(transaction, id).map(rollout -> {
            if (rollout.state().equals("running")) {
                back(transaction, rollout, "cancelled", "by " + actor.name(), actor);
            }
            return view(transaction, store.find(transaction, id).orElseThrow());
        }));
    }

    Optional<View> find(UUID id) {
        return database.transaction(
                transaction -> store.find(transaction, id).map(rollout -> view(transaction, rollout)));
    }

    List<View> list() {
        return database.transaction(transaction -> store.list(transaction).stream()
                .map(rollout -> view(transaction, rollout))
                .toList());
    }

    private View view(Transaction transaction, Rollout rollout) {
        List<Member> members = store.members(transaction, rollout.id());
        Map<String, Agent> present = new HashMap<>();
        agents.byIds(transaction, members.stream().map(Member::agentId).toList())
                .forEach(agent -> present.put(agent.id(), agent));
        int applied = (int) members.stream()
                .filter(member -> {
                    Agent agent = present.get(member.agentId());
                    Integer put = member.put();
                    return agent != null && put != null && well(agent, put, clock.instant());
                })
                .count();
        return new View(rollout, members, applied);
    }

    private void changed(
            Transaction transaction,
            Rollout rollout,
            @Nullable String from,
            String to,
            Actor actor,
            @Nullable String cause) {
        changes.record(
                transaction,
                new Change(
                        "rollout",
                        rollout.id().toString(),
                        null,
                        from,
                        to,
                        actor,
                        cause,
                        Map.of("agent", rollout.agentName())));
    }
}
