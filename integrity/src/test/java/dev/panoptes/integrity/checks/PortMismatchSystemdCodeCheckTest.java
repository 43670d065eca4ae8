package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.Worlds.byDefault;
import static dev.panoptes.integrity.Worlds.directory;
import static dev.panoptes.integrity.Worlds.program;
import static dev.panoptes.integrity.Worlds.unit;
import static dev.panoptes.integrity.Worlds.unresolved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.PortValue;
import dev.panoptes.integrity.Failure;
import dev.panoptes.integrity.WorldBuilder;
import dev.panoptes.integrity.Worlds;
import dev.panoptes.integrity.declared.UnitFile;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PortMismatchSystemdCodeCheckTest {
    private static final List<String> PASS = List.of("pass hermes");
    private static final List<String> FAIL = List.of("fail hermes [hermes, units/hermes.service]");

    private final PortMismatchSystemdCodeCheck check = new PortMismatchSystemdCodeCheck();

    private static Worlds.Unit hermes(String command) {
        return unit("hermes.service")
                .workingDirectory("/opt/fleet/agents/hermes")
                .exec(command);
    }

    private static WorldBuilder binding(PortValue port) {
        return new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .directory(directory("hermes")
                        .program(program("hermes.py").definesApp().binds(port)));
    }

    private List<String> verdicts(WorldBuilder fleet) throws InterruptedException {
        return Verdicts.of(check, fleet.build());
    }

    @Test
    void another_port_by_itself_is_a_mismatch() throws InterruptedException {
        WorldBuilder fleet = binding(Worlds.known(8000)).unit(hermes("/usr/bin/uvicorn hermes:app --port 8014"));

        assertThat(verdicts(fleet)).isEqualTo(FAIL);
        Failure failure = Verdicts.failure(check, fleet.build(), "hermes");
        assertThat(failure.port()).isEqualTo(8014);
        assertThat(failure.evidence())
                .extracting(each -> each.source() + " " + each.file() + ":" + each.line())
                .containsExactly("unit units/hermes.service:7", "code agents/hermes/hermes.py:40");
    }

    @Test
    void one_port_in_both_is_right() throws InterruptedException {
        assertThat(verdicts(binding(Worlds.known(8014)).unit(hermes("/usr/bin/uvicorn hermes:app --port 8014"))))
                .isEqualTo(PASS);
        assertThat(verdicts(new WorldBuilder()
                        .agent("hermes", "HERMES", 8014)
                        .directory(
                                directory("hermes").program(program("hermes.py").binds(8014, 9100)))
                        .unit(hermes("/usr/bin/python3 hermes.py --port 8014"))))
                .isEqualTo(PASS);
    }

    @Test
    void a_server_that_is_passed_no_port_binds_its_default() throws InterruptedException {
        WorldBuilder fleet = binding(Worlds.known(8014)).unit(hermes("/usr/bin/uvicorn hermes:app"));

        assertThat(verdicts(fleet)).isEqualTo(FAIL);
        assertThat(Verdicts.failure(check, fleet.build(), "hermes").description())
                .contains("8000, the default of uvicorn, which is passed no port");
        assertThat(verdicts(binding(Worlds.known(8000)).unit(hermes("/usr/bin/uvicorn hermes:app"))))
                .isEqualTo(PASS);
    }

    @Test
    void the_units_environment_overrules_the_variable() throws InterruptedException {
        assertThat(verdicts(binding(byDefault(8000, "PORT"))
                        .unit(hermes("/usr/bin/uvicorn hermes:app --port 8014").environment("PORT", "8014"))))
                .isEqualTo(PASS);
        assertThat(verdicts(binding(byDefault(8000, "PORT"))
                        .unit(hermes("/usr/bin/uvicorn hermes:app --port 8014").environment("OTHER", "8014"))))
                .isEqualTo(FAIL);
    }

    @Test
    void without_a_port_on_the_command_line_or_a_bind_there_is_nothing_to_compare() throws InterruptedException {
        assertThat(verdicts(binding(Worlds.known(8000)).unit(hermes("/usr/bin/python3 hermes.py"))))
                .isEmpty();
        assertThat(verdicts(new WorldBuilder()
                        .agent("hermes", "HERMES", 8014)
                        .directory(
                                directory("hermes").program(program("hermes.py").definesApp()))
                        .unit(hermes("/usr/bin/uvicorn hermes:app --port 8014"))))
                .isEmpty();
        assertThat(verdicts(new WorldBuilder().withoutDeclarations())).isEmpty();
    }

    @Test
    void what_cannot_be_told_is_unknown() throws InterruptedException {
        assertThat(verdicts(
                        binding(unresolved("settings decide")).unit(hermes("/usr/bin/uvicorn hermes:app --port 8014"))))
                .containsExactly("unknown hermes: The port of hermes.service is not known: settings decide");
        assertThat(verdicts(binding(Worlds.known(8014)).unit(hermes("/usr/bin/gunicorn hermes:app"))))
                .singleElement()
                .asString()
                .startsWith("unknown hermes: The port of hermes.service is not known: ");
        UnitFile.Details open = new UnitFile.Details(
                List.of(),
                false,
                null,
                true,
                "its environment file is not there",
                List.of(),
                List.of(),
                false,
                null,
                null);
        assertThat(verdicts(binding(byDefault(8000, "PORT"))
                        .unit(hermes("/usr/bin/uvicorn hermes:app --port 8014").details(open))))
                .containsExactly(
                        "unknown hermes: The port of hermes.service is not known: its environment file is not there");
    }
}
