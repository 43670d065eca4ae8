package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.agent;
import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import org.junit.jupiter.api.Test;

/** systemd-port-conflict and systemd-duplicate-unit, which share what a clash is. */
final class SystemdPortConflictCheckTest {
    private final SystemdPortConflictCheck conflict = new SystemdPortConflictCheck();
    private final SystemdDuplicateUnitCheck duplicate = new SystemdDuplicateUnitCheck();

    private static Worlds.Unit serving(String name, String directory, int port) {
        return unit(name)
                .workingDirectory("/opt/fleet/agents/" + directory)
                .exec("/usr/bin/uvicorn main:app --port " + port);
    }

    private List<String> conflicts(WorldBuilder fleet) throws InterruptedException {
        return Verdicts.of(conflict, fleet.build());
    }

    private List<String> duplicates(WorldBuilder fleet) throws InterruptedException {
        return Verdicts.of(duplicate, fleet.build());
    }

    @Test
    void units_of_different_directories_on_one_port_conflict() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent("a", "A", 8001)
                .exists("agents/b", true)
                .unit(serving("a.service", "a", 8001))
                .unit(serving("b.service", "b", 8001))
                .unit(serving("c.service", "c", 8003));

        assertThat(conflicts(fleet)).containsExactly("fail 8001 [a, units/a.service, b, units/b.service]", "pass 8003");
        assertThat(duplicates(fleet)).containsExactly("pass 8001", "pass 8003");
    }

    @Test
    void units_of_one_directory_on_one_port_are_duplicates_whatever_they_start() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent("a", "A", 8001)
                .directory(directory("a")
                        .program(program("one.py").binds(8001))
                        .program(program("two.py").binds(8001)))
                .unit(unit("a.service").workingDirectory("/opt/fleet/agents/a").exec("/usr/bin/python3 one.py"))
                .unit(unit("a-old.service")
                        .workingDirectory("/opt/fleet/agents/a/")
                        .exec("/usr/bin/python3 two.py"));

        assertThat(conflicts(fleet)).containsExactly("pass 8001");
        assertThat(duplicates(fleet)).containsExactly("fail 8001 [a, units/a-old.service, units/a.service]");
    }

    @Test
    void a_port_may_have_both_kinds() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent("a", "A", 8001)
                .agent("b", "B", 8001)
                .unit(serving("a.service", "a", 8001))
                .unit(serving("a2.service", "a", 8001))
                .unit(serving("b.service", "b", 8001));

        assertThat(conflicts(fleet))
                .containsExactly("fail 8001 [a, units/a.service, units/a2.service, b, units/b.service]");
        assertThat(duplicates(fleet)).containsExactly("fail 8001 [a, units/a.service, units/a2.service]");
    }

    @Test
    void one_directory_on_different_ports_is_neither() throws InterruptedException {
        WorldBuilder fleet =
                new WorldBuilder().unit(serving("a.service", "a", 8001)).unit(serving("b.service", "a", 8002));

        assertThat(conflicts(fleet)).containsExactly("pass 8001", "pass 8002");
        assertThat(duplicates(fleet)).containsExactly("pass 8001", "pass 8002");
    }

    @Test
    void two_copies_of_one_unit_are_one_unit() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .unit(serving("a.service", "a", 8001))
                .unit(serving("a.service", "a", 8001).at("deploy/a.service"));

        assertThat(conflicts(fleet)).containsExactly("pass 8001");
        assertThat(duplicates(fleet)).containsExactly("pass 8001");
    }

    @Test
    void copies_that_differ_leave_it_open_which_counts() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .unit(serving("a.service", "a", 8001))
                .unit(serving("a.service", "a", 8002).at("deploy/a.service"))
                .unit(serving("b.service", "b", 8001));

        assertThat(conflicts(fleet))
                .containsExactly(
                        "pass 8002",
                        "unknown 8001: Whether units share port 8001 depends on which copy of a unit is installed, or where");
    }

    @Test
    void units_that_exclude_each_other_do_not_conflict() throws InterruptedException {
        UnitFile.Details excluding = new UnitFile.Details(
                List.of(), false, null, true, null, List.of(), List.of("b.service"), false, null, null);

        assertThat(conflicts(new WorldBuilder()
                        .unit(serving("a.service", "a", 8001).details(excluding))
                        .unit(serving("b.service", "b", 8001))))
                .containsExactly("pass 8001");
    }

    @Test
    void agents_on_different_hosts_do_not_conflict() throws InterruptedException {
        assertThat(conflicts(new WorldBuilder()
                        .host("web-1", null)
                        .agent(agent("a").port(8001).host("web-1"))
                        .agent(agent("b").port(8001))
                        .unit(serving("a.service", "a", 8001))
                        .unit(serving("b.service", "b", 8001))))
                .containsExactly("pass 8001", "pass 8001@web-1");
    }

    @Test
    void units_without_a_directory_are_compared_by_what_they_start() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .unit(unit("a.service").exec("/usr/bin/python3 /opt/fleet/agents/a/main.py --port 8001"))
                .unit(unit("b.service").exec("/usr/bin/python3 /opt/fleet/agents/a/other.py --port 8001"))
                .unit(unit("c.service").exec("/opt/fleet/bin/c --port 8001"));

        assertThat(duplicates(fleet)).containsExactly("fail 8001 [a, units/a.service, units/b.service]");
        assertThat(conflicts(fleet))
                .containsExactly("fail 8001 [a, units/a.service, units/b.service, units/c.service]");
    }

    @Test
    void jobs_templates_and_units_without_a_port_claim_none() throws InterruptedException {
        UnitFile.Details job =
                new UnitFile.Details(List.of(), true, null, true, null, List.of(), List.of(), false, null, null);

        assertThat(conflicts(new WorldBuilder()
                        .unit(serving("a.service", "a", 8001))
                        .unit(serving("job.service", "b", 8001).details(job))
                        .unit(serving("t@.service", "c", 8001))
                        .unit(unit("backup.service").exec("/usr/bin/python3 /opt/fleet/backup.py"))
                        .unit(unit("empty.service"))))
                .containsExactly("pass 8001");
    }

    @Test
    void an_unknown_port_is_unknown() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder().unit(unit("a.service").exec("/usr/bin/gunicorn a:app"));

        assertThat(conflicts(fleet)).singleElement().asString().startsWith("unknown a: ");
        assertThat(duplicates(fleet)).singleElement().asString().startsWith("unknown a: ");
    }
}
