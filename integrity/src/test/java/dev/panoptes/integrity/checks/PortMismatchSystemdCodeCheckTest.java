package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.byDefault;
import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.unit;
import static dev.panoptes.integrity.world.Worlds.unresolved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.PortValue;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void a_port_that_the_program_cannot_take_is_a_mismatch() throws InterruptedException {
        WorldBuilder fleet = binding(Worlds.known(8000)).unit(hermes("/usr/bin/python3 hermes.py --port 8014"));

        assertThat(verdicts(fleet)).isEqualTo(FAIL);
        Failure failure = Verdicts.failure(check, fleet.build(), "hermes");
        assertThat(failure.port()).isEqualTo(8014);
        assertThat(failure.evidence())
                .extracting(each -> each.source() + " " + each.file() + ":" + each.line())
                .containsExactly("unit units/hermes.service:7", "code agents/hermes/hermes.py:40");
        assertThat(verdicts(binding(Worlds.known(8000))
                        .unit(hermes("/usr/bin/python3 hermes.py").environment("PORT", "8014"))))
                .isEqualTo(FAIL);
    }

    @Test
    void what_a_module_binds_when_it_is_started_otherwise_says_nothing() throws InterruptedException {
        assertThat(verdicts(binding(Worlds.known(8000)).unit(hermes("/usr/bin/uvicorn hermes:app --port 8014"))))
                .isEqualTo(PASS);
        assertThat(verdicts(binding(Worlds.known(8014)).unit(hermes("/usr/bin/uvicorn hermes:app"))))
                .isEqualTo(PASS);
        assertThat(verdicts(binding(byDefault(8000, "PORT"))
                        .unit(hermes("/usr/bin/python3 hermes.py").environment("PORT", "8014"))))
                .isEqualTo(PASS);
    }

    @Test
    void one_port_in_both_is_right() throws InterruptedException {
        assertThat(verdicts(new WorldBuilder()
                        .agent("hermes", "HERMES", 8014)
                        .directory(
                                directory("hermes").program(program("hermes.py").binds(8014, 9100)))
                        .unit(hermes("/usr/bin/python3 hermes.py --port 8014"))))
                .isEqualTo(PASS);
    }

    @Test
    void a_default_that_is_relied_on_must_be_the_declared_port() throws InterruptedException {
        assertThat(verdicts(binding(Worlds.known(8000)).unit(hermes("/usr/bin/python3 hermes.py"))))
                .isEqualTo(FAIL);
        assertThat(verdicts(binding(Worlds.known(8014)).unit(hermes("/usr/bin/python3 hermes.py"))))
                .isEqualTo(PASS);
    }

    @Test
    void without_a_program_that_binds_there_is_nothing_to_compare() throws InterruptedException {
        assertThat(verdicts(new WorldBuilder()
                        .agent("hermes", "HERMES", 8014)
                        .directory(directory("hermes").program(program("hermes.py")))
                        .unit(hermes("/usr/bin/python3 hermes.py"))))
                .isEmpty();
        assertThat(verdicts(new WorldBuilder().withoutDeclarations())).isEmpty();
    }

    @Test
    void what_cannot_be_told_is_unknown() throws InterruptedException {
        assertThat(verdicts(binding(unresolved("settings decide")).unit(hermes("/usr/bin/python3 hermes.py"))))
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
                        .unit(hermes("/usr/bin/python3 hermes.py").details(open))))
                .containsExactly(
                        "unknown hermes: The port of hermes.service is not known: its environment file is not there");
    }

    /** What a variable of the unit sets is no default, whatever the registry declares. */
    @Test
    void aPortThatTheUnitSetsByAVariableIsNotCalledADefault(@TempDir Path root) throws InterruptedException {
        FleetTree fleet = new FleetTree(root)
                .agents("scribe", "http://localhost:8304")
                .file(
                        "agents/scribe/main.py",
                        "import os",
                        "import uvicorn",
                        "uvicorn.run('main:app', port=int(os.getenv('SCRIBE_PORT', '8304')))");
        String[] unit = {
            "[Service]", "WorkingDirectory=/opt/fleet/agents/scribe", "ExecStart=/usr/bin/python3 main.py", ""
        };
        unit[3] = "Environment=SCRIBE_PORT=8305";
        fleet.file("units/scribe.service", unit);
        assertThat(fleet.verdicts(new PortMismatchSystemdCodeCheck())).containsExactly("pass scribe");
        assertThat(fleet.verdicts(new PortMismatchSystemdRegistryCheck()))
                .containsExactly("fail scribe [scribe, units/scribe.service]");
        unit[3] = "";
        fleet.agents("scribe", "http://localhost:8305").file("units/scribe.service", unit);
        assertThat(fleet.verdicts(new PortMismatchSystemdCodeCheck()))
                .containsExactly("fail scribe [scribe, units/scribe.service]");
    }
}
