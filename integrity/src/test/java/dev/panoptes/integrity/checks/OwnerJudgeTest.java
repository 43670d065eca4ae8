package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Seen.program;
import static dev.panoptes.integrity.world.Seen.python;
import static dev.panoptes.integrity.world.Worlds.directory;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.Language;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the evidence is mixed: which part of it decides. */
class OwnerJudgeTest {
    private static final String NEITHER =
            "the process shows neither the unit nor the code of the agent, nor those of another";

    private static List<String> judged(WorldBuilder fleet, Seen seen) throws InterruptedException {
        return Verdicts.of(
                new ListenerOwnerCheck(), fleet.snapshot(seen.build()).build());
    }

    private static WorldBuilder hermes(Worlds.Agent agent, Worlds.Prog program) {
        return new WorldBuilder()
                .agent(agent.port(8014))
                .directory(directory("hermes").program(program));
    }

    private static WorldBuilder hermes(Worlds.Prog program) {
        return hermes(Worlds.agent("hermes").unit("hermes.service"), program);
    }

    private static Seen runs(Seen.Process process) {
        return Seen.here().listener(8014, process);
    }

    @Test
    void aUnitOfTheAgentProvesNothingWhereItsOwnCodeBindsThePort() throws InterruptedException {
        assertThat(judged(
                        hermes(Worlds.program("main.py").binds(8014)),
                        runs(program("/usr/sbin/nginx").unit("hermes.service"))))
                .containsExactly("unknown hermes: it runs /usr/sbin/nginx in hermes.service, not the code of the agent,"
                        + " which binds the port itself");
        assertThat(judged(
                        hermes(Worlds.program("main.py").binds(8015)),
                        runs(program("/usr/sbin/nginx").unit("hermes.service"))))
                .containsExactly("pass hermes");
        assertThat(judged(
                        hermes(Worlds.program("main.py").binds(8015)),
                        runs(program("/usr/sbin/nginx").unit("other.service"))))
                .containsExactly("unknown hermes: " + NEITHER);
    }

    @Test
    void aDeclaredExecutableGoesBeforeTheUnit() throws InterruptedException {
        Worlds.Prog silent = Worlds.program("main.py");
        assertThat(judged(
                        hermes(Worlds.agent("hermes").unit("hermes.service").exe("/usr/sbin/caddy"), silent),
                        runs(program("/usr/sbin/nginx").unit("hermes.service"))))
                .containsExactly("fail hermes [hermes]");
        assertThat(judged(
                        hermes(Worlds.agent("hermes").unit("hermes.service").exe("/sbin/nginx"), silent),
                        runs(program("/usr/sbin/nginx").unit("hermes.service"))))
                .containsExactly("pass hermes");
    }

    @Test
    void anInterpreterMayBeOfAnotherVersionInTheSameFolderOnly() throws InterruptedException {
        // It runs /usr/bin/python3.11.
        assertThat(interpreter("/bin/python3.12")).containsExactly("pass hermes");
        assertThat(interpreter("/usr/bin/python3")).containsExactly("pass hermes");
        assertThat(interpreter("/opt/own/python3.11"))
                .containsExactly(
                        "unknown hermes: it runs /srv/c.py, and the declared /opt/own/python3.11 may or may not be a"
                                + " link to it");
        assertThat(interpreter("/opt/own/python3.12")).containsExactly("fail hermes [hermes]");
        assertThat(interpreter("/usr/bin/node")).containsExactly("fail hermes [hermes]");
        assertThat(executable("/usr/lib/hermes", "/lib/hermes")).containsExactly("pass hermes");
        assertThat(executable("/usr/share/hermes", "/share/hermes"))
                .containsExactly("unknown hermes: it runs /share/hermes, and the declared /usr/share/hermes may or may"
                        + " not be a link to it");
    }

    private static List<String> interpreter(String declared) throws InterruptedException {
        return judged(
                new WorldBuilder().agent(Worlds.agent("hermes").port(8014).exe(declared)), runs(python("/srv/c.py")));
    }

    private static List<String> executable(String declared, String running) throws InterruptedException {
        return judged(
                new WorldBuilder().agent(Worlds.agent("hermes").port(8014).exe(declared)),
                runs(program(running).command(running, "/srv/app")));
    }

    @Test
    void codeThatIsCalledLikeTheAgentMayBeTheAgents() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent(Worlds.agent("hermes").port(8014))
                .agent("atlas", "ATLAS", 8015)
                .directory(directory("hermes").program(Worlds.program("main.py").binds(8014)))
                .directory(directory("atlas").program(Worlds.program("main.py").binds(8015)));
        assertThat(judged(fleet, runs(python("/opt/fleet/agents/atlas/hermes_server.py"))))
                .containsExactly(
                        "unknown hermes: its code lies in the directory of atlas, where code of hermes seems to lie"
                                + " too");
    }

    @Test
    void codeWhoseFolderOnlyIsCalledLikeTheAgentIsAnothers() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent(Worlds.agent("hermes").port(8014))
                .agent("hermes-old", "OLD", 8015)
                .directory(directory("hermes").program(Worlds.program("main.py").binds(8014)))
                .directory(directory("hermes-old")
                        .program(Worlds.program("main.py").binds(8015)));
        assertThat(judged(fleet, runs(python("/opt/fleet/agents/hermes-old/main.py"))))
                .containsExactly("fail hermes [hermes, hermes-old]");
    }

    @Test
    void codeThatReportsTheAgentsNameMayBeTheAgents() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent(Worlds.agent("hermes").name("HERMES").port(8014))
                .agent("atlas", "ATLAS", 8015)
                .directory(directory("hermes").program(Worlds.program("main.py").binds(8014)))
                .directory(directory("atlas").program(Worlds.program("main.py").reports("Hermes")));
        assertThat(judged(fleet, runs(python("/opt/fleet/agents/atlas/main.py"))))
                .containsExactly(
                        "unknown hermes: its code lies in the directory of atlas, where code of hermes seems to lie"
                                + " too");
    }

    @Test
    void aNativeProgramIsNotForeignToAnAgentThatIsOneItself() throws InterruptedException {
        Seen evil = runs(program("/home/mallory/evil").cwd("/opt/fleet/agents/hermes"));
        assertThat(judged(
                        hermes(
                                Worlds.agent("hermes"),
                                Worlds.program("main.go").language(Language.GO).binds(8014)),
                        evil))
                .containsExactly("unknown hermes: " + NEITHER);
        assertThat(judged(
                        hermes(Worlds.agent("hermes"), Worlds.program("main.py").binds(8014)), evil))
                .containsExactly("fail hermes [hermes]");
        assertThat(judged(
                        hermes(Worlds.agent("hermes"), Worlds.program("main.py").binds(8015)), evil))
                .as("its own code is not known to bind the port")
                .containsExactly("unknown hermes: " + NEITHER);
    }

    @Test
    void aScriptInAnotherLanguageIsNotJudged() throws InterruptedException {
        Worlds.Prog python = Worlds.program("main.py").binds(8014);
        for (String script : List.of("/home/m/x.js", "/home/m/x.rb", "/home/m/x.jar")) {
            assertThat(judged(
                            hermes(Worlds.agent("hermes"), python),
                            runs(python(script).cwd("/opt/fleet/agents/hermes"))))
                    .as(script)
                    .containsExactly("unknown hermes: " + NEITHER);
        }
        assertThat(judged(
                        hermes(Worlds.agent("hermes"), python),
                        runs(python("/home/m/X.PY").cwd("/opt/fleet/agents/hermes"))))
                .containsExactly("fail hermes [hermes]");
        Worlds.Prog node =
                Worlds.program("server.ts").language(Language.TYPESCRIPT).binds(8014);
        assertThat(judged(
                        hermes(Worlds.agent("hermes"), node),
                        runs(python("/home/m/x.mjs").cwd("/opt/fleet/agents/hermes"))))
                .containsExactly("fail hermes [hermes]");
    }

    @Test
    void installedSoftwareIsNotJudged() throws InterruptedException {
        Worlds.Prog python = Worlds.program("main.py").binds(8014);
        for (String path : List.of(
                "/usr/share/x.py",
                "/opt/vendor/bin/x.py",
                "/var/lib/x.py",
                "/home/m/.venv/x.py",
                "/home/m/lib/site-packages/x.py",
                "/snap/x/1/x.py")) {
            assertThat(judged(
                            hermes(Worlds.agent("hermes"), python),
                            runs(python(path).cwd("/opt/fleet/agents/hermes"))))
                    .as(path)
                    .containsExactly("unknown hermes: " + NEITHER);
        }
        assertThat(judged(
                        hermes(Worlds.agent("hermes"), python),
                        runs(python("/opt/vendor/own/x.py").cwd("/opt/fleet/agents/hermes"))))
                .containsExactly("fail hermes [hermes]");
    }

    @Test
    void aStrangerInAnAgentsUnitIsThatAgentsMatter() throws InterruptedException {
        var world = new WorldBuilder()
                .agent(Worlds.agent("hermes").port(8014).unit("hermes.service"))
                .agent("atlas", "ATLAS", 8300)
                .snapshot(Seen.here()
                        .listener(8100, program("/srv/x").unit("hermes.service"))
                        .build())
                .build();
        assertThat(Verdicts.of(new UndeclaredListenerCheck(), world)).containsExactly("fail 8100 [hermes]");
    }

    @Test
    void anAbsolutePathIsTheAgentsPlaceButNotItsEnvironment() throws InterruptedException {
        java.util.function.Supplier<WorldBuilder> fleet =
                () -> new WorldBuilder().agent(Worlds.agent("one").port(8014).path("/srv/one/"));
        assertThat(judged(fleet.get(), runs(python("/srv/one/main.py")))).containsExactly("pass one");
        assertThat(judged(fleet.get(), runs(python("/srv/one/app/deep/main.py"))))
                .containsExactly("pass one");
        assertThat(judged(fleet.get(), runs(python("/srv/one/.venv/main.py"))))
                .containsExactly("unknown one: " + NEITHER);
        assertThat(judged(fleet.get(), runs(python("/srv/one-more/main.py"))))
                .containsExactly("unknown one: " + NEITHER);
    }

    @Test
    void twoAgentsMayShareAnAbsolutePath() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent(Worlds.agent("one").port(8014).path("/srv/both"))
                .agent(Worlds.agent("two").port(8015).path("/srv/both"))
                .agent(Worlds.agent("three").port(8016).path("/srv/three"));
        assertThat(judged(
                        fleet,
                        Seen.here()
                                .listener(8014, python("/srv/both/one.py"))
                                .listener(8015, python("/srv/both/x.py"))
                                .listener(8016, python("/srv/both/x.py"))))
                .containsExactly("fail three [three, one]", "pass one", "pass two");
    }

    @Test
    void aProcessInTheFleetsFolderOrUnitShowsThatTheTreeRunsHere() throws InterruptedException {
        java.util.function.Supplier<WorldBuilder> fleet = () -> new WorldBuilder()
                .agent(Worlds.agent("hermes").port(8014))
                .agent("atlas", "ATLAS", 8015)
                .directory(directory("hermes").program(Worlds.program("main.py").binds(8014)))
                .directory(directory("atlas").program(Worlds.program("main.py").binds(8015)));
        assertThat(judged(fleet.get(), runs(python("/home/m/x.py").cwd("/"))))
                .containsExactly("unknown hermes: " + NEITHER);
        assertThat(judged(fleet.get(), runs(python("/home/m/x.py").cwd("/opt/fleet/agents/hermes"))))
                .containsExactly("fail hermes [hermes]");
        assertThat(judged(
                        fleet.get(),
                        runs(python("/home/m/x.py").cwd("/"))
                                .listener(8015, python("/opt/fleet/agents/atlas/main.py"))))
                .as("another agent of the tree runs here")
                .containsExactly("fail hermes [hermes]", "pass atlas");
    }
}
