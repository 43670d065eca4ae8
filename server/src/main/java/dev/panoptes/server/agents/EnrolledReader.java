package dev.panoptes.server.agents;

import dev.panoptes.integrity.checks.IdentityProofs;
import dev.panoptes.integrity.world.Enrolled;
import dev.panoptes.integrity.world.Enrolled.Configuration;
import dev.panoptes.integrity.world.Enrolled.Instance;
import dev.panoptes.integrity.world.Enrolled.Life;
import dev.panoptes.integrity.world.World;
import dev.panoptes.server.agents.EnrolledStore.Newest;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the enrolled view that scans judge. What came over NATS and nobody accepted is not enrolled. */
final class EnrolledReader {
    private static final Duration IMPOSTURE = Duration.ofMinutes(10);

    private final Agents agents;
    private final Database database;
    private final InstantSource clock;
    private final boolean trustDiscovery;
    private final EnrolledStore store = new EnrolledStore();

    /** @param trustDiscovery whether what came over NATS counts without being accepted */
    EnrolledReader(Agents agents, Database database, InstantSource clock, boolean trustDiscovery) {
        this.agents = agents;
        this.database = database;
        this.clock = clock;
        this.trustDiscovery = trustDiscovery;
    }

    private record Beside(Map<String, Newest> configurations, Map<String, String> impostors) {}

    Enrolled read() {
        Agents.Everyone everyone = agents.everyone();
        Instant since = clock.instant().minus(IMPOSTURE);
        Beside beside = database.transaction(
                transaction -> new Beside(store.configurations(transaction), store.impostors(transaction, since)));
        List<Instance> instances = everyone.agents().stream()
                .filter(agent -> agent.enabled() && (trustDiscovery || !agent.unverified()))
                .map(agent -> instance(agent, everyone.since(), beside))
                .toList();
        return new Enrolled(instances);
    }

    /** Keeps what the instances proved in a scan. */
    void judged(Transaction transaction, World world) {
        store.putProofs(transaction, IdentityProofs.of(world), clock.instant());
    }

    private Instance instance(Agent agent, Instant since, Beside beside) {
        Agent.Beat beat = agent.beat();
        return new Instance(
                agent.id(),
                agent.name(),
                agent.place(),
                beat == null ? null : beat.firstAt(),
                beat == null ? null : beat.receivedAt(),
                Duration.ofSeconds(agent.heartbeatInterval()),
                life(agent, since),
                beat == null ? null : beat.cloneAt(),
                beat == null ? List.of() : beat.clonePlaces(),
                configuration(beat, beside.configurations().get(agent.id())),
                agent.publicKey(),
                beside.impostors().get(agent.id()));
    }

    private Life life(Agent agent, Instant since) {
        if (agent.beat() == null) {
            return Life.NEVER_BEAT;
        }
        return switch (agents.state(agent, since)) {
            case RUNNING, ERROR, MAINTENANCE -> Life.ALIVE;
            case STOPPED -> Life.STOPPED;
            case LOST -> Life.LOST;
            case UNKNOWN -> agents.health(agent, since).equals("healthy") ? Life.ALIVE : Life.UNHEARD;
        };
    }

    private static Configuration configuration(Agent.@Nullable Beat beat, @Nullable Newest newest) {
        if (newest == null) {
            return Configuration.NONE;
        }
        return new Configuration(
                newest.version(),
                newest.hash(),
                newest.at(),
                beat == null ? null : beat.configVersion(),
                beat == null ? null : beat.configHash(),
                beat == null ? null : beat.configState(),
                beat == null ? null : beat.configError());
    }
}
