package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Seen.healthy;
import static dev.panoptes.integrity.world.Seen.python;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.Placement;
import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PortNotListeningCheckTest {
    private final PortNotListeningCheck check = new PortNotListeningCheck();

    @Test
    void aPortWithoutListenerIsAccusedAndOneWithIsNot() throws InterruptedException {
        var world = new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .agent("varys", "VARYS", 8015)
                .snapshot(Seen.here()
                        .listener(8014, python("/opt/fleet/agents/hermes/main.py"))
                        .probe("varys", 8015, new ProbeAnswer.Refused())
                        .build())
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("fail 8015 [varys]", "pass 8014");
        assertThat(Verdicts.failure(check, world, "8015").evidence())
                .extracting(evidence -> evidence.source() + " " + evidence.line())
                .containsExactly("registry 14", "socket 0", "health 0");
    }

    @Test
    void aPortOfSeveralAgentsIsLeftToPortConflict() throws InterruptedException {
        var world = new WorldBuilder()
                .agent("varys", "VARYS", 8020)
                .agent("cerberus", "CERBERUS", 8020)
                .snapshot(Seen.here().build())
                .build();

        assertThat(Verdicts.of(check, world)).isEmpty();
    }

    @Test
    void onePortOnTwoHostsIsTwoPorts() throws InterruptedException {
        var world = new WorldBuilder()
                .host("web-1", "10.0.0.5")
                .host("web-2", "10.0.0.6")
                .agent(Worlds.agent("one").url("http://10.0.0.5:8014"))
                .agent(Worlds.agent("two").url("http://10.0.0.6:8014"))
                .snapshot(Seen.on("web-1").listener(8014, python("/srv/one.py")).build())
                .snapshot(Seen.on("web-2").build())
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("fail 8014@web-2 [two]", "pass 8014");
    }

    @Test
    void whatCouldNotBeSeenIsUnknown() throws InterruptedException {
        var world = new WorldBuilder()
                .host("web-1", "10.0.0.5")
                .host("web-2", "10.0.0.6")
                .agent("hermes", "HERMES", 8014)
                .agent(Worlds.agent("one").url("http://10.0.0.5:8015"))
                .agent(Worlds.agent("two").url("http://10.0.0.6:8016"))
                .snapshot(Seen.here()
                        .denied(Source.SOCKETS, "the socket table could not be read: denied")
                        .build())
                .snapshot(Seen.on("web-1").taken(Duration.ofMinutes(4)).build())
                .build();

        assertThat(Verdicts.of(check, world))
                .containsExactly(
                        "unknown 8014: the socket table could not be read: denied",
                        "unknown 8015: the snapshot of host web-1 is stale",
                        "unknown 8016: no snapshot of host web-2 was given");
    }

    @Test
    void aForwardedPortNeedsNoSocket() throws InterruptedException {
        var world = new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .snapshot(Seen.here().probe("hermes", 8014, healthy("HERMES")).build())
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("pass 8014");
    }

    @Test
    void aPlacementOnSeveralHostsNeedsItsReplicasOnly() throws InterruptedException {
        Placement two = new Placement(List.of("web-1", "web-2", "web-3"), Map.of(), 2, 3);
        WorldBuilder fleet = new WorldBuilder()
                .host("web-1", "10.0.0.5")
                .host("web-2", "10.0.0.6")
                .host("web-3", "10.0.0.7")
                .agent(Worlds.agent("hermes").port(8014).placement(two))
                .snapshot(Seen.on("web-1")
                        .listener(8014, python("/srv/hermes.py"))
                        .build());

        assertThat(Verdicts.of(check, fleet.build()))
                .containsExactly("unknown 8014: no snapshot of host web-3 was given");
        fleet.snapshot(Seen.on("web-3").build());
        assertThat(Verdicts.of(check, fleet.build()))
                .containsExactly("unknown 8014: no snapshot of host web-2 was given");
        assertThat(Verdicts.of(check, fleet.snapshot(Seen.on("web-2").build()).build()))
                .containsExactly("fail 8014@web-2 [hermes]");
        WorldBuilder enough = new WorldBuilder()
                .host("web-1", "10.0.0.5")
                .host("web-2", "10.0.0.6")
                .host("web-3", "10.0.0.7")
                .agent(Worlds.agent("hermes").port(8014).placement(two))
                .snapshot(Seen.on("web-1")
                        .listener(8014, python("/srv/hermes.py"))
                        .build())
                .snapshot(Seen.on("web-2")
                        .listener(8014, python("/srv/hermes.py"))
                        .build());
        assertThat(Verdicts.of(check, enough.build())).containsExactly("pass 8014");
    }

    @Test
    void anOfflineScanSaysNothing() throws InterruptedException {
        assertThat(Verdicts.of(
                        check,
                        new WorldBuilder().agent("hermes", "HERMES", 8014).build()))
                .isEmpty();
    }

    @Test
    void twoLoopbackAddressesAreTwoSockets() throws InterruptedException {
        var world = new WorldBuilder()
                .agent(Worlds.agent("one").url("http://127.0.0.1:8014"))
                .agent(Worlds.agent("two").url("http://127.0.0.2:8014"))
                .snapshot(Seen.here()
                        .listener("127.0.0.1", 8014, python("/srv/one.py"))
                        .build())
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("fail 8014 [two]", "pass 8014");
    }
}
