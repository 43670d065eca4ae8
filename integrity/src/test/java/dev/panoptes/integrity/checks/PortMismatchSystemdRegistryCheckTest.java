package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.agent;
import static dev.panoptes.integrity.world.Worlds.byDefault;
import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.Language;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PortMismatchSystemdRegistryCheckTest {
    private static final List<String> PASS = List.of("pass hermes");
    private static final List<String> FAIL = List.of("fail hermes [hermes, units/hermes.service]");

    private final PortMismatchSystemdRegistryCheck check = new PortMismatchSystemdRegistryCheck();

    private static Worlds.Unit hermes(String command) {
        return unit("hermes.service")
                .workingDirectory("/opt/fleet/agents/hermes")
                .exec(command);
    }

    private static WorldBuilder fleet() {
        return new WorldBuilder().agent("hermes", "HERMES", 8014);
    }

    private List<String> verdicts(WorldBuilder fleet) throws InterruptedException {
        return Verdicts.of(check, fleet.build());
    }

    @Test
    void another_port_on_the_command_line_is_a_mismatch() throws InterruptedException {
        WorldBuilder fleet = fleet().unit(hermes("/usr/bin/uvicorn hermes:app --port 8015"));

        assertThat(verdicts(fleet)).isEqualTo(FAIL);
        assertThat(Verdicts.failure(check, fleet.build(), "hermes").title())
                .isEqualTo("hermes is declared on 8014, its unit binds 8015");
        assertThat(verdicts(fleet().unit(hermes("/usr/bin/uvicorn hermes:app --port 8014"))))
                .isEqualTo(PASS);
    }

    @Test
    void a_compiled_program_binds_what_its_only_source_binds() throws InterruptedException {
        Worlds.Directory code = directory("hermes")
                .program(program("main.go").language(Language.GO).binds(8015));
        Worlds.Unit compiled = hermes("/opt/fleet/agents/hermes/hermes -v");

        assertThat(verdicts(fleet().directory(code).unit(compiled))).isEqualTo(FAIL);
        assertThat(verdicts(fleet().directory(code.program(program("tool.go").language(Language.GO)))
                        .unit(compiled)))
                .isEmpty();
        assertThat(verdicts(fleet().directory(code).unit(hermes("/usr/bin/hermes"))))
                .isEmpty();
    }

    @Test
    void an_argument_of_a_script_is_what_the_script_takes() throws InterruptedException {
        Worlds.Directory code = directory("hermes")
                .program(program("run.sh").language(Language.SHELL).binds(byDefault(8015, "ARGUMENT_1")));

        assertThat(verdicts(fleet().directory(code).unit(hermes("/bin/bash run.sh 8014"))))
                .isEqualTo(PASS);
        assertThat(verdicts(fleet().directory(code).unit(hermes("/opt/fleet/agents/hermes/run.sh 8014 fast"))))
                .isEqualTo(PASS);
        assertThat(verdicts(fleet().directory(code).unit(hermes("/bin/bash run.sh"))))
                .isEqualTo(FAIL);
    }

    @Test
    void without_one_the_module_decides() throws InterruptedException {
        Worlds.Directory code = directory("hermes").program(program("hermes.py").binds(byDefault(8015, "PORT")));
        Worlds.Unit plain = hermes("/usr/bin/python3 hermes.py");

        assertThat(verdicts(fleet().directory(code).unit(plain)))
                .isEqualTo(FAIL.stream().toList());
        assertThat(verdicts(fleet().directory(code)
                        .unit(hermes("/usr/bin/python3 hermes.py").environment("PORT", "8014"))))
                .isEqualTo(PASS);
        assertThat(verdicts(fleet().directory(code)
                        .unit(unit("hermes.service")
                                .workingDirectory("/opt/fleet/agents/hermes")
                                .exec("/usr/bin/env PORT=8014 python3 hermes.py"))))
                .isEqualTo(PASS);
    }

    @Test
    void the_units_module_decides_and_no_other() throws InterruptedException {
        Worlds.Directory code = directory("hermes")
                .program(program("hermes.py").binds(8014))
                .program(program("old.py").binds(8099));

        assertThat(verdicts(fleet().directory(code).unit(hermes("/usr/bin/python3 hermes.py"))))
                .isEqualTo(PASS);
        assertThat(verdicts(fleet().directory(code).unit(hermes("/usr/bin/python3 old.py"))))
                .isEqualTo(FAIL);
    }

    @Test
    void one_of_several_units_on_the_declared_port_is_enough() throws InterruptedException {
        Worlds.Unit worker = unit("hermes-worker.service")
                .workingDirectory("/opt/fleet/agents/hermes")
                .exec("/usr/bin/uvicorn worker:app --port 8015");

        assertThat(verdicts(fleet().unit(hermes("/usr/bin/uvicorn hermes:app --port 8014"))
                        .unit(worker)))
                .isEqualTo(PASS);
    }

    @Test
    void a_unit_is_linked_by_its_directory_even_where_that_is_gone_and_never_by_its_name() throws InterruptedException {
        assertThat(verdicts(fleet().unit(unit("messages.service")
                        .workingDirectory("/opt/fleet/old/hermes/")
                        .exec("/usr/bin/uvicorn hermes:app --port 8015"))))
                .containsExactly("fail hermes [hermes, units/messages.service]");
        assertThat(verdicts(fleet().unit(unit("hermes.service")
                        .workingDirectory("/opt/fleet")
                        .exec("/usr/bin/uvicorn hermes:app --port 8015"))))
                .isEmpty();
        assertThat(verdicts(new WorldBuilder()
                        .agent(agent("hermes").port(8014).unit("messages"))
                        .unit(unit("messages.service").exec("/usr/bin/uvicorn hermes:app --port 8015"))))
                .containsExactly("fail hermes [hermes, units/messages.service]");
    }

    @Test
    void a_unit_that_serves_no_port_is_not_accused() throws InterruptedException {
        UnitFile.Details job =
                new UnitFile.Details(List.of(), true, null, false, null, List.of(), List.of(), false, null, null);

        assertThat(verdicts(fleet().unit(
                                hermes("/usr/bin/python3 hermes.py --port 1").details(job))))
                .isEmpty();
        assertThat(verdicts(fleet().directory(directory("hermes").program(program("hermes.py")))
                        .unit(hermes("/usr/bin/python3 hermes.py"))))
                .isEmpty();
        assertThat(verdicts(fleet().unit(unit("hermes@.service")
                        .workingDirectory("/opt/fleet/agents/hermes")
                        .exec("/usr/bin/uvicorn hermes:app --port 8015"))))
                .isEmpty();
    }

    @Test
    void https_without_a_port_ends_at_a_proxy() throws InterruptedException {
        assertThat(verdicts(new WorldBuilder()
                        .agent(agent("hermes").url("https://hermes"))
                        .unit(hermes("/usr/bin/uvicorn hermes:app --port 8015"))))
                .isEmpty();
    }

    @Test
    void what_cannot_be_told_is_unknown() throws InterruptedException {
        assertThat(verdicts(fleet().unit(hermes("/usr/bin/uvicorn hermes:app --port $HERMES_PORT"))))
                .singleElement()
                .asString()
                .startsWith("unknown hermes: The port of hermes.service is not known: ");
        assertThat(verdicts(fleet().unit(hermes("/usr/bin/uvicorn hermes:app --port 8014"))
                        .unit(hermes("/usr/bin/uvicorn hermes:app --port 8015").at("old/hermes.service"))))
                .containsExactly("unknown hermes: The copies of hermes.service bind different ports");
    }
}
