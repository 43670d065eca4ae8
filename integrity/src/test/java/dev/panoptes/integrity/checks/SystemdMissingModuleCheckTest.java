package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SystemdMissingModuleCheckTest {
    private static final List<String> PASS = List.of("pass hermes");
    private static final List<String> FAIL = List.of("fail hermes [hermes, units/x.service]");

    private final SystemdMissingModuleCheck check = new SystemdMissingModuleCheck();

    private List<String> starts(Worlds.Unit unit) throws InterruptedException {
        return Verdicts.of(
                check,
                new WorldBuilder()
                        .agent("hermes", "HERMES", 8014)
                        .directory(directory("hermes")
                                .program(program("hermes.py").definesApp())
                                .file("pkg/__init__.py", 1)
                                .file("pkg/main.py", 10)
                                .file("run.sh", 3)
                                .file("src/mail/app.py", 10))
                        .directory(directory("shared").file("fleetlib/app.py", 10))
                        .unit(unit)
                        .build());
    }

    private List<String> starts(String command) throws InterruptedException {
        return starts(
                unit("x.service").workingDirectory("/opt/fleet/agents/hermes").exec(command));
    }

    @Test
    void a_module_that_is_not_there_is_missing() throws InterruptedException {
        assertThat(starts("/usr/bin/python3 old.py")).isEqualTo(FAIL);
        assertThat(starts("/usr/bin/python3 /opt/fleet/agents/hermes/old.py")).isEqualTo(FAIL);
        assertThat(starts("/usr/bin/uvicorn old:app --port 1")).isEqualTo(FAIL);
        assertThat(starts("/usr/bin/uvicorn pkg.old:app --port 1")).isEqualTo(FAIL);
        assertThat(starts("/usr/bin/uvicorn gone.main:app --port 1")).isEqualTo(FAIL);
        assertThat(starts("/usr/bin/python3 -m pkg.old")).isEqualTo(FAIL);
        assertThat(starts("/usr/bin/node server.js")).isEqualTo(FAIL);
        assertThat(starts("/opt/fleet/agents/hermes/start.sh")).isEqualTo(FAIL);
        assertThat(starts(unit("x.service")
                        .workingDirectory("/opt/fleet/gone/hermes")
                        .exec("/usr/bin/python3 hermes.py")))
                .isEqualTo(FAIL);
    }

    @Test
    void a_unit_without_a_directory_is_named_by_that_of_its_module() throws InterruptedException {
        assertThat(starts(unit("x.service").exec("/usr/bin/python3 /opt/fleet/tools/backup.py")))
                .containsExactly("fail x [tools, units/x.service]");
        assertThat(starts(
                        unit("x.service").workingDirectory("/opt/fleet").exec("/usr/bin/python3 agents/hermes/old.py")))
                .containsExactly("fail x [hermes, units/x.service]");
    }

    @Test
    void a_module_that_is_there_is_right() throws InterruptedException {
        assertThat(starts("/usr/bin/python3 hermes.py")).isEqualTo(PASS);
        assertThat(starts("/usr/bin/python3 -m pkg.main")).isEqualTo(PASS);
        assertThat(starts("/opt/fleet/venv/bin/uvicorn hermes:app --port 1")).isEqualTo(PASS);
        assertThat(starts("/opt/fleet/venv/bin/uvicorn --app-dir pkg main:app --port 1"))
                .isEqualTo(PASS);
        assertThat(starts("/usr/bin/uvicorn mail.app:app --port 1")).isEqualTo(PASS);
        assertThat(starts("./run.sh")).isEqualTo(PASS);
        assertThat(starts(unit("x.service")
                        .workingDirectory("/opt/fleet/agents/hermes")
                        .environment("PYTHONPATH", "/opt/fleet/agents/shared")
                        .exec("/usr/bin/uvicorn fleetlib.app:app")))
                .isEqualTo(PASS);
    }

    @Test
    void what_is_no_module_or_lies_elsewhere_is_not_judged() throws InterruptedException {
        assertThat(starts("/opt/fleet/agents/hermes/hermes-server --port 8014")).isEmpty();
        assertThat(starts("/usr/bin/npm start")).isEmpty();
        assertThat(starts("/usr/bin/python3 /usr/share/x/x.py")).isEmpty();
        assertThat(starts("/usr/bin/python3 -m http.server 8014")).isEmpty();
        assertThat(starts(unit("x.service").workingDirectory("/srv/hermes").exec("/usr/bin/python3 x.py")))
                .containsExactly(
                        "unknown hermes: Whether what x.service starts is there cannot be told: /srv/hermes/x.py lies outside"
                                + " of where the tree is deployed");
        assertThat(starts(unit("x.service").workingDirectory("/opt/fleet/agents/hermes")))
                .isEmpty();
    }

    @Test
    void what_a_package_or_a_build_may_hold_is_unknown() throws InterruptedException {
        for (String command : List.of(
                "/usr/bin/python3 -m fleetlib",
                "/usr/bin/uvicorn fleetlib.app:app",
                "/usr/bin/node dist/server.js",
                "/usr/bin/java -jar hermes.jar")) {
            assertThat(starts(command)).as(command).singleElement().asString().startsWith("unknown hermes: ");
        }
        assertThat(starts(unit("x.service").exec("/usr/bin/python3 x.py")))
                .singleElement()
                .asString()
                .startsWith("unknown x: ");
        assertThat(starts(unit("x.service")
                        .workingDirectory("/opt/fleet/agents/hermes")
                        .environment("PYTHONPATH", "/srv/lib")
                        .exec("/usr/bin/uvicorn old:app")))
                .singleElement()
                .asString()
                .startsWith("unknown hermes: ");
    }

    @Test
    void templates_are_judged_where_the_instance_does_not_matter() throws InterruptedException {
        assertThat(starts(unit("x@.service")
                        .workingDirectory("/opt/fleet/agents/%i")
                        .exec("/usr/bin/python3 x.py")))
                .isEmpty();
        assertThat(starts(unit("x@.service")
                        .workingDirectory("/opt/fleet/agents/hermes")
                        .exec("/usr/bin/python3 old.py --name %i")))
                .containsExactly("fail hermes [hermes, units/x@.service]");
    }
}
