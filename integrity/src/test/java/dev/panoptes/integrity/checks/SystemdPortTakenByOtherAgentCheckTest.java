package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.agent;
import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SystemdPortTakenByOtherAgentCheckTest {
    private final SystemdPortTakenByOtherAgentCheck check = new SystemdPortTakenByOtherAgentCheck();

    private static WorldBuilder fleet() {
        return new WorldBuilder().agent("hermes", "HERMES", 8014).agent("varys", "VARYS", 8020);
    }

    private static Worlds.Unit serving(String name, String workingDirectory, int port) {
        return unit(name).workingDirectory(workingDirectory).exec("/usr/bin/uvicorn main:app --port " + port);
    }

    private List<String> verdicts(WorldBuilder fleet) throws InterruptedException {
        return Verdicts.of(check, fleet.build());
    }

    @Test
    void a_port_that_is_declared_for_another_agent_is_taken() throws InterruptedException {
        WorldBuilder fleet = fleet().unit(serving("varys.service", "/opt/fleet/agents/varys", 8014));

        assertThat(verdicts(fleet)).containsExactly("fail varys [varys, units/varys.service, hermes]");
        Failure failure = Verdicts.failure(check, fleet.build(), "varys");
        assertThat(failure.port()).isEqualTo(8014);
        assertThat(failure.evidence()).extracting(each -> each.source()).containsExactly("unit", "registry", "unit");
    }

    @Test
    void also_by_a_unit_of_nobody() throws InterruptedException {
        assertThat(verdicts(fleet().unit(serving("grafana.service", "/usr/share/grafana", 8014))))
                .containsExactly("fail grafana [units/grafana.service, hermes]");
        assertThat(verdicts(fleet().exists("tools/stats", true)
                        .unit(serving("stats.service", "/opt/fleet/tools/stats", 8014))))
                .containsExactly("fail stats [tools/stats, units/stats.service, hermes]");
    }

    @Test
    void its_own_port_or_one_that_nobody_is_declared_on_is_right() throws InterruptedException {
        assertThat(verdicts(fleet().unit(serving("a.service", "/opt/fleet/agents/varys", 8020))
                        .unit(serving("b.service", "/opt/fleet/agents/b", 9000))))
                .containsExactly("pass b", "pass varys");
    }

    @Test
    void an_agent_is_the_units_own_by_the_name_of_the_directory_or_of_what_its_program_reports()
            throws InterruptedException {
        assertThat(verdicts(new WorldBuilder()
                        .agent("messages", "Hermes", 8014)
                        .unit(serving("x.service", "/opt/fleet/agents/hermes", 8014))))
                .containsExactly("pass x");
        assertThat(verdicts(new WorldBuilder()
                        .agent("messages", "Hermes", 8014)
                        .directory(directory("postman")
                                .program(program("main.py").binds(8014).reports("HERMES")))
                        .unit(serving("x.service", "/opt/fleet/agents/postman", 8014))))
                .containsExactly("pass x");
    }

    @Test
    void a_unit_that_works_in_the_root_is_of_the_agent_whose_code_it_starts() throws InterruptedException {
        WorldBuilder fleet =
                fleet().directory(directory("hermes").program(program("main.py").binds(8014)));

        assertThat(verdicts(fleet.unit(unit("x.service")
                        .workingDirectory("/opt/fleet")
                        .exec("/usr/bin/python3 agents/hermes/main.py"))))
                .containsExactly("pass hermes");
        assertThat(verdicts(fleet().unit(serving("fleet-hermes.service", "/opt/fleet", 8014))))
                .containsExactly("pass fleet-hermes");
    }

    @Test
    void a_port_that_is_declared_twice_is_not_taken_by_either() throws InterruptedException {
        assertThat(verdicts(fleet().agent("cerberus", "CERBERUS", 8020)
                        .unit(serving("varys.service", "/opt/fleet/agents/varys", 8020))
                        .unit(serving("cerberus.service", "/opt/fleet/agents/cerberus", 8020))))
                .containsExactly("pass cerberus", "pass varys");
    }

    @Test
    void agents_on_other_hosts_have_ports_of_their_own() throws InterruptedException {
        assertThat(verdicts(new WorldBuilder()
                        .host("web-1", "10.0.0.5")
                        .agent(agent("hermes").port(8014).host("web-1"))
                        .agent(agent("varys").port(8020))
                        .unit(serving("varys.service", "/opt/fleet/agents/varys", 8014))))
                .containsExactly("pass varys");
    }

    @Test
    void a_program_whose_name_cannot_be_told_may_be_the_agent() throws InterruptedException {
        assertThat(verdicts(fleet().directory(directory("postman")
                                .program(program("main.py").binds(8014).nameUnknown("settings.name")))
                        .unit(serving("x.service", "/opt/fleet/agents/postman", 8014))))
                .containsExactly("unknown x: Which agent x.service starts is not known: settings.name");
        assertThat(verdicts(fleet().unit(unit("x.service").exec("/usr/bin/gunicorn main:app"))))
                .singleElement()
                .asString()
                .startsWith("unknown x: The port of x.service is not known: ");
    }

    @Test
    void a_unit_of_an_agents_name_that_starts_another_is_told_as_that() throws InterruptedException {
        WorldBuilder fleet = fleet().directory(directory("varys").program(program("main.py")))
                .directory(directory("hermes").program(program("main.py")))
                .unit(serving("hermes.service", "/opt/fleet/agents/varys", 8014))
                .unit(unit("other.service").exec("/usr/bin/uvicorn main:app --port 8014"));

        assertThat(verdicts(fleet))
                .containsExactly(
                        "fail other [units/other.service, hermes]", "fail varys [varys, units/hermes.service, hermes]");
        Failure misled = Verdicts.failure(check, fleet.build(), "varys");
        assertThat(misled.title()).isEqualTo("hermes.service starts varys instead of hermes, on port 8014");
        assertThat(misled.description())
                .isEqualTo("hermes.service is called like hermes, but its directory and program are those of varys."
                        + " Callers of hermes on port 8014 reach varys, and hermes does not run.");
        assertThat(misled.recommendation())
                .isEqualTo("Let hermes.service start hermes: correct its WorkingDirectory and ExecStart");
        Failure taken = Verdicts.failure(check, fleet.build(), "other");
        assertThat(taken.title()).isEqualTo("other.service binds port 8014, which is declared for hermes");
        assertThat(taken.description())
                .isEqualTo("The registry declares port 8014 for hermes, but other.service binds it and is none of"
                        + " theirs. Callers of hermes reach another program, and the agent itself cannot start.");
        assertThat(taken.recommendation())
                .isEqualTo("Give other.service a port that nobody is declared on, or declare the agent that it starts");
        assertThat(taken.evidence())
                .extracting(each -> each.source())
                .as("it has no working directory")
                .containsExactly("unit", "registry");
    }

    @Test
    void copies_of_a_unit_that_differ_are_unknown() throws InterruptedException {
        assertThat(verdicts(fleet().unit(serving("x.service", "/srv/x", 8014))
                        .unit(serving("x.service", "/srv/x", 9000).at("deploy/x.service"))))
                .containsExactly("unknown x: The copies of x.service bind different ports");
    }
}
