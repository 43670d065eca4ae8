package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Seen.faulty;
import static dev.panoptes.integrity.world.Seen.healthy;
import static dev.panoptes.integrity.world.Seen.python;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.Placement;
import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The four checks over health answers see the same answers, so they share their cases. */
class ProbeChecksTest {
    private final IdentityMismatchCheck identity = new IdentityMismatchCheck();
    private final PortMismatchCheck port = new PortMismatchCheck();
    private final HealthCheckErrorCheck health = new HealthCheckErrorCheck();
    private final VersionMismatchCheck version = new VersionMismatchCheck();
    private final AgentUnresponsiveCheck unresponsive = new AgentUnresponsiveCheck();

    /** One agent HERMES, version 2.1, on 8014, where this answer comes from. */
    private static World answering(ProbeAnswer answer) {
        return new WorldBuilder()
                .agent(Worlds.agent("hermes").name("HERMES").port(8014).version("2.1"))
                .snapshot(Seen.here()
                        .listener(8014, python("/srv/hermes.py"))
                        .probe("hermes", 8014, answer)
                        .build())
                .build();
    }

    @Test
    void theDeclaredAgentPassesWhateverTheCase() throws InterruptedException {
        World world = answering(healthy("Her mes", 8014, "2.1.0"));

        assertThat(Verdicts.of(identity, world)).containsExactly("pass hermes");
        assertThat(Verdicts.of(port, world)).containsExactly("pass hermes");
        assertThat(Verdicts.of(health, world)).containsExactly("pass hermes");
        assertThat(Verdicts.of(version, world)).containsExactly("pass hermes");
    }

    @Test
    void anotherNamePortAndVersionAreAccusedEachByItself() throws InterruptedException {
        World world = answering(healthy("VARYS", 8015, "2.2"));

        assertThat(Verdicts.of(identity, world)).containsExactly("fail hermes [hermes]");
        assertThat(Verdicts.of(port, world)).containsExactly("fail hermes [hermes]");
        assertThat(Verdicts.of(health, world)).containsExactly("pass hermes");
        assertThat(Verdicts.of(version, world)).containsExactly("fail hermes [hermes]");
    }

    @Test
    void whatNeverAnswersIsUnresponsiveAndWhatAnswersWronglyIsNot() throws InterruptedException {
        World silent = answering(new ProbeAnswer.Faulty(null, "does not answer within 5 s", true, 5_000));

        assertThat(Verdicts.of(unresponsive, silent)).containsExactly("fail hermes [hermes]");
        assertThat(Verdicts.of(health, silent)).isEmpty();
        assertThat(Verdicts.of(identity, silent))
                .containsExactly("unknown hermes: the health endpoint does not answer within 5 s");
        assertThat(Verdicts.failure(unresponsive, silent, "hermes").title())
                .isEqualTo("hermes does not answer within 5 s");
        assertThat(Verdicts.of(unresponsive, answering(faulty("answers with status 500"))))
                .containsExactly("pass hermes");
        assertThat(Verdicts.of(unresponsive, answering(healthy("HERMES")))).containsExactly("pass hermes");
        assertThat(Verdicts.of(unresponsive, answering(new ProbeAnswer.NotAsked("why not"))))
                .containsExactly("unknown hermes: why not");
        assertThat(Verdicts.of(
                        unresponsive,
                        new WorldBuilder().agent("hermes", "HERMES", 8014).build()))
                .isEmpty();
    }

    @Test
    void adviceForAWrongSchemeIsToCorrectIt() throws InterruptedException {
        World tls = answering(
                new ProbeAnswer.Faulty(null, "speaks TLS, not HTTP: its URL should begin with https://", true, 5));

        assertThat(Verdicts.failure(unresponsive, tls, "hermes").recommendation())
                .isEqualTo("Correct connection.url of hermes in the registry");
    }

    @Test
    void anEndpointThatOnlyAnswersMayBeDeclaredSo() throws InterruptedException {
        for (ProbeAnswer answer : List.of(
                new ProbeAnswer.Faulty(204, "answers with an empty body", true, 5), healthy("VARYS", 9999, "7"))) {
            World world = new WorldBuilder()
                    .agent(Worlds.agent("hermes").port(8014).version("2.1").statusOnly())
                    .snapshot(Seen.here()
                            .listener(8014, python("/srv/hermes.py"))
                            .probe("hermes", 8014, answer)
                            .build())
                    .build();
            assertThat(Verdicts.of(health, world)).containsExactly("pass hermes");
            assertThat(Verdicts.of(identity, world)).isEmpty();
            assertThat(Verdicts.of(port, world)).isEmpty();
            assertThat(Verdicts.of(version, world)).isEmpty();
        }
    }

    @Test
    void theAgentThatIsNamedIsAffectedToo() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .agent("varys", "VARYS", 8015)
                .snapshot(Seen.here()
                        .listener(8014, python("/srv/x.py"))
                        .probe("hermes", 8014, healthy("varys"))
                        .build())
                .build();

        assertThat(Verdicts.of(identity, world))
                .containsExactly("fail hermes [hermes, varys]", "unknown varys: the health endpoint was not asked");
    }

    @Test
    void whatIsNotReportedIsNotJudged() throws InterruptedException {
        World world = answering(healthy(null));

        assertThat(Verdicts.of(identity, world)).containsExactly("unknown hermes: the health answer names no agent");
        assertThat(Verdicts.of(port, world)).isEmpty();
        assertThat(Verdicts.of(version, world)).isEmpty();
    }

    @Test
    void aFailingEndpointIsAccusedOnce() throws InterruptedException {
        World world = answering(faulty("answers with status 500"));

        assertThat(Verdicts.of(health, world)).containsExactly("fail hermes [hermes]");
        assertThat(Verdicts.failure(health, world, "hermes").title())
                .isEqualTo("The health endpoint of hermes answers with status 500");
        assertThat(Verdicts.of(identity, world))
                .containsExactly("unknown hermes: the health endpoint answers with status 500");
        assertThat(Verdicts.of(port, world)).isEmpty();
    }

    @Test
    void anAgentThatDoesNotListenIsLeftToPortNotListening() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .agent("atlas", "ATLAS", 8015)
                .snapshot(Seen.here()
                        .probe("hermes", 8014, new ProbeAnswer.Refused())
                        .probe(
                                "atlas",
                                8015,
                                new ProbeAnswer.Faulty(null, "does not accept the connection within 5 s", false, 5000))
                        .build())
                .build();

        assertThat(Verdicts.of(health, world)).isEmpty();
        assertThat(Verdicts.of(identity, world)).isEmpty();
    }

    @Test
    void aRefusalOnAnotherAddressIsNoFault() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .snapshot(Seen.here()
                        .listener("10.0.0.5", 8014, python("/srv/hermes.py"))
                        .probe("hermes", 8014, new ProbeAnswer.Refused())
                        .build())
                .build();

        assertThat(Verdicts.of(health, world))
                .containsExactly("unknown hermes: it listens on another address than the one that was asked");
    }

    @Test
    void aFullBacklogIsAFailingEndpoint() throws InterruptedException {
        assertThat(Verdicts.of(
                        unresponsive,
                        answering(new ProbeAnswer.Faulty(
                                null, "does not accept the connection within 5 s", false, 5000))))
                .containsExactly("fail hermes [hermes]");
    }

    @Test
    void whatWasNotAskedIsUnknown() throws InterruptedException {
        World world = answering(
                new ProbeAnswer.NotAsked("hermes.example.com resolves to 169.254.169.254, which is link-local"));

        assertThat(Verdicts.of(unresponsive, world))
                .allMatch(line -> line.startsWith("unknown hermes: hermes.example.com"));
        assertThat(Verdicts.of(identity, world))
                .allMatch(line -> line.startsWith("unknown hermes: hermes.example.com"));
        assertThat(Verdicts.of(port, world)).allMatch(line -> line.startsWith("unknown hermes: hermes.example.com"));
        assertThat(Verdicts.of(version, world)).allMatch(line -> line.startsWith("unknown hermes: hermes.example.com"));
    }

    @Test
    void aHostWithoutProbesOrSnapshotIsUnknown() throws InterruptedException {
        World world = new WorldBuilder()
                .host("web-1", "10.0.0.5")
                .host("web-2", "10.0.0.6")
                .agent("hermes", "HERMES", 8014)
                .agent(Worlds.agent("one").url("http://10.0.0.5:8015"))
                .agent(Worlds.agent("two").url("http://10.0.0.6:8016"))
                .agent(Worlds.agent("cache").url("redis://cache:6379"))
                .snapshot(Seen.here()
                        .listener(8014, python("/srv/hermes.py"))
                        .absent(Source.PROBES, "no health endpoint was asked")
                        .build())
                .snapshot(Seen.on("web-1")
                        .taken(Duration.ofHours(1))
                        .probe("one", 8015, healthy("one"))
                        .build())
                .build();

        assertThat(Verdicts.of(identity, world))
                .containsExactly(
                        "unknown hermes: no health endpoint was asked",
                        "unknown one: the snapshot of host web-1 is stale",
                        "unknown two: no snapshot of host web-2 was given");
    }

    @Test
    void aRemoteAgentMayBeAskedFromHere() throws InterruptedException {
        World world = new WorldBuilder()
                .agent(Worlds.agent("far").url("http://10.0.0.9:8014"))
                .snapshot(Seen.here()
                        .probe("far", 8014, "10.0.0.9", healthy("near"))
                        .build())
                .build();

        assertThat(Verdicts.of(identity, world)).containsExactly("fail far@10.0.0.9 [far]");
    }

    @Test
    void aContainersOwnPortIsNoMismatch() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .agent(Worlds.agent("gate").url("https://gate.example"))
                .snapshot(Seen.here()
                        .listener(8014, Seen.program("/usr/bin/docker-proxy"))
                        .listener(443, Seen.program("/usr/sbin/nginx"))
                        .probe("hermes", 8014, healthy("HERMES", 8000, null))
                        .probe("gate", 443, healthy("gate", 8300, null))
                        .build())
                .build();

        assertThat(Verdicts.of(port, world))
                .containsExactly(
                        "unknown gate: its URL writes no port, so a proxy may answer for it",
                        "unknown hermes: it runs in a container or namespace, which has ports of its own");
    }

    @ParameterizedTest
    @CsvSource({
        "2.1, 2.1.0, true",
        "2.1.0, 2.1, true",
        "v2.1, 2.1.0+build7, true",
        "2.1, 2.1.7, true",
        "2.1.0, 2.1.7, false",
        "2.1, 2.10, false",
        "2.1, 3.1, false",
        "2.1.0, 2.1.0-rc1, false",
        "2.1.0-rc1, 2.1.0-RC1, true",
        "2024-01-05, 2024-01-06, false",
        "1.0, a1b2c3, false"
    })
    void versionsAreComparedAsVersions(String declared, String reported, boolean same) {
        assertThat(VersionText.covers(declared, reported)).isEqualTo(same);
    }

    @Test
    void everyCopyOnAnObservedHostIsJudgedByItself() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .host("web-1", "10.0.0.5")
                .host("web-2", "10.0.0.6")
                .agent(Worlds.agent("hermes")
                        .name("HERMES")
                        .url("http://localhost:8014")
                        .placement(new Placement(List.of("web-1", "web-2"), Map.of(), 2, 2)))
                .snapshot(Seen.on("web-1")
                        .listener(8014, python("/srv/hermes.py"))
                        .probe("hermes", 8014, healthy("HERMES"))
                        .build());

        assertThat(Verdicts.of(identity, fleet.build()))
                .containsExactly("pass hermes", "unknown hermes: no snapshot of host web-2 was given");
        fleet.snapshot(Seen.on("web-2")
                .listener(8014, python("/srv/varys.py"))
                .probe("hermes", 8014, healthy("VARYS"))
                .build());
        assertThat(Verdicts.of(identity, fleet.build())).containsExactly("fail hermes@web-2 [hermes]", "pass hermes");
    }

    @Test
    void aCopyThatNobodyAskedIsNotJudgedByTheAnswerOfAnother() throws InterruptedException {
        World world = new WorldBuilder()
                .host("web-1", "10.0.0.5")
                .host("web-2", "10.0.0.6")
                .agent(Worlds.agent("hermes")
                        .name("HERMES")
                        .url("http://localhost:8014")
                        .placement(new Placement(List.of("web-1", "web-2"), Map.of(), 1, 2)))
                .snapshot(Seen.on("web-1")
                        .listener(8014, python("/srv/hermes.py"))
                        .probe("hermes", 8014, healthy("HERMES"))
                        .build())
                .snapshot(Seen.on("web-2").listener(8014, python("/srv/x.py")).build())
                .build();

        assertThat(Verdicts.of(identity, world))
                .containsExactly("pass hermes", "unknown hermes: the health endpoint was not asked");
    }

    @Test
    void aWordIsNoVersion() throws InterruptedException {
        assertThat(Verdicts.of(version, answering(healthy("HERMES", null, "unknown"))))
                .isEmpty();
    }

    /** What compose publishes of the agent that is declared on 8014 and reports 8000. */
    @ParameterizedTest
    @CsvSource({"8014, 8000, pass hermes", "8014, 8001, fail hermes [hermes]", "8015, 8000, fail hermes [hermes]"})
    void aPortThatComposeLeadsToTheReportedOneIsRight(int host, int container, String verdict)
            throws InterruptedException {
        World world = new WorldBuilder()
                .agent(Worlds.agent("hermes").name("HERMES").port(8014))
                .compose(Worlds.compose(
                        "compose.yaml",
                        Worlds.service("hermes").image("fleet/hermes").publishes(host, container)))
                .snapshot(Seen.here()
                        .listener(8014, python("/srv/hermes.py"))
                        .probe("hermes", 8014, healthy("HERMES", 8000, null))
                        .build())
                .build();
        assertThat(Verdicts.of(port, world)).containsExactly(verdict);
    }
}
