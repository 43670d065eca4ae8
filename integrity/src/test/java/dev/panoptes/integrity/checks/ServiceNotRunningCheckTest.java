package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.agent;
import static dev.panoptes.integrity.world.Worlds.compose;
import static dev.panoptes.integrity.world.Worlds.service;
import static dev.panoptes.integrity.world.Worlds.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServiceNotRunningCheckTest {
    private static final List<String> PASS = List.of("pass hermes");
    private static final List<String> FAIL = List.of("fail hermes [hermes]");

    private final ServiceNotRunningCheck check = new ServiceNotRunningCheck();

    private static final Worlds.Unit FILE = unit("hermes.service").workingDirectory("/opt/fleet/agents/hermes");

    private List<String> seen(UnitStates... states) throws InterruptedException {
        Seen seen = Seen.here();
        for (UnitStates state : states) {
            seen.unit(state.build());
        }
        return verdicts(
                new WorldBuilder().agent("hermes", "HERMES", 8014).unit(FILE).snapshot(seen.build()));
    }

    private List<String> verdicts(WorldBuilder fleet) throws InterruptedException {
        return Verdicts.of(check, fleet.build());
    }

    private static UnitStates hermes() {
        return UnitStates.unit("hermes.service");
    }

    @Test
    void a_running_unit_is_right() throws InterruptedException {
        assertThat(seen(hermes())).isEqualTo(PASS);
        assertThat(seen(hermes().state("active", "exited"))).isEqualTo(PASS);
        assertThat(seen(hermes().state("reloading", "reload"))).isEqualTo(PASS);
    }

    @Test
    void a_unit_that_is_not_active_fails() throws InterruptedException {
        assertThat(seen(hermes().state("inactive", "dead"))).isEqualTo(FAIL);
        assertThat(seen(hermes().state("failed", "failed"))).isEqualTo(FAIL);
        assertThat(seen(hermes().masked())).isEqualTo(FAIL);
        assertThat(seen(hermes().notFound())).isEqualTo(FAIL);
    }

    private static WorldBuilder fleet(UnitStates state, Seen seen) {
        return new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .directory(Worlds.directory("hermes")
                        .program(Worlds.program("main.py").binds(8014)))
                .unit(FILE)
                .snapshot(seen.unit(state.build()).build());
    }

    private String advice(UnitStates state) throws InterruptedException {
        return Verdicts.failure(check, fleet(state, Seen.here()).build(), "hermes")
                .recommendation();
    }

    @Test
    void advice_fits_the_state() throws InterruptedException {
        assertThat(advice(hermes().masked()))
                .isEqualTo(
                        "Unmask it (systemctl unmask hermes.service) and start it (systemctl start hermes.service), or"
                                + " retire the agent in the registry");
        assertThat(advice(hermes().notFound()))
                .isEqualTo("Install the declared file: cp units/hermes.service /etc/systemd/system/ && systemctl"
                        + " daemon-reload && systemctl enable --now hermes.service");
        assertThat(advice(hermes().state("failed", "failed").needsReload()))
                .isEqualTo("Run systemctl daemon-reload, for the unit was changed since systemd read it, and start it"
                        + " (systemctl start hermes.service)");
        assertThat(advice(hermes().state("inactive", "dead")))
                .isEqualTo("Look at its journal (journalctl -u hermes.service), correct the cause, and start it"
                        + " (systemctl start hermes.service)");
        assertThat(advice(hermes().state("failed", "failed").because("start-limit-hit")))
                .isEqualTo("Look at its journal (journalctl -u hermes.service), correct the cause, and start it"
                        + " (systemctl reset-failed hermes.service && systemctl start hermes.service)");
    }

    @Test
    void an_agent_that_runs_outside_of_its_unit_is_told_so() throws InterruptedException {
        var world = fleet(
                        hermes().state("failed", "failed"),
                        Seen.here()
                                .listener(
                                        8014,
                                        Seen.python("/opt/fleet/agents/hermes/main.py")
                                                .pid(77)))
                .build();
        assertThat(Verdicts.failure(check, world, "hermes").description())
                .isEqualTo("On this host hermes.service is failed, but its code holds the port in another way: pid 77"
                        + " outside of every unit. Nobody restarts that process when it ends.");
    }

    @Test
    void a_unit_of_a_users_manager_is_unknown() throws InterruptedException {
        Seen seen = Seen.here()
                .listener(
                        8014, Seen.python("/opt/fleet/agents/hermes/main.py").unit("user@1000.service/hermes.service"));
        assertThat(verdicts(fleet(hermes().notFound(), seen)))
                .containsExactly("unknown hermes: it runs as hermes.service of the user manager user@1000.service, and"
                        + " units of users were not asked");
    }

    @Test
    void an_instance_of_the_declared_template_is_the_agents_unit() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent("echo", "ECHO", 8014)
                .unit(unit("echo@.service").workingDirectory("/opt/fleet/agents/echo"))
                .snapshot(Seen.here()
                        .unit(UnitStates.unit("echo@a.service")
                                .state("failed", "failed")
                                .build())
                        .build());
        assertThat(verdicts(fleet)).containsExactly("fail echo [echo]");
    }

    @Test
    void a_crash_loop_fails_and_restarts_long_ago_do_not() throws InterruptedException {
        assertThat(seen(hermes().state("activating", "auto-restart").restarts(1342, null)))
                .isEqualTo(FAIL);
        assertThat(seen(hermes().restarts(5, 20L))).isEqualTo(FAIL);
        assertThat(seen(hermes().restarts(4, 20L))).isEqualTo(PASS);
        assertThat(seen(hermes().restarts(1342, 86_400L))).isEqualTo(PASS);
    }

    @Test
    void a_unit_on_its_way_is_unknown() throws InterruptedException {
        assertThat(seen(hermes().state("activating", "start").restarts(0, null)))
                .containsExactly("unknown hermes: hermes.service was just starting");
        assertThat(seen(hermes().state("deactivating", "stop-sigterm")))
                .containsExactly("unknown hermes: hermes.service was just stopping");
        assertThat(seen(hermes().restarts(9, null))).singleElement().asString().startsWith("unknown hermes: ");
    }

    @Test
    void jobs_and_what_a_timer_starts_may_be_inactive_but_not_failed() throws InterruptedException {
        assertThat(seen(hermes().type("oneshot").state("inactive", "dead"))).isEqualTo(PASS);
        assertThat(seen(hermes().triggeredBy("hermes.timer").state("inactive", "dead")))
                .isEqualTo(PASS);
        assertThat(seen(hermes().triggeredBy("hermes.timer").state("failed", "failed")))
                .isEqualTo(FAIL);
    }

    @Test
    void the_unit_called_like_the_key_decides_else_one_of_several_is_enough() throws InterruptedException {
        assertThat(seen(
                        hermes().state("failed", "failed"),
                        UnitStates.unit("x.service").in("/srv/hermes")))
                .isEqualTo(FAIL);
        WorldBuilder two = new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .unit(unit("a.service").workingDirectory("/opt/fleet/agents/hermes"))
                .unit(unit("b.service").workingDirectory("/opt/fleet/agents/hermes"))
                .snapshot(Seen.here()
                        .unit(UnitStates.unit("a.service")
                                .state("inactive", "dead")
                                .build())
                        .unit(UnitStates.unit("b.service").build())
                        .build());
        assertThat(verdicts(two)).isEqualTo(PASS);
    }

    @Test
    void an_installed_unit_that_works_in_the_agents_directory_is_its_unit() throws InterruptedException {
        assertThat(verdicts(new WorldBuilder()
                        .agent("hermes", "HERMES", 8014)
                        .snapshot(Seen.here()
                                .unit(UnitStates.unit("x.service")
                                        .in("/srv/hermes/")
                                        .state("failed", "failed")
                                        .build())
                                .build())))
                .isEqualTo(FAIL);
    }

    @Test
    void an_agent_without_a_unit_gives_no_result() throws InterruptedException {
        assertThat(verdicts(new WorldBuilder()
                        .agent("hermes", "HERMES", 8014)
                        .snapshot(Seen.here()
                                .unit(hermes().notFound().build())
                                .unit(UnitStates.unit("other.service")
                                        .state("failed", "failed")
                                        .build())
                                .build())))
                .isEmpty();
        assertThat(verdicts(new WorldBuilder().agent("hermes", "HERMES", 8014).unit(FILE)))
                .as("offline")
                .isEmpty();
    }

    @Test
    void a_unit_file_of_what_compose_runs_need_not_be_installed() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .unit(FILE)
                .compose(compose("compose.yaml", service("hermes").publishes(8014, 8014)));

        assertThat(verdicts(fleet.snapshot(
                        Seen.here().unit(hermes().notFound().build()).build())))
                .isEmpty();
    }

    @Test
    void what_could_not_be_seen_is_unknown() throws InterruptedException {
        assertThat(verdicts(new WorldBuilder()
                        .agent("hermes", "HERMES", 8014)
                        .unit(FILE)
                        .snapshot(Seen.here()
                                .denied(Source.UNITS, "systemctl did not answer")
                                .build())))
                .containsExactly("unknown hermes: systemctl did not answer");
        assertThat(verdicts(new WorldBuilder()
                        .agent("hermes", "HERMES", 8014)
                        .unit(FILE)
                        .snapshot(Seen.here()
                                .taken(Duration.ofHours(1))
                                .unit(hermes().build())
                                .build())))
                .singleElement()
                .asString()
                .contains("stale");
        assertThat(seen()).containsExactly("unknown hermes: the observer did not look at the unit of hermes");
    }

    @Test
    void an_agent_of_another_host_is_judged_there() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .host("web-1", "10.0.0.5")
                .agent(agent("hermes").port(8014).host("web-1").unit("hermes"))
                .snapshot(Seen.here().unit(hermes().build()).build());

        assertThat(verdicts(fleet)).singleElement().asString().startsWith("unknown hermes: no snapshot of host web-1");
        assertThat(verdicts(fleet.snapshot(Seen.on("web-1")
                        .unit(hermes().state("failed", "failed").build())
                        .build())))
                .containsExactly("fail hermes@web-1 [hermes]");
    }
}
