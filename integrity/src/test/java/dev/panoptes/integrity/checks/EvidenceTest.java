package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Seen.program;
import static dev.panoptes.integrity.world.Seen.python;
import static dev.panoptes.integrity.world.Worlds.directory;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.Protocol;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Evidence is what an accused owner reads: every part of it, and none that is not there. */
class EvidenceTest {
    private static Listener first(Seen seen) {
        return seen.build().listeners().getFirst();
    }

    private static List<String> texts(List<Evidence> evidence) {
        return evidence.stream().map(Evidence::text).toList();
    }

    @Test
    void anAddressIsWrittenAsAClientWouldWriteIt() {
        assertThat(Sockets.place(first(Seen.here().listener("127.0.0.1", 8014))))
                .isEqualTo("127.0.0.1:8014");
        assertThat(Sockets.place(first(Seen.here().listener("::1", 8014)))).isEqualTo("[::1]:8014");
        assertThat(Sockets.place(first(Seen.here().listener(":", 8014)))).isEqualTo("[:]:8014");
        assertThat(Sockets.place(first(Seen.here().listener("::", 8014)))).isEqualTo("[::]:8014 (and IPv4)");
    }

    @Test
    void aSocketNamesItsHoldersOrWhyTheyAreNotKnown() {
        assertThat(texts(Sockets.evidence(Seen.here()
                        .listener(8014, program("/a").pid(7), program("/b").pid(9))
                        .listener(8015)
                        .build()
                        .listeners())))
                .containsExactly(
                        "0.0.0.0:8014 held by pid 7 and pid 9",
                        "0.0.0.0:8015 held by an unknown process: owners hidden from uid 1000");
    }

    @Test
    void aProcessShowsAllThatIsKnownOfIt() {
        Owner all = new Owner(
                4,
                77,
                1,
                33,
                "/usr/bin/python3",
                true,
                "/srv",
                List.of("python3", "a.py"),
                "/srv/a.py",
                "/srv/a.py",
                "a.service",
                "0123456789ab",
                null,
                null);
        assertThat(Sockets.evidence(all).text())
                .isEqualTo(
                        "pid 4: python3 a.py, exe /usr/bin/python3 (deleted), script /srv/a.py, cwd /srv, unit a.service,"
                                + " container 0123456789ab, uid 33");
        Owner little = new Owner(4, 77, 1, 0, "/bin/x", false, null, List.of(), null, null, null, null, null, null);
        assertThat(Sockets.evidence(little).text()).isEqualTo("pid 4: /bin/x, exe /bin/x, uid 0");
        assertThat(Sockets.evidence(little).source()).isEqualTo("process");
    }

    @Test
    void aProbeSaysWhereItAskedAndHow() {
        World world = new WorldBuilder()
                .agent(Worlds.agent("a").port(8014))
                .agent(Worlds.agent("b").port(8015).protocol(Protocol.MCP))
                .snapshot(Seen.here()
                        .probe("a", 8014, Seen.healthy("A"))
                        .probe("b", 8015, null, Seen.healthy("B"))
                        .build())
                .build();
        List<Claim> claims = ObservedView.of(world).claims();
        List<Probe> probes = world.snapshots().getFirst().probes();

        assertThat(Sockets.asked(claims.get(0), probes.get(0), "says A").text())
                .isEqualTo("GET http://a:8014/health at 127.0.0.1: says A");
        assertThat(Sockets.asked(claims.get(1), probes.get(1), "says B").text())
                .isEqualTo("POST http://b:8015/health: says B");
    }

    @Test
    void aUnitShowsItsStateAndNothingThatIsUsual() {
        assertThat(ObservedUnits.evidence(UnitStates.unit("a.service").build()).text())
                .isEqualTo("a.service: active (running), load state loaded, enabled");
        String failed = ObservedUnits.evidence(UnitStates.unit("a.service")
                        .state("failed", "failed")
                        .restarts(3, 10L)
                        .dropIn("/etc/systemd/system/a.service.d/x.conf")
                        .needsReload()
                        .build())
                .text();
        assertThat(failed)
                .isEqualTo(
                        "a.service: failed (failed), load state loaded, enabled, result exit-code, 3 restarts, drop-ins"
                                + " /etc/systemd/system/a.service.d/x.conf, changed since systemd read it");
        assertThat(ObservedUnits.evidence(
                                UnitStates.unit("a.service").restarts(1, 10L).build())
                        .text())
                .endsWith(", 1 restart");
    }

    @Test
    void aDuplicateSaysWhatIsEqual() throws InterruptedException {
        assertThat(duplicate(
                        Worlds.program("main.py").binds(8104).reports("EROS").codeLines(400),
                        Worlds.program("main.py").binds(8104).reports("Eros").codeLines(40)))
                .contains("both report EROS", "both bind 8104", "both start with main.py")
                .contains("one has under a third of the other's code")
                .doesNotContain("nearly equal");
        assertThat(duplicate(
                        Worlds.program("main.py").binds(8007).reports("ATLAS").codeLines(400),
                        Worlds.program("main.py")
                                .binds(8007)
                                .reports("atlas-infra")
                                .codeLines(300)))
                .contains("they report ATLAS and atlas-infra", "both bind 8007", "both start with main.py")
                .doesNotContain("under a third")
                .doesNotContain("nearly equal");
        assertThat(duplicate(
                        Worlds.program("main.py").binds(8007).reports("EROS").codeLines(300),
                        Worlds.program("main.py").binds(9007).reports("EROS").codeLines(99)))
                .doesNotContain("both bind")
                .contains("both start with main.py", "under a third");
    }

    private static String duplicate(Worlds.Prog first, Worlds.Prog second) throws InterruptedException {
        Failure failure = Verdicts.failure(
                new DuplicateDirCheck(),
                new WorldBuilder()
                        .directory(directory("first").program(first))
                        .directory(directory("second").program(second))
                        .build(),
                "first-second");
        return failure.title() + " | " + failure.description() + " | " + String.join(" | ", texts(failure.evidence()));
    }

    @Test
    void theRangeOfDeclaredPortsEndsWhereItEnds() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent("system", "SYSTEM", 1_023)
                .agent("low", "LOW", 1_024)
                .agent("high", "HIGH", 32_767)
                .agent("beyond", "BEYOND", 32_768);
        assertThat(Verdicts.of(
                        new UndeclaredListenerCheck(),
                        fleet.snapshot(Seen.here()
                                        .listener(1_022, program("/x"))
                                        .listener(1_025, program("/x"))
                                        .listener(32_766, program("/x"))
                                        .listener(32_769, program("/x"))
                                        .build())
                                .build()))
                .containsExactly("fail 1025 [1025]", "fail 32766 [32766]");
        WorldBuilder narrow = new WorldBuilder().agent("a", "A", 8_010).agent("b", "B", 8_020);
        assertThat(Verdicts.of(
                        new UndeclaredListenerCheck(),
                        narrow.snapshot(Seen.here()
                                        .listener(8_009, program("/x"))
                                        .listener(8_011, program("/x"))
                                        .listener(8_019, program("/x"))
                                        .listener(8_021, program("/x"))
                                        .build())
                                .build()))
                .containsExactly("fail 8011 [8011]", "fail 8019 [8019]");
    }

    @Test
    void aStrangerIsDescribedByItsCodeAndItsRange() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent("hermes", "HERMES", 8_014)
                .agent("atlas", "ATLAS", 8_300)
                .directory(directory("hermes").program(Worlds.program("main.py")))
                .directory(directory("eros").program(Worlds.program("main.py")));
        var world = fleet.snapshot(Seen.here()
                        .listener(8_100, program("/srv/x").pid(5))
                        .listener(
                                9_000, python("/opt/fleet/agents/eros/main.py").pid(6))
                        .listener(
                                "127.0.0.1",
                                32_767,
                                python("/opt/fleet/agents/eros/main.py").pid(6))
                        .listener(
                                "127.0.0.1",
                                32_768,
                                python("/opt/fleet/agents/eros/main.py").pid(6))
                        .listener(
                                "127.3.0.1",
                                32_770,
                                python("/opt/fleet/agents/eros/main.py").pid(6))
                        .listener(
                                "::1",
                                32_771,
                                python("/opt/fleet/agents/eros/main.py").pid(6))
                        .listener(
                                "10.0.0.1",
                                32_772,
                                python("/opt/fleet/agents/eros/main.py").pid(6))
                        .build())
                .build();
        UndeclaredListenerCheck check = new UndeclaredListenerCheck();
        assertThat(Verdicts.of(check, world))
                .containsExactly("fail 32767 [eros]", "fail 32772 [eros]", "fail 8100 [8100]", "fail 9000 [eros]");
        Failure inRange = Verdicts.failure(check, world, "8100");
        assertThat(inRange.title()).isEqualTo("Something listens on port 8100, which nobody declares");
        assertThat(inRange.description())
                .isEqualTo(
                        "Something listens on port 8100 of this host, but the registry declares no agent there. The port"
                                + " lies within those of the registry (8014 to 8300).");
        assertThat(texts(inRange.evidence()))
                .containsExactly("0.0.0.0:8100 held by pid 5", "pid 5: /srv/x, exe /srv/x, cwd /, uid 0");
        assertThat(inRange.recommendation()).isEqualTo("Declare it in the registry, or stop it");
        Failure byCode = Verdicts.failure(check, world, "9000");
        assertThat(byCode.title()).isEqualTo("Code of eros listens on port 9000, which nobody declares");
        assertThat(byCode.description())
                .isEqualTo("Code of eros listens on port 9000 of this host, but the registry declares no agent there.");
        assertThat(byCode.evidence()).extracting(Evidence::file).contains("agents/eros/main.py");
        assertThat(texts(byCode.evidence())).contains("the code of pid 6");
    }

    @Test
    void aStrangerOnAnotherHostIsStoppedThere() throws InterruptedException {
        var world = new WorldBuilder()
                .agent(Worlds.agent("hermes").url("http://web-1:8014").host("web-1"))
                .agent(Worlds.agent("atlas").url("http://web-1:8300").host("web-1"))
                .snapshot(Seen.on("web-1").listener(8_100, program("/srv/x")).build())
                .build();
        Failure failure = Verdicts.failure(new UndeclaredListenerCheck(), world, "8100");
        assertThat(failure.host()).isEqualTo("web-1");
        assertThat(failure.description()).startsWith("Something listens on port 8100 of host web-1, but");
        assertThat(failure.recommendation()).isEqualTo("Declare it in the registry for web-1, or stop it there");
    }
}
