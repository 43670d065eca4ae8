package dev.panoptes.server.agents;

import dev.panoptes.server.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Agents that speak NATS only: they are asked who is there, and each answer is a heartbeat that proves nobody. */
public final class Discovery {
    /** Answers that come later may be to an earlier asking. */
    private static final Duration PROMPT = Duration.ofSeconds(5);

    private final Agents agents;
    private final Beats beats;
    private final Database database;
    private final InstantSource clock;
    private final BeatStore store = new BeatStore();
    private final EnrolledStore enrolled = new EnrolledStore();

    Discovery(Agents agents, Beats beats, Database database, InstantSource clock) {
        this.agents = agents;
        this.beats = beats;
        this.database = database;
        this.clock = clock;
    }

    /** What an answer was. */
    public enum Heard {
        /** The first one under this id. */
        NEW,
        BEAT,
        /** The second one to one asking. */
        TWICE,
        /** Its id belongs to an agent with credentials, which does not beat so. */
        IMPOSTOR,
        /** No id that an agent can have, or one that was decommissioned. */
        REFUSED
    }

    /** Before agents are asked; false where they were asked a moment ago, and need not be again. */
    public boolean ask() {
        Instant now = clock.instant();
        return database.transaction(transaction -> store.asked(transaction, now, now.minus(PROMPT)));
    }

    /** An answer. @param type what kind of agent it says it is */
    public Heard answered(String id, String type) throws InterruptedException {
        if (Agents.idFault(id) != null && !Agents.uuid(id)) {
            return Heard.REFUSED;
        }
        Optional<Agent> known = agents.find(id);
        if (known.isEmpty()) {
            known = agents.discovered(id, type);
            if (known.isPresent()) {
                return beat(id) ? Heard.NEW : Heard.REFUSED;
            }
            known = agents.find(id);
        }
        Agent agent = known.orElseThrow();
        if (!agent.enrolled()) {
            return Heard.REFUSED;
        }
        Instant now = clock.instant();
        if (agent.origin().equals("enrolled")) {
            database.execute(transaction -> enrolled.putImpostor(
                    transaction, id, "somebody answered over NATS with its id, without its credentials", now));
            return Heard.IMPOSTOR;
        }
        boolean twice = database.transaction(transaction -> store.answered(transaction, id, now.minus(PROMPT)));
        if (!beat(id)) {
            return Heard.REFUSED;
        }
        if (twice) {
            database.execute(transaction -> store.cloned(transaction, id, now));
            return Heard.TWICE;
        }
        return Heard.BEAT;
    }

    private boolean beat(String id) throws InterruptedException {
        Beats.Beat beat = new Beats.Beat(
                id, null, AgentState.RUNNING, "active", "{}", Map.of(), null, null, null, null, null, null);
        return beats.submit(beat) instanceof Beats.Answer.Taken;
    }

    /** The instance that a finding is about: by its id, else the only one of its name. */
    public Optional<Known> find(String idOrName) {
        return agents.find(idOrName)
                .filter(Agent::enrolled)
                .or(() -> agents.only(idOrName))
                .map(agent -> new Known(agent.id(), agent.name()));
    }

    /** Who answered the last asking so far. */
    public List<Known> answered() {
        return database.transaction(store::answered).stream()
                .map(row -> new Known(row.getKey(), row.getValue()))
                .toList();
    }

    /** An instance, as far as others need it. */
    public record Known(String id, String name) {}

    /** The last change that was told over NATS; empty before any was. */
    public Optional<Long> published() {
        return database.transaction(store::published);
    }

    /** Notes up to where changes were told. */
    public void published(long id) {
        database.execute(transaction -> store.setPublished(transaction, id));
    }
}
