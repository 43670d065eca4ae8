package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnitDriftCheckTest {
    private final UnitDriftCheck check = new UnitDriftCheck();

    private static final String DECLARED = digest("units/hermes.service");

    private static String digest(String rootPath) {
        return new WorldBuilder()
                .unit(unit("hermes.service").at(rootPath))
                .build()
                .declarations()
                .units()
                .getFirst()
                .digest();
    }

    private static World fleet(Snapshot snapshot) {
        return new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .unit(unit("hermes.service").workingDirectory("/opt/fleet/agents/hermes"))
                .unit(unit("hermes.service").at("deploy/hermes.service"))
                .snapshot(snapshot)
                .build();
    }

    private List<String> seen(UnitStates state) throws InterruptedException {
        return Verdicts.of(check, fleet(Seen.here().unit(state.build()).build()));
    }

    private static UnitStates hermes() {
        return UnitStates.unit("hermes.service");
    }

    @Test
    void an_installed_file_that_is_none_of_the_declared_ones_has_drifted() throws InterruptedException {
        assertThat(seen(hermes().digest("f".repeat(64))))
                .containsExactly("fail hermes [hermes, deploy/hermes.service, units/hermes.service]");
    }

    @Test
    void one_that_is_a_copy_of_a_declared_one_has_not() throws InterruptedException {
        assertThat(seen(hermes().digest(DECLARED))).containsExactly("pass hermes");
        assertThat(seen(hermes().digest(digest("deploy/hermes.service")))).containsExactly("pass hermes");
    }

    @Test
    void a_unit_that_is_not_installed_or_masked_gives_no_result() throws InterruptedException {
        assertThat(seen(hermes().notFound())).isEmpty();
        assertThat(seen(hermes().masked())).isEmpty();
        assertThat(seen(UnitStates.unit("other.service"))).isEmpty();
    }

    @Test
    void a_unit_that_systemd_has_not_read_since_it_was_changed_has_drifted() throws InterruptedException {
        assertThat(seen(hermes().digest(DECLARED).needsReload()))
                .containsExactly("fail hermes [hermes, deploy/hermes.service, units/hermes.service]");
        assertThat(Verdicts.failure(
                                check,
                                fleet(Seen.here()
                                        .unit(hermes().digest(DECLARED)
                                                .needsReload()
                                                .build())
                                        .build()),
                                "hermes")
                        .recommendation())
                .isEqualTo("Run systemctl daemon-reload, then systemctl restart hermes.service");
    }

    @Test
    void a_drop_in_that_nobody_declares_is_told_with_what_it_starts() throws InterruptedException {
        String path = "/etc/systemd/system/hermes.service.d/10-x.conf";
        World world = fleet(Seen.here()
                .unit(hermes().digest(DECLARED)
                        .dropIn(path)
                        .starts("/usr/bin/python3 /home/mallory/evil.py")
                        .build())
                .build());
        assertThat(Verdicts.failure(check, world, "hermes").title())
                .isEqualTo("A drop-in that is not declared changes hermes.service");
        assertThat(Verdicts.failure(check, world, "hermes").evidence())
                .extracting(evidence -> evidence.text())
                .contains(
                        path + " applies to hermes.service", "ExecStart is now /usr/bin/python3 /home/mallory/evil.py");
    }

    @Test
    void drop_ins_of_every_service_and_of_set_property_change_no_program() throws InterruptedException {
        for (String path : List.of(
                "/etc/systemd/system/service.d/limits.conf",
                "/etc/systemd/system.control/hermes.service.d/50-CPUWeight.conf",
                "/usr/lib/systemd/system/hermes.service.d/vendor.conf")) {
            assertThat(seen(hermes().digest(DECLARED).dropIn(path))).containsExactly("pass hermes");
        }
    }

    @Test
    void a_transient_unit_is_not_the_declared_one() throws InterruptedException {
        World world = fleet(Seen.here()
                .unit(hermes().digest("f".repeat(64)).enabled("transient").build())
                .build());
        assertThat(Verdicts.failure(check, world, "hermes").title())
                .isEqualTo("hermes.service runs as a transient unit instead of the declared one");
    }

    @Test
    void a_template_is_judged_by_its_instances() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder().agent("echo", "ECHO", 8014).unit(unit("echo@.service"));
        assertThat(Verdicts.of(
                        check,
                        fleet.snapshot(Seen.here()
                                        .unit(UnitStates.unit("echo@a.service")
                                                .digest("f".repeat(64))
                                                .build())
                                        .unit(UnitStates.unit("other@a.service").build())
                                        .build())
                                .build()))
                .singleElement()
                .asString()
                .startsWith("fail ");
    }

    @Test
    void what_could_not_be_read_is_unknown() throws InterruptedException {
        assertThat(seen(hermes().digest(null)))
                .containsExactly(
                        "unknown hermes: the installed file /etc/systemd/system/hermes.service could not be read");
        assertThat(Verdicts.of(
                        check,
                        fleet(Seen.here()
                                .denied(Source.UNITS, "systemctl did not answer")
                                .build())))
                .containsExactly("unknown hermes: systemctl did not answer");
        assertThat(Verdicts.of(
                        check,
                        fleet(Seen.here()
                                .absent(Source.UNITS, "not booted with systemd")
                                .build())))
                .isEmpty();
    }

    @Test
    void of_several_instances_the_worst_decides() throws InterruptedException {
        WorldBuilder template = new WorldBuilder().unit(unit("echo@.service"));
        String right = template.build().declarations().units().getFirst().digest();
        Seen all = Seen.here()
                .unit(UnitStates.unit("echo@a.service").digest(right).build())
                .unit(UnitStates.unit("echo@b.service").digest("f".repeat(64)).build())
                .unit(UnitStates.unit("echo@c.service").digest(null).build())
                .unit(UnitStates.unit("echo@d.service").digest(right).build());
        assertThat(Verdicts.of(
                        check,
                        new WorldBuilder()
                                .unit(unit("echo@.service"))
                                .snapshot(all.build())
                                .build()))
                .containsExactly("fail echo@ [units/echo@.service]");
        assertThat(Verdicts.of(
                        check,
                        new WorldBuilder()
                                .unit(unit("echo@.service"))
                                .snapshot(Seen.here()
                                        .unit(UnitStates.unit("echo@a.service")
                                                .digest(right)
                                                .build())
                                        .unit(UnitStates.unit("echo@c.service")
                                                .digest(null)
                                                .build())
                                        .unit(UnitStates.unit("echo@d.service")
                                                .digest(right)
                                                .build())
                                        .build())
                                .build()))
                .containsExactly(
                        "unknown echo@: the installed file /etc/systemd/system/echo@c.service could not be read");
    }

    @Test
    void only_instances_of_the_template_are_its_own() throws InterruptedException {
        String wrong = "f".repeat(64);
        assertThat(Verdicts.of(
                        check,
                        new WorldBuilder()
                                .unit(unit("echo@.service"))
                                .snapshot(Seen.here()
                                        .unit(UnitStates.unit("echo@.service")
                                                .digest(wrong)
                                                .build())
                                        .unit(UnitStates.unit("echo.service")
                                                .digest(wrong)
                                                .build())
                                        .unit(UnitStates.unit("echos@a.service")
                                                .digest(wrong)
                                                .build())
                                        .build())
                                .build()))
                .isEmpty();
    }

    @Test
    void a_drop_in_that_is_declared_beside_the_unit_is_right() throws InterruptedException {
        var details = new dev.panoptes.integrity.declared.UnitFile.Details(
                List.of(),
                false,
                null,
                true,
                null,
                List.of("units/hermes.service.d/10-limits.conf"),
                List.of(),
                false,
                null,
                null);
        for (String name : List.of("10-limits.conf", "20-limits.conf")) {
            assertThat(Verdicts.of(
                            check,
                            new WorldBuilder()
                                    .unit(unit("hermes.service").details(details))
                                    .snapshot(Seen.here()
                                            .unit(hermes().digest(DECLARED)
                                                    .dropIn("/etc/systemd/system/hermes.service.d/" + name)
                                                    .build())
                                            .build())
                                    .build()))
                    .containsExactly(name.startsWith("1") ? "pass hermes" : "fail hermes [units/hermes.service]");
        }
    }

    @Test
    void what_is_installed_is_told_by_its_digest_and_with_what_to_do() throws InterruptedException {
        World world =
                fleet(Seen.here().unit(hermes().digest("f".repeat(64)).build()).build());
        var failure = Verdicts.failure(check, world, "hermes");
        assertThat(failure.title()).isEqualTo("hermes.service is installed with other content than declared");
        assertThat(failure.evidence().getFirst().text())
                .isEqualTo("/etc/systemd/system/hermes.service has SHA-256 ffffffffffffffff");
        assertThat(failure.recommendation())
                .isEqualTo("Install the declared file and run systemctl daemon-reload, or declare what is installed");
        World transientOne = fleet(Seen.here()
                .unit(hermes().digest("f".repeat(64)).enabled("transient").build())
                .build());
        assertThat(Verdicts.failure(check, transientOne, "hermes").recommendation())
                .isEqualTo("Stop it (systemctl stop hermes.service), install the declared file, run systemctl"
                        + " daemon-reload and start it");
    }
}
