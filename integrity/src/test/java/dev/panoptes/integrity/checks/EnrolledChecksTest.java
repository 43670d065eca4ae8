package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.Placement;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.observed.IdentityProof;
import dev.panoptes.integrity.world.Enrolled.Configuration;
import dev.panoptes.integrity.world.Enrolled.Instance;
import dev.panoptes.integrity.world.Enrolled.Life;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
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
                null,
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
                of.publicKey(),
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
                of.publicKey(),
                of.impostor());
    }

    private static Instance keyed(Instance of, String publicKey, String impostor) {
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
                publicKey,
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
                null,
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

    /** A key, and what it signs. */
    private record Signer(KeyPair pair) {
        static Signer make() {
            try {
                return new Signer(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        String publicKey() {
            byte[] der = pair.getPublic().getEncoded();
            return "ed25519:"
                    + Base64.getEncoder().encodeToString(Arrays.copyOfRange(der, der.length - 32, der.length));
        }

        IdentityProof proof(String nonce, String instance, String signedFor) {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(pair.getPrivate());
                signature.update(("panoptes-identity-proof-1\n" + nonce + "\n" + signedFor + "\n")
                        .getBytes(StandardCharsets.UTF_8));
                return new IdentityProof(nonce, instance, Base64.getEncoder().encodeToString(signature.sign()));
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static final Signer KEY = Signer.make();
    private static final Signer OTHER = Signer.make();

    /** What is said of one instance of hermes whose endpoint answers so. */
    private static List<String> proofs(IdentityProof proof, Instance... more) throws InterruptedException {
        List<Instance> all =
                new ArrayList<>(List.of(keyed(instance("instance-1", "hermes", Life.ALIVE), KEY.publicKey(), null)));
        all.addAll(List.of(more));
        return Verdicts.of(
                new IdentityProofCheck(),
                fleet().snapshot(Seen.here()
                                .probe("hermes", 8014, Seen.healthy("HERMES"), proof)
                                .build())
                        .enrolled(all.toArray(Instance[]::new))
                        .build());
    }

    @Test
    void onlyTheKeyThatItEnrolledWithProvesAnInstance() throws InterruptedException {
        assertThat(proofs(KEY.proof("n1", "instance-1", "instance-1"))).containsExactly("pass instance-1");
        assertThat(proofs(OTHER.proof("n1", "instance-1", "instance-1"))).containsExactly("fail instance-1 [hermes]");
        assertThat(proofs(KEY.proof("n1", "instance-1", "instance-2")))
                .as("signed for another instance")
                .containsExactly("fail instance-1 [hermes]");
        IdentityProof signed = KEY.proof("n1", "instance-1", "instance-1");
        assertThat(proofs(new IdentityProof("n2", signed.instance(), signed.signature())))
                .as("an answer that was seen before")
                .containsExactly("fail instance-1 [hermes]");
        assertThat(proofs(OTHER.proof("n1", "instance-9", "instance-9")))
                .as("nobody that is enrolled")
                .containsExactly("fail instance-1 [hermes]");
    }

    @Test
    void nothingSignedIsUnknownAndSoIsAnotherInstanceOfTheAgent() throws InterruptedException {
        assertThat(proofs(null))
                .containsExactly("unknown instance-1: http://hermes:8014/health answers without a signature");
        assertThat(proofs(
                        OTHER.proof("n1", "instance-2", "instance-2"),
                        keyed(instance("instance-2", "HERMES", Life.ALIVE), OTHER.publicKey(), null)))
                .containsExactly(
                        "pass instance-2",
                        "unknown instance-1: http://hermes:8014/health was answered by the instance instance-2");
        assertThat(proofs(
                        OTHER.proof("n1", "instance-2", "instance-2"),
                        keyed(instance("instance-2", "varys", Life.ALIVE), OTHER.publicKey(), null)))
                .as("another agent answers in its place")
                .containsExactly("fail instance-1 [hermes]");
    }

    @Test
    void withoutAKeyOrAliveLifeNothingIsAskedAndAnImpostorIsToldAnyway() throws InterruptedException {
        IdentityProof wrong = OTHER.proof("n1", "instance-1", "instance-1");
        for (Instance each : List.of(
                instance("instance-1", "hermes", Life.ALIVE),
                keyed(instance("instance-1", "hermes", Life.STOPPED), KEY.publicKey(), null),
                keyed(instance("instance-1", "hermes", Life.LOST), KEY.publicKey(), null),
                keyed(instance("instance-1", "miner", Life.ALIVE), KEY.publicKey(), null))) {
            assertThat(Verdicts.of(
                            new IdentityProofCheck(),
                            fleet().snapshot(Seen.here()
                                            .probe("hermes", 8014, Seen.healthy("HERMES"), wrong)
                                            .build())
                                    .enrolled(each)
                                    .build()))
                    .as(each.toString())
                    .isEmpty();
        }
        assertThat(Verdicts.of(
                        new IdentityProofCheck(),
                        fleet().enrolled(keyed(instance("instance-1", "varys", Life.ALIVE), null, "somebody spoke"))
                                .build()))
                .containsExactly("fail instance-1 [varys]");
    }

    @Test
    void verifiedIsOnlyAProofTogetherWithTheOwnerOfTheSocket() throws InterruptedException {
        IdentityProof right = KEY.proof("n1", "instance-1", "instance-1");
        Instance one = keyed(instance("instance-1", "hermes", Life.ALIVE), KEY.publicKey(), null);
        Worlds.Agent hermes = Worlds.agent("hermes").port(8014).exe("/opt/hermes/hermes");
        Seen own = Seen.here()
                .listener(8014, Seen.program("/opt/hermes/hermes"))
                .probe("hermes", 8014, Seen.healthy("HERMES"), right);
        Seen relay = Seen.here()
                .listener(8014, Seen.program("/opt/relay/relay"))
                .probe("hermes", 8014, Seen.healthy("HERMES"), right);
        Seen hidden = Seen.here().listener(8014).probe("hermes", 8014, Seen.healthy("HERMES"), right);
        assertThat(verified(hermes, one, own)).isTrue();
        assertThat(verified(hermes, one, relay))
                .as("a relay forwards the nonce")
                .isFalse();
        assertThat(verified(hermes, one, hidden))
                .as("nobody knows whose socket it is")
                .isFalse();
    }

    private static boolean verified(Worlds.Agent agent, Instance instance, Seen seen) {
        List<IdentityProofs.Proved> proofs = IdentityProofs.of(new WorldBuilder()
                .agent(agent)
                .snapshot(seen.build())
                .enrolled(instance)
                .build());
        assertThat(proofs).hasSize(1);
        assertThat(proofs.getFirst().outcome()).isEqualTo(IdentityProofs.Outcome.PROVED);
        return proofs.getFirst().verified();
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
