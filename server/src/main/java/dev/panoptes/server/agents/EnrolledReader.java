package dev.panoptes.server.agents;

import dev.panoptes.integrity.checks.IdentityProofs;
import dev.panoptes.integrity.world.Enrolled;
import dev.panoptes.integrity.world.Enrolled.Configuration;
import dev.panoptes.integrity.world.Enrolled.Instance;
import dev.panoptes.integrity.world.Enrolled.Life;
import dev.panoptes.integrity.world.World;
import dev.panoptes.server.agents.EnrolledStore.Newest;
import dev.panoptes.server.agents.EnrolledStore.Seen;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
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
    private final BeatStore beats = new BeatStore();

    /** @param trustDiscovery whether what came over NATS counts without being accepted */
    EnrolledReader(Agents agents, Database database, InstantSource clock, boolean trustDiscovery) {
        this.agents = agents;
        this.database = database;
        this.clock = clock;
        this.trustDiscovery = trustDiscovery;
    }

    private record Beside(Instant since, Map<String, Newest> configurations, Map<String, String> impostors) {}

    /** Each as soon as its row is there: of very many instances only what scans need is held, and that once. */
    Enrolled read() {
        Instant lately = clock.instant().minus(IMPOSTURE);
        List<Instance> instances = new ArrayList<>();
        database.execute(transaction -> {
            instances.clear();
            Beside beside = new Beside(
                    beats.since(transaction), store.configurations(transaction), store.impostors(transaction, lately));
            store.seen(transaction, seen -> {
                if (trustDiscovery || !seen.unverified()) {
                    instances.add(instance(seen, beside));
                }
            });
        });
        return new Enrolled(instances);
    }

    /** Keeps what the instances proved in a scan. */
    void judged(Transaction transaction, World world) {
        store.putProofs(transaction, IdentityProofs.of(world), clock.instant());
    }

    private Instance instance(Seen seen, Beside beside) {
        return new Instance(
                seen.id(),
                seen.name(),
                seen.place(),
                seen.firstAt(),
                seen.receivedAt(),
                Duration.ofSeconds(seen.interval()),
                life(seen, beside.since()),
                seen.cloneAt(),
                seen.clonePlaces(),
                configuration(seen, beside.configurations().get(seen.id())),
                seen.publicKey(),
                beside.impostors().get(seen.id()));
    }

    private Life life(Seen seen, Instant since) {
        if (seen.said() == null) {
            return Life.NEVER_BEAT;
        }
        return switch (agents.state(seen.said(), seen.receivedAt(), since)) {
            case RUNNING, ERROR, MAINTENANCE -> Life.ALIVE;
            case STOPPED -> Life.STOPPED;
            case LOST -> Life.LOST;
            case UNKNOWN -> agents.health(seen.receivedAt(), since).equals("healthy") ? Life.ALIVE : Life.UNHEARD;
        };
    }

    private static Configuration configuration(Seen seen, @Nullable Newest newest) {
        return newest == null
                ? Configuration.NONE
                : new Configuration(
                        newest.version(),
                        newest.hash(),
                        newest.at(),
                        seen.configVersion(),
                        seen.configHash(),
                        seen.configState(),
                        seen.configError());
    }
}
