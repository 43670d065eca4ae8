package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.Placement;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.world.Enrolled.Configuration;
import dev.panoptes.integrity.world.Enrolled.Instance;
import dev.panoptes.integrity.world.Enrolled.Life;
import dev.panoptes.integrity.world.Enrolled.Proof;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who is enrolled, beside what is declared. */
class EnrolledChecksTest {
    private static final Instant NOW = WorldBuilder.NOW;

    private static Instance instance(String id, String name, Life life) {
        return new Instance(
                id,
                name,
                "web-1",
                NOW.minusSeconds(3_600),
                NOW.minusSeconds(10),
                Duration.ofSeconds(30),
                life,
                null,
                List.of(),
                Configuration.NONE,
                Proof.NONE,
                "",
                null);
    }

    private static Instance cloned(Instance of, Instant at) {
        return new Instance(
                of.id(),
                of.name(),
                of.host(),
                of.firstHeartbeat(),
                of.lastHeartbeat(),
                of.interval(),
                of.life(),
                at,
                List.of("web-1 b1", "web-2 b2"),
                of.configuration(),
                of.proof(),
                of.proofDetail(),
                of.impostor());
    }

    private static Instance running(Instance of, Configuration configuration) {
        return new Instance(
                of.id(),
                of.name(),
                of.host(),
                of.firstHeartbeat(),
                of.lastHeartbeat(),
                of.interval(),
                of.life(),
                null,
                List.of(),
                configuration,
                of.proof(),
                of.proofDetail(),
                of.impostor());
    }

    private static Instance proof(Instance of, Proof proof, String impostor) {
        return new Instance(
                of.id(),
                of.name(),
                of.host(),
                of.firstHeartbeat(),
                of.lastHeartbeat(),
                of.interval(),
                of.life(),
                null,
                List.of(),
                of.configuration(),
                proof,
                "asked at http://x",
                impostor);
    }

    private static WorldBuilder fleet() {
        return new WorldBuilder().agent("hermes", "HERMES", 8014).agent("varys", "VARYS", 8020);
    }

    @Test
    void withoutAControlPlaneNothingIsJudged() throws InterruptedException {
        for (Check check : List.of(
                new GhostAgentCheck(),
                new RogueAgentCheck(),
                new LostAgentCheck(),
                new TooManyInstancesCheck(),
                new IdentityCloneCheck(),
                new IdentityProofCheck(),
                new ConfigDriftCheck())) {
            assertThat(Verdicts.of(check, fleet().build()))
                    .as(check.info().id())
                    .isEmpty();
        }
    }

    @Test
    void anInstanceIsDeclaredByKeyOrName() throws InterruptedException {
        var world = fleet().enrolled(
                        instance("1", "Hermes", Life.ALIVE),
                        instance("2", "miner", Life.ALIVE),
                        instance("3", "miner", Life.STOPPED))
                .build();
        assertThat(Verdicts.of(new RogueAgentCheck(), world)).containsExactly("fail miner [miner]", "pass 1");
        assertThat(Verdicts.of(
                        new RogueAgentCheck(),
                        new WorldBuilder()
                                .enrolled(instance("2", "miner", Life.ALIVE))
                                .build()))
                .isEmpty();
    }

    @Test
    void anAgentThatMustEnrollAndNeverDidIsAGhostWhereNothingOfItWasSeen() throws InterruptedException {
        var required = new WorldBuilder()
                .agent(Worlds.agent("hermes").port(8014).enrollRequired())
                .agent("varys", "VARYS", 8020);
        assertThat(Verdicts.of(new GhostAgentCheck(), required.enrolled().build()))
                .containsExactly("fail hermes [hermes]");
        assertThat(Verdicts.of(
                        new GhostAgentCheck(),
                        required.enrolled(instance("1", "hermes", Life.LOST)).build()))
                .containsExactly("pass hermes");
    }

    @Test
    void onlyWhoBeatAndFellSilentWhileSomebodyListenedIsLost() throws InterruptedException {
        var world = fleet().enrolled(
                        instance("1", "hermes", Life.ALIVE),
                        instance("2", "hermes", Life.LOST),
                        instance("3", "hermes", Life.STOPPED),
                        instance("4", "hermes", Life.NEVER_BEAT),
                        instance("5", "hermes", Life.UNHEARD))
                .build();
        assertThat(Verdicts.of(new LostAgentCheck(), world))
                .containsExactly(
                        "fail 2 [hermes]",
                        "pass 1",
                        "unknown 5: nobody listened for heartbeats for long enough to tell who is lost");
    }

    @Test
    void moreInstancesThanThePlacementAllowsAreToldAfterTenMinutes() throws InterruptedException {
        Instance young = new Instance(
                "3",
                "hermes",
                "web-2",
                NOW.minusSeconds(599),
                NOW,
                Duration.ofSeconds(30),
                Life.ALIVE,
                null,
                List.of(),
                Configuration.NONE,
                Proof.NONE,
                "",
                null);
        assertThat(Verdicts.of(
                        new TooManyInstancesCheck(),
                        fleet().enrolled(instance("1", "hermes", Life.ALIVE), young)
                                .build()))
                .containsExactly("pass hermes");
        Instance[] two = {instance("1", "hermes", Life.ALIVE), instance("2", "hermes", Life.ALIVE), young};
        assertThat(Verdicts.of(
                        new TooManyInstancesCheck(), fleet().enrolled(two).build()))
                .containsExactly("fail hermes [hermes]");
        var allowed = new WorldBuilder()
                .agent(Worlds.agent("hermes").port(8014).placement(new Placement(List.of(), Map.of(), 1, 2)));
        assertThat(Verdicts.of(
                        new TooManyInstancesCheck(), allowed.enrolled(two).build()))
                .containsExactly("pass hermes");
        assertThat(Verdicts.of(
                        new TooManyInstancesCheck(),
                        fleet().enrolled(instance("1", "hermes", Life.ALIVE), instance("2", "hermes", Life.LOST))
                                .build()))
                .containsExactly("pass hermes");
    }

    @Test
    void aCopiedKeyIsToldWithBothPlacesForTenMinutes() throws InterruptedException {
        Instance copied = cloned(instance("1", "hermes", Life.ALIVE), NOW.minusSeconds(60));
        var world = fleet().enrolled(copied).build();
        assertThat(Verdicts.of(new IdentityCloneCheck(), world)).containsExactly("fail 1 [hermes]");
        assertThat(Verdicts.failure(new IdentityCloneCheck(), world, "1")
                        .evidence()
                        .toString())
                .contains("host web-1, boot b1", "host web-2, boot b2");
        assertThat(Verdicts.of(
                        new IdentityCloneCheck(),
                        fleet().enrolled(cloned(copied, NOW.minusSeconds(601))).build()))
                .containsExactly("pass 1");
    }

    @Test
    void aWrongProofAndAnImpostorAreFailuresAndSilenceIsUnknown() throws InterruptedException {
        Instance one = instance("1", "hermes", Life.ALIVE);
        assertThat(Verdicts.of(
                        new IdentityProofCheck(),
                        fleet().enrolled(
                                        proof(one, Proof.WRONG, null),
                                        proof(instance("2", "varys", Life.ALIVE), Proof.PROVED, null),
                                        proof(instance("3", "varys", Life.ALIVE), Proof.UNANSWERED, null),
                                        proof(instance("4", "varys", Life.ALIVE), Proof.NONE, "somebody spoke"),
                                        proof(instance("5", "varys", Life.ALIVE), Proof.NONE, null))
                                .build()))
                .containsExactly("fail 1 [hermes]", "fail 4 [varys]", "pass 2", "unknown 3: asked at http://x");
    }

    @Test
    void anAgentHasTimeToApplyAndThenIsToldToDrift() throws InterruptedException {
        Instance one = instance("1", "hermes", Life.ALIVE);
        Instant longAgo = NOW.minusSeconds(121);
        assertThat(drift(running(one, new Configuration(4, "h4", longAgo, 4, "h4", "APPLIED", null))))
                .containsExactly("pass 1");
        assertThat(drift(running(one, new Configuration(4, "h4", longAgo, 3, "h3", "APPLIED", null))))
                .containsExactly("fail 1 [hermes]");
        assertThat(drift(running(one, new Configuration(4, "h4", NOW.minusSeconds(60), 3, "h3", "APPLIED", null))))
                .containsExactly("pass 1");
        assertThat(drift(running(one, new Configuration(4, "h4", longAgo, 4, "other", "APPLIED", null))))
                .containsExactly("fail 1 [hermes]");
        assertThat(drift(running(one, new Configuration(4, "h4", NOW, 3, "h3", "FAILED", "no such rule"))))
                .containsExactly("fail 1 [hermes]");
        assertThat(drift(running(one, new Configuration(4, "h4", longAgo, null, null, null, null))))
                .isEmpty();
        assertThat(drift(running(
                        instance("1", "hermes", Life.LOST), new Configuration(4, "h4", longAgo, 3, "h3", null, null))))
                .isEmpty();
    }

    private static List<String> drift(Instance instance) throws InterruptedException {
        return Verdicts.of(new ConfigDriftCheck(), fleet().enrolled(instance).build());
    }
}
