package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Seen.program;
import static dev.panoptes.integrity.world.Seen.python;
import static dev.panoptes.integrity.world.Worlds.directory;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.LineSketch;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import org.junit.jupiter.api.Test;

class ListenerOwnerCheckTest {
    private static final String HERMES = "/opt/fleet/agents/hermes/main.py";
    private static final String ATLAS = "/opt/fleet/agents/atlas/main.py";
    private static final String FOREIGN =
            "the process shows neither the unit nor the code of the agent, nor those of another";

    private final ListenerOwnerCheck check = new ListenerOwnerCheck();

    private static WorldBuilder fleet() {
        return new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .agent("atlas", "ATLAS", 8015)
                .directory(directory("hermes").program(Worlds.program("main.py").binds(8014)))
                .directory(directory("atlas").program(Worlds.program("main.py").binds(8015)));
    }

    private java.util.List<String> verdicts(WorldBuilder builder, Seen seen) throws InterruptedException {
        return Verdicts.of(check, builder.snapshot(seen.build()).build());
    }

    @Test
    void twoAgentsThatSwappedTheirPortsAreBothAccused() throws InterruptedException {
        var world = fleet().snapshot(Seen.here()
                        .listener(8014, python(ATLAS))
                        .listener(8015, python(HERMES))
                        .build())
                .build();

        assertThat(Verdicts.of(check, world))
                .containsExactly("fail atlas [atlas, hermes]", "fail hermes [hermes, atlas]");
        assertThat(Verdicts.failure(check, world, "hermes").description())
                .isEqualTo("The registry declares hermes on port 8014, but the process that listens there on this host"
                        + " runs /opt/fleet/agents/atlas/main.py, the code of atlas.");
        assertThat(Verdicts.failure(check, world, "hermes").evidence())
                .extracting(evidence -> evidence.source())
                .containsExactly("registry", "socket", "process");
    }

    @Test
    void agentsThatRunTheirOwnCodePass() throws InterruptedException {
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener("::", 8014, python(HERMES))
                                .listener(8015, python("/usr/local/bin/atlas").real(ATLAS))))
                .containsExactly("pass atlas", "pass hermes");
    }

    @Test
    void aLinkIntoTheDirectoryAndACopyOfItsCodeAreTheAgent() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .agent("atlas", "ATLAS", 8015)
                .directory(directory("hermes").program(Worlds.program("main.py")))
                .directory(directory("atlas").file("main.py", 40, "abc", LineSketch.EMPTY));

        assertThat(verdicts(
                        fleet,
                        Seen.here()
                                .listener(8014, python("/usr/local/bin/hermes").real(HERMES))
                                .listener(8015, python("/home/me/copy.py").digest("abc"))))
                .containsExactly("pass atlas", "pass hermes");
    }

    @Test
    void anotherAgentsUnitIsAnotherAgent() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent(Worlds.agent("hermes").port(8014).unit("hermes.service"))
                .agent(Worlds.agent("atlas").port(8015).unit("atlas"));

        assertThat(verdicts(
                        fleet,
                        Seen.here()
                                .listener(8014, program("/usr/local/bin/serve").unit("atlas.service"))
                                .listener(8015, program("/usr/local/bin/serve").unit("atlas.service"))))
                .containsExactly("fail hermes [hermes, atlas]", "pass atlas");
    }

    @Test
    void aSupervisorsChildIsNotTheSupervisor() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .agent(Worlds.agent("conductor").port(8015).unit("conductor.service"));

        assertThat(verdicts(
                        fleet,
                        Seen.here().listener(8014, program("/srv/bin/hermes").unit("conductor.service"))))
                .containsExactly("unknown hermes: nothing declares what should run there: no directory, unit or exe");
    }

    @Test
    void anotherExecutableThanTheDeclaredOneIsAccused() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent(Worlds.agent("a").port(8001).exe("/opt/a/bin/agent"))
                .agent(Worlds.agent("b").port(8002).exe("/opt/b/bin/agent"))
                .agent(Worlds.agent("c").port(8003).exe("/usr/bin/python3"))
                .agent(Worlds.agent("d").port(8004).exe("/srv/d/run.py"));

        assertThat(verdicts(
                        fleet,
                        Seen.here()
                                .listener(8001, program("/tmp/nc"))
                                .listener(8002, program("/opt/b-2.1/bin/agent"))
                                .listener(8003, python("/srv/c.py"))
                                .listener(8004, python("/srv/d/run.py"))))
                .containsExactly(
                        "fail a [a]",
                        "pass c",
                        "pass d",
                        "unknown b: it runs /opt/b-2.1/bin/agent, and the declared /opt/b/bin/agent may or may not be a"
                                + " link to it");
    }

    @Test
    void aForeignScriptIsAccusedWhereTheTreeIsKnownToRun() throws InterruptedException {
        assertThat(verdicts(
                        fleet(), Seen.here().listener(8014, python("/tmp/x.py")).listener(8015, python(ATLAS))))
                .containsExactly("fail hermes [hermes]", "pass atlas");
        // Nothing here runs from the scanned tree: it may be a working copy of what is deployed elsewhere.
        assertThat(verdicts(fleet(), Seen.here().listener(8014, python("/srv/live/hermes/main.py"))))
                .containsExactly("unknown hermes: " + FOREIGN);
        // Installed software may run the agent's code.
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener(8014, python("/usr/lib/node_modules/n8n/bin/n8n"))
                                .listener(8015, python(ATLAS))))
                .containsExactly("pass atlas", "unknown hermes: " + FOREIGN);
        assertThat(verdicts(
                        fleet(), Seen.here().listener(8014, python("/srv/x.js")).listener(8015, python(ATLAS))))
                .as("in whatever language")
                .containsExactly("fail hermes [hermes]", "pass atlas");
    }

    @Test
    void anEnvironmentBelongsToNobody() throws InterruptedException {
        assertThat(verdicts(fleet(), Seen.here().listener(8014, python("/opt/fleet/agents/atlas/.venv/bin/uvicorn"))))
                .containsExactly("unknown hermes: " + FOREIGN);
    }

    @Test
    void twoAgentsThatShareADirectoryAreNotAccused() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent("atlas", "ATLAS", 8015)
                .agent("atlas-infra", "ATLAS-INFRA", 8016)
                .agent("scribe", "SCRIBE", 8017)
                .agent("worker-2", "WORKER", 8018)
                .directory(directory("atlas").program(Worlds.program("main.py").reports("SCRIBE")))
                .directory(directory("atlas-infra").program(Worlds.program("main.py")))
                .directory(directory("scribe").program(Worlds.program("main.py")));

        assertThat(verdicts(
                        fleet,
                        Seen.here()
                                .listener(8016, python("/opt/fleet/agents/atlas/atlas_infra.py"))
                                .listener(8017, python(ATLAS))
                                .listener(8018, python(ATLAS))))
                .containsExactly(
                        "unknown atlas-infra: its code lies in the directory of atlas, where code of atlas-infra seems"
                                + " to lie too",
                        "unknown scribe: its code lies in the directory of atlas, where code of scribe seems to lie"
                                + " too",
                        "unknown worker-2: nothing declares what should run there: no directory, unit or exe");
    }

    @Test
    void codeThatTheAgentsUnitStartsIsTheAgent() throws InterruptedException {
        WorldBuilder fleet = fleet().agent(Worlds.agent("atlas-2").port(8016).unit("atlas-2.service"))
                .unit(Worlds.unit("atlas-2.service").workingDirectory("/opt/fleet/agents/atlas"));

        assertThat(verdicts(fleet, Seen.here().listener(8016, python(ATLAS)))).containsExactly("pass atlas-2");
    }

    @Test
    void anotherAgentsCodeIsAnotherAgentInWhateverUnit() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent(Worlds.agent("hermes").port(8014).unit("hermes.service"))
                .agent("atlas", "ATLAS", 8015)
                .directory(directory("hermes").program(Worlds.program("main.py")))
                .directory(directory("atlas").program(Worlds.program("main.py")));

        assertThat(verdicts(fleet, Seen.here().listener(8014, python(ATLAS).unit("hermes.service"))))
                .containsExactly("fail hermes [hermes, atlas]");
    }

    @Test
    void everyOwnerOfASocketIsJudged() throws InterruptedException {
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener(
                                        8014,
                                        python(HERMES).pid(10),
                                        python(HERMES).pid(11).parent(10),
                                        program("/usr/bin/tail").pid(12).parent(11))))
                .containsExactly("pass hermes");
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener(
                                        8014,
                                        python(HERMES).pid(10),
                                        python(ATLAS).pid(11).parent(10))))
                .containsExactly("fail hermes [hermes, atlas]");
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener(
                                        8014,
                                        python(HERMES).pid(10),
                                        program("/usr/bin/socat").pid(11).parent(1))))
                .containsExactly("unknown hermes: " + FOREIGN);
    }

    @Test
    void whoeverSharesThePortByReuseportIsAStranger() throws InterruptedException {
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener(8014, python(HERMES).pid(1))
                                .listener(8014, python(ATLAS).pid(2))))
                .containsExactly("fail hermes [hermes, atlas]");
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener("10.0.0.5", 8014, python(HERMES).pid(1))
                                .listener("10.0.0.6", 8014, python(ATLAS).pid(2))))
                .containsExactly("pass hermes");
    }

    @Test
    void everyAddressThatAClientMayReachIsJudged() throws InterruptedException {
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener("0.0.0.0", 8014, python(HERMES).pid(1))
                                .listener("127.0.0.1", 8014, python(ATLAS).pid(2))
                                .probe("hermes", 8014, Seen.healthy("HERMES"))))
                .containsExactly("fail hermes [hermes, atlas]");
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener("127.0.0.1", 8014, python(HERMES).pid(1))
                                .listener("::1", 8014, python(ATLAS).pid(2))
                                .probe("hermes", 8014, Seen.healthy("HERMES"))))
                .containsExactly("fail hermes [hermes, atlas]");
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener("127.0.0.1", 8014, python(HERMES).pid(1))
                                .listener(
                                        "::", 8014, program("/usr/bin/python3").pid(2))
                                .probe("hermes", 8014, Seen.healthy("HERMES"))))
                .containsExactly("unknown hermes: which code its interpreter runs cannot be seen");
        WorldBuilder literal = new WorldBuilder()
                .agent(Worlds.agent("hermes").url("http://127.0.0.7:8014"))
                .agent("atlas", "ATLAS", 8015)
                .directory(directory("hermes").program(Worlds.program("main.py").binds(8014)))
                .directory(directory("atlas").program(Worlds.program("main.py").binds(8015)));
        assertThat(verdicts(
                        literal,
                        Seen.here()
                                .listener("127.0.0.7", 8014, python(HERMES).pid(1))
                                .listener("0.0.0.0", 8014, python(ATLAS).pid(2))
                                .probe("hermes", 8014, "127.0.0.7", Seen.healthy("HERMES"))))
                .containsExactly("pass hermes");
    }

    @Test
    void theWorkingDirectoryProvesNothing() throws InterruptedException {
        // started from the agent's directory, by itself and without any other agent running
        assertThat(verdicts(
                        fleet(),
                        Seen.here().listener(8014, python("/home/mallory/v.py").cwd("/opt/fleet/agents/hermes"))))
                .containsExactly("fail hermes [hermes]");
        assertThat(verdicts(
                        fleet(),
                        Seen.here().listener(8014, program("/home/mallory/evil").cwd("/opt/fleet/agents/hermes"))))
                .containsExactly("fail hermes [hermes]");
        assertThat(verdicts(
                        fleet(),
                        Seen.here().listener(8014, program("/usr/bin/nc").cwd("/opt/fleet/agents/hermes"))))
                .containsExactly("unknown hermes: " + FOREIGN);
    }

    @Test
    void theFirstArgumentProvesNothing() throws InterruptedException {
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener(
                                        8014,
                                        program("/home/mallory/evil")
                                                .command(HERMES)
                                                .cwd("/opt/fleet/agents/hermes"))))
                .containsExactly("fail hermes [hermes]");
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener(8014, program("/usr/bin/python3.11").command("hermes: worker [1]"))))
                .containsExactly("unknown hermes: which code its interpreter runs cannot be seen");
    }

    @Test
    void aLinkInTheAgentsDirectoryLeadsElsewhere() throws InterruptedException {
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener(
                                        8014,
                                        python(HERMES)
                                                .real("/home/mallory/v.py")
                                                .cwd("/opt/fleet/agents/hermes"))))
                .containsExactly("fail hermes [hermes]");
    }

    @Test
    void theUnitCountsWhereTheCodeTellsNothing() throws InterruptedException {
        java.util.function.Supplier<WorldBuilder> fleet =
                () -> new WorldBuilder().agent(Worlds.agent("proxy").port(8014).unit("proxy.service"));

        assertThat(verdicts(
                        fleet.get(),
                        Seen.here().listener(8014, program("/usr/sbin/nginx").unit("proxy.service"))))
                .containsExactly("pass proxy");
        assertThat(verdicts(
                        fleet.get(),
                        Seen.here().listener(8014, program("/usr/sbin/nginx").unit("user@1000.service/proxy.service"))))
                .containsExactly(
                        "unknown proxy: the process shows neither the unit nor the code of the agent, nor those"
                                + " of another");
        assertThat(verdicts(
                        fleet.get(),
                        Seen.here()
                                .listener(8014, program("/usr/bin/nc").unit("proxy.service"))
                                .unit(UnitStates.unit("proxy.service")
                                        .starts("/usr/sbin/nginx -g daemon off;")
                                        .build())))
                .containsExactly("unknown proxy: it runs in proxy.service, the unit of the agent, which starts another"
                        + " program than this one");
    }

    @Test
    void whatADropInStartsIsForeign() throws InterruptedException {
        WorldBuilder fleet = fleet().unit(Worlds.unit("hermes.service").workingDirectory("/opt/fleet/agents/hermes"));

        assertThat(verdicts(
                        fleet,
                        Seen.here()
                                .listener(8014, python("/home/mallory/evil.py").unit("hermes.service"))
                                .unit(UnitStates.unit("hermes.service")
                                        .directory("/opt/fleet/agents/hermes")
                                        .starts("/usr/bin/python3 /home/mallory/evil.py")
                                        .build())))
                .containsExactly("fail hermes [hermes]");
    }

    @Test
    void aDirectoryThatNobodyDeclaresIsNamedToo() throws InterruptedException {
        java.util.function.Supplier<WorldBuilder> fleet = () -> fleet().directory(
                        directory("ghost").program(Worlds.program("main.py").reports("GHOST")))
                .directory(directory("common").program(Worlds.program("run.py")));

        assertThat(verdicts(fleet.get(), Seen.here().listener(8014, python("/opt/fleet/agents/ghost/main.py"))))
                .containsExactly("fail hermes [hermes, ghost]");
        assertThat(verdicts(fleet.get(), Seen.here().listener(8014, python("/opt/fleet/agents/common/run.py"))))
                .containsExactly("unknown hermes: its code lies in common, which is no agent's and may be shared by"
                        + " several");
    }

    @Test
    void ownersThatCannotBeToldAreUnknown() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder();
        for (int i = 1; i <= 5; i++) {
            fleet.agent("a" + i, "A" + i, 8000 + i).directory(directory("a" + i).program(Worlds.program("main.py")));
        }

        assertThat(verdicts(
                        fleet,
                        Seen.here()
                                .denied(Source.OWNERS, "owners hidden from uid 1000")
                                .listener(8001)
                                .listener(8002, python(ATLAS).container("0123456789ab"))
                                .listener(8003, program("/usr/bin/docker-proxy"))
                                .listener(
                                        8004,
                                        program("/usr/lib/systemd/systemd").pid(1))
                                .listener(8005, program("/bin/x").apart("it runs in another network namespace"))))
                .containsExactly(
                        "unknown a1: owners hidden from uid 1000",
                        "unknown a2: the process runs in a container that the engine does not list",
                        "unknown a3: a container engine holds the port for a container that the engine does not list",
                        "unknown a4: systemd holds the socket for a service (socket activation)",
                        "unknown a5: it runs in another network namespace");
    }

    @Test
    void theServiceBesideSystemdIsTheOwner() throws InterruptedException {
        assertThat(verdicts(
                        fleet(),
                        Seen.here()
                                .listener(
                                        8014,
                                        program("/usr/lib/systemd/systemd").pid(1),
                                        python(HERMES).pid(7))))
                .containsExactly("pass hermes");
    }

    @Test
    void anAgentThatIsDeclaredOnTheSamePortMayHoldIt() throws InterruptedException {
        WorldBuilder gateway = new WorldBuilder()
                .agent(Worlds.agent("hermes").url("http://gate:8014/hermes"))
                .agent(Worlds.agent("atlas").url("http://gate:8014/atlas"))
                .directory(directory("hermes").program(Worlds.program("main.py")))
                .directory(directory("atlas").program(Worlds.program("main.py")));

        assertThat(verdicts(gateway, Seen.here().listener(8014, python(ATLAS))))
                .containsExactly(
                        "pass atlas",
                        "unknown hermes: several agents are declared on the port, and the process is one of them");
    }

    @Test
    void anAgentIsJudgedOnlyWhereItMustRun() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .host("web-1", "10.0.0.5")
                .host("web-2", "10.0.0.6")
                .agent(Worlds.agent("hermes")
                        .port(8014)
                        .placement(new dev.panoptes.core.registry.Placement(
                                java.util.List.of("web-1", "web-2"), java.util.Map.of(), 1, 2)))
                .agent(Worlds.agent("atlas").port(8015))
                .directory(directory("hermes").program(Worlds.program("main.py")))
                .directory(directory("atlas").program(Worlds.program("main.py")))
                .snapshot(Seen.on("web-1").listener(8014, python(HERMES)).build())
                .snapshot(Seen.on("web-2").listener(8014, python(ATLAS)).build())
                .snapshot(Seen.here().build());

        assertThat(Verdicts.of(check, fleet.build()))
                .containsExactly("pass hermes", "unknown hermes: the agent need not run on host web-2");
    }
}
