package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.agent;
import static dev.panoptes.integrity.world.Worlds.compose;
import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import org.junit.jupiter.api.Test;

final class RegistryWithoutDirCheckTest {
    private final RegistryWithoutDirCheck check = new RegistryWithoutDirCheck();

    @Test
    void anAgentWithoutItsDirectoryIsAccusedAndAHintGiven() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("here", "HERE", 8001)
                .agent("gone", "GONE", 8002)
                .agent("moved", "MOVED", 8003)
                .agent(agent("named").path("services/named").port(8004))
                .directory(directory("here").program(program("main.py").binds(8001)))
                .directory(directory("elsewhere")
                        .program(program("main.py").binds(9003).reports("Moved")))
                .directory(directory("portish").program(program("main.py").binds(8003)))
                .exists("agents/empty", true)
                .build();

        assertThat(Verdicts.of(check, world))
                .containsExactly("fail gone [gone]", "fail moved [moved]", "fail named [named]", "pass here");
        assertThat(Verdicts.failure(check, world, "moved").description())
                .endsWith("there is no agents/moved. Renamed to elsewhere and portish?");
        assertThat(Verdicts.failure(check, world, "gone").description()).endsWith("there is no agents/gone.");
        assertThat(Verdicts.failure(check, world, "named").description()).endsWith("there is no services/named.");
    }

    @Test
    void aDirectoryWithoutCodeIsThere() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("work_flow", "FLOW", 8001)
                .exists("agents/Work-Flow", true)
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("pass work_flow");
    }

    @Test
    void agentsThatHaveNoDirectoryByDeclarationAreNotJudged() throws InterruptedException {
        World world = new WorldBuilder()
                .agent(agent("proxy").exe("/usr/sbin/nginx").port(80))
                .agent("cache", "CACHE", 6379)
                .agent(agent("model").url("https://api.example.com/v1"))
                .compose(compose("compose.yml", service("cache").image("redis:8")))
                .build();

        assertThat(Verdicts.of(check, world)).isEmpty();
    }

    @Test
    void anotherHostIsJudgedWhereTheTreeHoldsItsCode() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .host("web-1", "10.0.0.5")
                .agent(agent("a").port(8001).host("web-1"))
                .agent(agent("b").port(8002).host("web-1"));

        assertThat(Verdicts.of(check, fleet.build())).isEmpty();
        fleet.directory(directory("b").program(program("main.py").binds(8002)));
        assertThat(Verdicts.of(check, fleet.build())).containsExactly("fail a@web-1 [a]", "pass b");
    }

    @Test
    void whereItCannotBeLookedForItIsUnknown() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("a", "A", 8001)
                .agent(agent("b").path("/usr/lib/b").port(8002))
                .childrenIncomplete("The agents path could not be listed: permission denied")
                .build();

        assertThat(Verdicts.of(check, world))
                .containsExactly(
                        "unknown a: The agents path could not be listed: permission denied",
                        "unknown b: The registry's path /usr/lib/b lies outside the scanned tree");
        World none =
                new WorldBuilder().agent("a", "A", 8001).withoutDeclarations().build();
        assertThat(Verdicts.of(check, none)).isEmpty();
    }
}
