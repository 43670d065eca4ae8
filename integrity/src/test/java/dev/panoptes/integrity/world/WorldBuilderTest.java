package dev.panoptes.integrity.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.integrity.declared.DeployedPath;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WorldBuilderTest {
    @Test
    void whatIsDeclaredExistsAndLinks() {
        World world = new WorldBuilder()
                .agent("hermes", "HERMES", 8014)
                .directory(Worlds.directory("hermes")
                        .program(Worlds.program("main.py").binds(8014)))
                .unit(Worlds.unit("hermes.service").workingDirectory("/opt/fleet/agents/hermes"))
                .build();

        var agent = world.registry().agents().getFirst();
        Optional<CodeDirectory> directory = world.links().directory(agent);
        assertEquals("hermes", directory.orElseThrow().path());
        assertEquals(1, world.links().units(agent).size());
        assertEquals(
                new DeployedPath.Below("agents/hermes/main.py", true, false),
                world.declarations().paths().locate("/opt/fleet/agents/hermes/main.py"));
        assertTrue(world.declarations().paths().locate("/usr/bin/python3") instanceof DeployedPath.Outside);
    }
}
