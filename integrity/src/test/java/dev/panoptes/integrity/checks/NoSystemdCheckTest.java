package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.agent;
import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NoSystemdCheckTest {
    private static final List<String> PASS = List.of("pass hermes");
    private static final List<String> FAIL = List.of("fail hermes [hermes]");
    private static final Profile PROFILE =
            new Profile("p", null, null, "fleet-{key}.service", List.of("HERMES"), null, null, null, null);

    private final NoSystemdCheck check = new NoSystemdCheck();

    private List<String> verdicts(WorldBuilder fleet) throws InterruptedException {
        return Verdicts.of(check, fleet.build());
    }

    private static WorldBuilder fleet() {
        return new WorldBuilder()
                .agent(agent("hermes").port(8014).core(true))
                .unit(unit("other.service").workingDirectory("/opt/fleet/agents/other"));
    }

    @Test
    void a_core_agent_without_a_unit_fails() throws InterruptedException {
        assertThat(verdicts(fleet())).isEqualTo(FAIL);
        assertThat(Verdicts.failure(check, fleet().build(), "hermes").evidence())
                .extracting(evidence -> evidence.source())
                .containsExactly("registry", "unit");
    }

    @Test
    void core_is_what_the_registry_says_and_else_the_profile() throws InterruptedException {
        Worlds.Unit other = unit("other.service");
        assertThat(verdicts(new WorldBuilder().agent(agent("hermes")).unit(other)))
                .isEmpty();
        assertThat(verdicts(
                        new WorldBuilder().agent(agent("hermes")).unit(other).profile(PROFILE)))
                .isEqualTo(FAIL);
        assertThat(verdicts(new WorldBuilder()
                        .agent(agent("hermes").core(false))
                        .unit(other)
                        .profile(PROFILE)))
                .isEmpty();
    }

    @Test
    void a_unit_file_by_directory_name_pattern_or_code_is_its_unit() throws InterruptedException {
        for (Worlds.Unit own : List.of(
                unit("x.service").workingDirectory("/opt/fleet/agents/hermes"),
                unit("hermes.service").workingDirectory("/opt/fleet"),
                unit("fleet-hermes.service"),
                unit("x.service").workingDirectory("/opt/fleet").exec("/usr/bin/python3 agents/hermes/main.py"))) {
            assertThat(verdicts(fleet().directory(directory("hermes").program(program("main.py")))
                            .unit(own)))
                    .isEqualTo(PASS);
        }
        assertThat(verdicts(fleet().unit(unit("hermes-backup.service")))).isEqualTo(FAIL);
    }

    @Test
    void where_the_registry_names_a_unit_only_that_one_counts() throws InterruptedException {
        WorldBuilder named =
                new WorldBuilder().agent(agent("hermes").unit("messages").core(true));

        assertThat(verdicts(named.unit(unit("hermes.service")))).isEqualTo(FAIL);
        assertThat(verdicts(named.unit(unit("messages.service")))).isEqualTo(PASS);
        assertThat(verdicts(new WorldBuilder()
                        .agent(agent("hermes").unit("worker@1").core(true))
                        .unit(unit("worker@.service"))))
                .isEqualTo(PASS);
    }

    @Test
    void an_installed_unit_counts_too() throws InterruptedException {
        assertThat(verdicts(fleet().snapshot(Seen.here()
                        .unit(UnitStates.unit("fleet-hermes.service").build())
                        .build())))
                .isEqualTo(PASS);
        assertThat(verdicts(fleet().snapshot(Seen.here()
                        .unit(UnitStates.unit("x.service").in("/srv/hermes").build())
                        .build())))
                .isEqualTo(PASS);
        assertThat(verdicts(fleet().snapshot(Seen.here()
                        .unit(UnitStates.unit("hermes.service").notFound().build())
                        .build())))
                .isEqualTo(FAIL);
    }

    @Test
    void units_of_a_host_that_could_not_be_seen_do_not_excuse_a_repository_that_has_units()
            throws InterruptedException {
        assertThat(verdicts(fleet().snapshot(Seen.here()
                        .absent(Source.UNITS, "the host was not booted with systemd")
                        .build())))
                .isEqualTo(FAIL);
    }

    @Test
    void where_nothing_could_be_looked_at_it_is_unknown() throws InterruptedException {
        WorldBuilder bare = new WorldBuilder().agent(agent("hermes").core(true));
        assertThat(verdicts(bare))
                .containsExactly("unknown hermes: no unit file is below the root, and no host was observed");
        assertThat(verdicts(new WorldBuilder().agent(agent("hermes").core(true)).withoutDeclarations()))
                .containsExactly("unknown hermes: no root was given, and no host was observed");
        assertThat(verdicts(new WorldBuilder()
                        .agent(agent("hermes").core(true))
                        .snapshot(
                                Seen.here().denied(Source.UNITS, "no systemctl").build())))
                .containsExactly("unknown hermes: no unit file is below the root, and no systemctl");
        assertThat(verdicts(fleet().problem(new Problem(
                        "link-not-followed", "units/hermes.service", Location.WHOLE_FILE, "a link"))))
                .containsExactly("unknown hermes: units/hermes.service: a link (link-not-followed)");
        assertThat(verdicts(
                        fleet().problem(new Problem("unreadable-directory", "units", Location.WHOLE_FILE, "denied"))))
                .containsExactly("unknown hermes: units: denied (unreadable-directory)");
    }

    @Test
    void a_host_that_was_seen_whole_decides_where_the_repository_has_no_unit() throws InterruptedException {
        assertThat(verdicts(new WorldBuilder()
                        .agent(agent("hermes").core(true))
                        .snapshot(Seen.here().build())))
                .isEqualTo(FAIL);
    }

    @Test
    void the_evidence_says_why_it_is_core_and_where_was_looked() throws InterruptedException {
        WorldBuilder seen = fleet().snapshot(
                        Seen.here().unit(UnitStates.unit("x.service").build()).build());
        var failure = Verdicts.failure(check, seen.build(), "hermes");
        assertThat(failure.evidence())
                .extracting(evidence -> evidence.source() + ": " + evidence.text())
                .containsExactly(
                        "registry: hermes: core",
                        "unit: none of the 1 unit file below the root is its own",
                        "systemd: no unit on this host is its own");
        assertThat(failure.recommendation()).contains("hermes.service");
        WorldBuilder profile = new WorldBuilder()
                .agent(agent("hermes").unit("messages.service"))
                .agent(agent("varys"))
                .unit(unit("other.service"))
                .profile(PROFILE);
        assertThat(verdicts(profile)).as("varys is no core agent").isEqualTo(FAIL);
        var named = Verdicts.failure(check, profile.build(), "hermes");
        assertThat(named.evidence().getFirst().text()).isEqualTo("hermes: a core agent of the profile");
        assertThat(named.recommendation()).contains("messages.service");
    }

    @Test
    void code_that_another_unit_starts_is_not_the_unit_that_the_registry_names() throws InterruptedException {
        for (String name : new String[] {null, "messages"}) {
            Worlds.Agent hermes = agent("hermes").core(true);
            WorldBuilder fleet = new WorldBuilder()
                    .agent(name == null ? hermes : hermes.unit(name))
                    .directory(directory("hermes").program(program("main.py")))
                    .directory(directory("other").program(program("main.py")));
            assertThat(verdicts(fleet.unit(unit("x.service")
                            .workingDirectory("/opt/fleet")
                            .exec("/usr/bin/python3 agents/other/main.py"))))
                    .as("another agent's code")
                    .isEqualTo(FAIL);
        }
    }

    @Test
    void a_unit_that_is_not_installed_does_not_start_it() throws InterruptedException {
        assertThat(verdicts(fleet().snapshot(Seen.here()
                        .unit(UnitStates.unit("fleet-hermes.service").notFound().build())
                        .build())))
                .isEqualTo(FAIL);
    }

    @Test
    void a_unit_file_that_could_not_be_read_excuses_its_own_agent_only() throws InterruptedException {
        assertThat(verdicts(fleet().problem(new Problem(
                        "link-not-followed", "units/varys.service", Location.WHOLE_FILE, "a link"))))
                .isEqualTo(FAIL);
        assertThat(verdicts(
                        fleet().problem(new Problem("wrong", "units/hermes.timer", Location.WHOLE_FILE, "a timer"))))
                .isEqualTo(FAIL);
        assertThat(verdicts(new WorldBuilder()
                        .agent(agent("hermes").unit("messages").core(true))
                        .unit(unit("other.service"))
                        .problem(new Problem(
                                "link-not-followed", "units/messages.service", Location.WHOLE_FILE, "a link"))))
                .containsExactly("unknown hermes: units/messages.service: a link (link-not-followed)");
    }
}
