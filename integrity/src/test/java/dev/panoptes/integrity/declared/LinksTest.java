package dev.panoptes.integrity.declared;

import static dev.panoptes.integrity.world.Worlds.agent;
import static dev.panoptes.integrity.world.Worlds.compose;
import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.service;
import static dev.panoptes.integrity.world.Worlds.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LinksTest {
    @Test
    void aDirectoryLinksByKeyWithoutCaseAndSeparators() {
        World world = new WorldBuilder()
                .agent("samwell-tarly", "LIBRARIAN", 8201)
                .directory(directory("Samwell_Tarly").program(program("main.py")))
                .directory(directory("librarian").program(program("main.py").binds(8201)))
                .build();

        assertThat(linked(world, "samwell-tarly")).isEqualTo("Samwell_Tarly");
        assertThat(agents(world, "Samwell_Tarly")).containsExactly("samwell-tarly");
        assertThat(agents(world, "librarian")).isEmpty();
    }

    @Test
    void ofTwoDirectoriesWithOneKeyTheExactNameIsTheAgentsAndBothHaveTheKey() {
        World world = new WorldBuilder()
                .agent("port-manager", "PORT-MANAGER", 8021)
                .directory(directory("Port-Manager").program(program("main.py")))
                .directory(directory("port-manager").program(program("main.py")))
                .directory(directory("port_manager").program(program("main.py")))
                .build();

        assertThat(linked(world, "port-manager")).isEqualTo("port-manager");
        assertThat(agents(world, "port_manager")).containsExactly("port-manager");
        assertThat(agents(world, "Port-Manager")).containsExactly("port-manager");
    }

    @Test
    void theRegistrysPathComesBeforeTheName() {
        World world = new WorldBuilder()
                .agent(agent("a").path("services/one/"))
                .agent(agent("b").path("./agents/two"))
                .agent(agent("c").path("/opt/fleet/agents/two"))
                .agent(agent("d").path("two"))
                .directory(directory("services/one").at("services/one").program(program("main.py")))
                .directory(directory("two").program(program("main.py")))
                .directory(directory("a").program(program("main.py")))
                .build();

        assertThat(linked(world, "a")).isEqualTo("services/one");
        assertThat(List.of(linked(world, "b"), linked(world, "c"), linked(world, "d")))
                .containsOnly("two");
        assertThat(agents(world, "two")).containsExactly("b", "c", "d");
        assertThat(agents(world, "a")).isEmpty();
    }

    @Test
    void aDirectoryElsewhereIsNotLinkedByItsName() {
        World world = new WorldBuilder()
                .agent(agent("a").path("services/b"))
                .agent(agent("b"))
                .directory(directory("services/b").at("services/b").program(program("main.py")))
                .build();

        assertThat(link(world, "b")).isEqualTo(new DirectoryLink.Missing("agents/b"));
    }

    @Test
    void whatIsNotLinkedSaysWhy() {
        World world = new WorldBuilder()
                .agent(agent("flow"))
                .agent(agent("gone"))
                .agent(agent("away").path("/usr/lib/away"))
                .agent(agent("built").path("web/dist"))
                .exists("agents/Flow", true)
                .build();

        assertThat(link(world, "flow")).isEqualTo(new DirectoryLink.WithoutCode("agents/Flow"));
        assertThat(link(world, "gone")).isEqualTo(new DirectoryLink.Missing("agents/gone"));
        assertThat(link(world, "away")).isInstanceOf(DirectoryLink.Unclear.class);
        assertThat(link(world, "built")).isInstanceOf(DirectoryLink.Unclear.class);
        World unseen =
                new WorldBuilder().agent(agent("x")).withoutDeclarations().build();
        assertThat(link(unseen, "x")).isInstanceOf(DirectoryLink.Unclear.class);
        World half = new WorldBuilder()
                .agent(agent("x"))
                .childrenIncomplete("No permission")
                .build();
        assertThat(link(half, "x")).isEqualTo(new DirectoryLink.Unclear("No permission"));
    }

    @Test
    void unitsAndServicesLinkByKeyOrTheRegistrysUnit() {
        World world = new WorldBuilder()
                .agent(agent("a").unit("fleet-a"))
                .agent(agent("b"))
                .unit(unit("fleet-a.service").workingDirectory("/opt/fleet/agents/b"))
                .unit(unit("x.service").workingDirectory("/srv/gone/B/"))
                .unit(unit("y.service").workingDirectory("/srv/a"))
                .unit(unit("z.service"))
                .compose(compose("compose.yml", service("A"), service("other")))
                .build();

        assertThat(world.links().units(find(world, "a")))
                .extracting(UnitFile::name)
                .containsExactly("fleet-a.service");
        assertThat(world.links().units(find(world, "b")))
                .extracting(UnitFile::name)
                .containsExactly("x.service");
        assertThat(world.links().services(find(world, "a")))
                .extracting(ComposeFile.Service::name)
                .containsExactly("A");
        assertThat(world.links().services(find(world, "b"))).isEmpty();
    }

    private static DeclaredAgent find(World world, String key) {
        return world.registry().agent(key).orElseThrow();
    }

    private static DirectoryLink link(World world, String key) {
        return world.links().link(find(world, key));
    }

    private static String linked(World world, String key) {
        return world.links().directory(find(world, key)).orElseThrow().path();
    }

    private static List<String> agents(World world, String directory) {
        CodeDirectory found = world.declarations().code().directories().stream()
                .filter(each -> each.path().equals(directory))
                .findFirst()
                .orElseThrow();
        return world.links().agentsOf(found).stream().map(DeclaredAgent::key).toList();
    }
}
