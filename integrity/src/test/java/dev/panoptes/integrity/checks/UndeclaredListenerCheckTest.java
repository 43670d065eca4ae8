package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Seen.program;
import static dev.panoptes.integrity.world.Seen.python;
import static dev.panoptes.integrity.world.Worlds.directory;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.Placement;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UndeclaredListenerCheckTest {
    private static final String HERMES = "/opt/fleet/agents/hermes/main.py";

    private final UndeclaredListenerCheck check = new UndeclaredListenerCheck();

    private static WorldBuilder fleet() {
        return new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .agent("atlas", "ATLAS", 8300)
                .directory(directory("hermes").program(Worlds.program("main.py")))
                .directory(directory("atlas").program(Worlds.program("main.py")))
                .directory(directory("eros").program(Worlds.program("main.py").binds(8200)));
    }

    private List<String> verdicts(WorldBuilder builder, Seen seen) throws InterruptedException {
        return Verdicts.of(check, builder.snapshot(seen.build()).build());
    }

    @Test
    void aListenerAmongTheDeclaredPortsIsAccused() throws InterruptedException {
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener(8014, python(HERMES))
                                .listener(8100, python("/home/me/x.py"))
                                .listener(8200, python("/opt/fleet/agents/eros/main.py"))))
                .containsExactly("fail 8100 [8100]", "fail 8200 [eros]", "pass 8014");
    }

    @Test
    void theServerThatScansIsNoStranger() throws InterruptedException {
        Seen seen = Seen.here().listener(8014, python(HERMES)).listener(8022, program("/opt/panoptes/java"));
        long pid = seen.build().listeners().stream()
                .filter(each -> each.port() == 8022)
                .findFirst()
                .orElseThrow()
                .owners()
                .getFirst()
                .pid();
        assertThat(verdicts(fleet(), seen)).containsExactly("fail 8022 [8022]", "pass 8014");
        assertThat(verdicts(fleet().server(pid), seen)).containsExactly("pass 8014");
        assertThat(verdicts(fleet().server(pid + 1_000), seen)).containsExactly("fail 8022 [8022]", "pass 8014");
    }

    @Test
    void systemServicesOutsideTheRangeAreNot() throws InterruptedException {
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener(22, program("/usr/sbin/sshd"))
                                .listener(5432, program("/usr/lib/postgresql/15/bin/postgres"))
                                .listener(40_123, program("/usr/bin/node"))))
                .isEmpty();
    }

    @Test
    void aFrontDoorBelow1024AndAPortByChanceDoNotWidenTheRange() throws InterruptedException {
        WorldBuilder fleet = fleet().agent("gate", "GATE", 443).agent("odd", "ODD", 45_000);

        assertThat(verdicts(
                        fleet,
                        Seen.here()
                                .listener(631, program("/usr/sbin/cupsd"))
                                .listener(5432, program("/usr/lib/postgresql/15/bin/postgres"))
                                .listener(38_001, program("/usr/bin/code"))))
                .isEmpty();
    }

    @Test
    void anAgentsCodeOnAnyOtherPortIsAccused() throws InterruptedException {
        assertThat(verdicts(
                        fleet(),
                        Seen.here().listener(9464, python(HERMES)).listener("127.0.0.1", 41_234, python(HERMES))))
                .containsExactly("fail 9464 [hermes]");
    }

    @Test
    void aFurtherCopyOfAnAgentThatMayRunTwiceIsNot() throws InterruptedException {
        WorldBuilder two = new WorldBuilder()
                .agent(Worlds.agent("hermes").port(8014).placement(new Placement(List.of(), Map.of(), 1, 2)))
                .agent("atlas", "ATLAS", 8300)
                .directory(directory("hermes").program(Worlds.program("main.py")));

        assertThat(verdicts(
                        two,
                        Seen.here()
                                .listener(8014, python(HERMES).pid(1))
                                .listener(8015, python(HERMES).pid(2))))
                .containsExactly("pass 8014");
    }

    @Test
    void aThirdCopyOfTwoIsAccused() throws InterruptedException {
        WorldBuilder two = new WorldBuilder()
                .agent(Worlds.agent("hermes").port(8014).placement(new Placement(List.of(), Map.of(), 1, 2)))
                .directory(directory("hermes").program(Worlds.program("main.py")));

        assertThat(verdicts(
                        two,
                        Seen.here()
                                .listener(8014, python(HERMES).pid(1))
                                .listener(8015, python(HERMES).pid(2))
                                .listener(8016, python(HERMES).pid(3))))
                .containsExactly("fail 8015 [hermes]", "fail 8016 [hermes]", "pass 8014");
    }

    @Test
    void whatCouldNotBeSeenIsUnknown() throws InterruptedException {
        assertThat(verdicts(fleet(), Seen.here().denied(Source.SOCKETS, "no socket table")))
                .containsExactly("unknown local: no socket table");
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .denied(Source.OWNERS, "owners hidden from uid 1000")
                                .listener(8100)
                                .listener(9464)))
                .containsExactly("fail 8100 [8100]", "unknown local: owners hidden from uid 1000");
    }

    @Test
    void aRegistryThatCannotBeReadAccusesNothing() throws InterruptedException {
        assertThat(verdicts(fleet().brokenRegistry(), Seen.here().listener(8100, python(HERMES))))
                .isEmpty();
    }

    @Test
    void theRangeIsOfTheHostsOwnPortsFrom1024ToWhereThoseByChanceBegin() throws InterruptedException {
        assertThat(verdicts(
                        new WorldBuilder().agent("low", "LOW", 1024).agent("high", "HIGH", 32_767),
                        Seen.here()
                                .listener(1025, program("/srv/x"))
                                .listener(32_766, program("/srv/x"))
                                .listener(32_768, program("/srv/x"))))
                .containsExactly("fail 1025 [1025]", "fail 32766 [32766]");
        assertThat(verdicts(
                        new WorldBuilder()
                                .agent("under", "UNDER", 1023)
                                .agent("one", "ONE", 8014)
                                .agent("two", "TWO", 8020)
                                .agent("over", "OVER", 32_768),
                        Seen.here()
                                .listener(1025, program("/srv/x"))
                                .listener(8013, program("/srv/x"))
                                .listener(8015, program("/srv/x"))
                                .listener(8021, program("/srv/x"))))
                .containsExactly("fail 8015 [8015]");
        assertThat(verdicts(
                        fleet().host("web-1", "10.0.0.5")
                                .agent(Worlds.agent("away").port(9000).host("web-1")),
                        Seen.here().listener(8500, program("/srv/x"))))
                .as("a port of another host")
                .isEmpty();
    }

    @Test
    void copiesAreCountedByTheirOwnPortsAlone() throws InterruptedException {
        WorldBuilder two = new WorldBuilder()
                .agent(Worlds.agent("hermes").port(8014).placement(new Placement(List.of(), Map.of(), 1, 2)))
                .agent("atlas", "ATLAS", 8300)
                .directory(directory("hermes").program(Worlds.program("main.py")));

        assertThat(verdicts(
                        two,
                        Seen.here()
                                .listener(22, program("/usr/sbin/sshd"))
                                .listener(8014, python(HERMES).pid(1))
                                .listener(8015, python(HERMES).pid(2))
                                .listener(8300, program("/usr/bin/atlas"))))
                .containsExactly("pass 8014", "pass 8300");
    }

    @Test
    void whoseCodeItIsIsNamedByTheAgentElseByTheDirectory() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent(Worlds.agent("messages").port(8014).path("/srv/post"))
                .directory(directory("eros").program(Worlds.program("main.py")));

        assertThat(verdicts(
                        fleet,
                        Seen.here()
                                .listener(9464, python("/srv/post/main.py"))
                                .listener(9465, python("/opt/fleet/agents/eros/main.py"))))
                .containsExactly("fail 9464 [messages]", "fail 9465 [eros]");
    }
}
