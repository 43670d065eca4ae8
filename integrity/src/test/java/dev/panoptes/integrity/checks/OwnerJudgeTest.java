package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Seen.program;
import static dev.panoptes.integrity.world.Seen.python;
import static dev.panoptes.integrity.world.Worlds.directory;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.Language;
import dev.panoptes.code.LineSketch;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        WorldBuilder ending = new WorldBuilder()
                .agent(Worlds.agent("old").port(8014))
                .agent("hermes-old", "OLD", 8015)
                .directory(directory("old").program(Worlds.program("main.py").binds(8014)))
                .directory(directory("hermes-old")
                        .program(Worlds.program("main.py").binds(8015)));
        assertThat(judged(ending, runs(python("/opt/fleet/agents/hermes-old/main.py"))))
                .containsExactly("fail old [old, hermes-old]");
        WorldBuilder absolute = new WorldBuilder()
                .agent(Worlds.agent("hermes").port(8014).path("/hermes"))
                .agent(Worlds.agent("hermes-old").port(8015).path("/hermes-old"));
        assertThat(judged(absolute, runs(python("/hermes-old/main.py"))))
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
    void aScriptInAnotherLanguageIsForeignToo() throws InterruptedException {
        Worlds.Prog python = Worlds.program("main.py").binds(8014);
        for (String script : List.of("/home/m/x.js", "/home/m/x.rb", "/home/m/x.jar")) {
            assertThat(judged(
                            hermes(Worlds.agent("hermes"), python),
                            runs(python(script).cwd("/opt/fleet/agents/hermes"))))
                    .as(script)
                    .containsExactly("fail hermes [hermes]");
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

    @Test
    void ofACopyThatSeveralPlacesHoldTheAgentsIsNamed() throws InterruptedException {
        WorldBuilder fleet = hermes(Worlds.agent("hermes"), Worlds.program("main.py"))
                .agent("atlas", "ATLAS", 8015)
                .directory(directory("archive").file("main.py", 40, "abc", LineSketch.EMPTY))
                .directory(directory("atlas").file("main.py", 40, "abc", LineSketch.EMPTY));

        assertThat(judged(fleet, runs(python("/home/me/copy.py").digest("abc"))))
                .containsExactly("fail hermes [hermes, atlas]");
    }

    @Test
    void aProcessThatShowsNothingOfItselfIsNotJudged() throws InterruptedException {
        Worlds.Prog python = Worlds.program("main.py").binds(8014);
        String hidden = "unknown hermes: the executable of the process is hidden";
        String activated = "unknown hermes: systemd holds the socket for a service (socket activation)";

        assertThat(judged(hermes(python), runs(Seen.hidden()))).containsExactly(hidden);
        assertThat(judged(hermes(python), runs(Seen.hidden("python3", "main.py"))))
                .containsExactly(hidden);
        assertThat(judged(hermes(python), runs(Seen.hidden("/usr/lib/systemd/systemd", "--user"))))
                .containsExactly(activated);
        assertThat(judged(hermes(python), runs(program("/sbin/init").pid(1)))).containsExactly(activated);
        assertThat(judged(hermes(python), runs(program("/sbin/init").pid(2))))
                .containsExactly("unknown hermes: " + NEITHER);
        assertThat(judged(hermes(python), runs(program("/srv/init-2").pid(1))))
                .containsExactly("unknown hermes: " + NEITHER);
    }

    @Test
    void aScriptIsJudgedByItsPathWhereItsLinkCannotBeFollowed() throws InterruptedException {
        Worlds.Prog python = Worlds.program("main.py").binds(8014);
        assertThat(judged(
                        hermes(python),
                        runs(python("/opt/fleet/agents/hermes/main.py").unresolved())))
                .containsExactly("pass hermes");
        assertThat(judged(hermes(python), runs(python("main.py"))))
                .as("a path of which nobody knows where it begins")
                .containsExactly("unknown hermes: which code its interpreter runs cannot be seen");
        assertThat(judged(
                        hermes(python),
                        runs(python("/home/m/x.py").real("/usr/share/x.py").cwd("/opt/fleet/agents/hermes"))))
                .as("a link to installed software")
                .containsExactly("unknown hermes: " + NEITHER);
    }

    @Test
    void codeThatNobodyReadIsNotKnownToBindThePort() throws InterruptedException {
        assertThat(judged(
                        new WorldBuilder().agent(Worlds.agent("one").port(8014).path("/srv/one")),
                        runs(python("/home/m/x.py").cwd("/srv/one"))))
                .containsExactly("unknown one: " + NEITHER);
    }

    @Test
    void onlyAnotherAgentsCodeShowsThatTheTreeRunsHere() throws InterruptedException {
        java.util.function.Supplier<WorldBuilder> fleet =
                () -> hermes(Worlds.agent("hermes"), Worlds.program("main.py").binds(8014))
                        .directory(directory("common").program(Worlds.program("run.py")));
        Seen.Process stranger = python("/home/m/x.py").cwd("/");

        assertThat(judged(fleet.get(), runs(stranger).listener(9000, python("/opt/fleet/agents/hermes/main.py"))))
                .as("its own code on another port")
                .containsExactly("unknown hermes: " + NEITHER);
        assertThat(judged(fleet.get(), runs(stranger).listener(9000, python("/opt/fleet/agents/common/run.py"))))
                .as("code of nobody")
                .containsExactly("unknown hermes: " + NEITHER);
    }

    /** What the agent's unit works in and starts, where a script of nobody runs in it and the agent's code binds the port. */
    @ParameterizedTest
    @CsvSource({
        "/opt/fleet/agents/hermes, /usr/bin/run, fail hermes [hermes]",
        "/srv, /usr/bin/python3 /opt/fleet/agents/hermes/main.py, fail hermes [hermes]",
        "/srv, /usr/bin/run, 'unknown hermes: " + NEITHER + "'",
    })
    void aUnitOfTheHostThatStartsTheAgentsCodeShowsThatTheTreeRunsHere(String works, String starts, String verdict)
            throws InterruptedException {
        assertThat(judged(
                        hermes(Worlds.agent("hermes"), Worlds.program("main.py").binds(8014)),
                        runs(python("/home/m/x.py").unit("any.service"))
                                .unit(UnitStates.unit("any.service")
                                        .directory(works)
                                        .starts(starts)
                                        .build())))
                .containsExactly(verdict);
    }

    /** What the unit of an agent without code starts, and what runs in it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/usr/sbin/nginx -g daemon       | /usr/sbin/nginx   | true",
                "/usr/sbin/nginx                 | /opt/nginx/nginx  | true",
                "/usr/bin/caddy run              | /usr/sbin/nginx   | false",
                "/usr/bin/env nginx2             | /usr/sbin/nginx   | true",
                "/bin/sh -c /srv/start           | /usr/sbin/nginx   | true",
                "/usr/bin/python3 /srv/serve.py  | /usr/bin/python3.11 /srv/serve.py | true",
                "/srv/serve                      | /usr/bin/python3.11 /srv/serve.py | true",
                "/usr/bin/python3.12 -m serve    | /usr/bin/python3.11 /srv/other.py | true",
                "/usr/bin/node /srv/serve.js     | /usr/bin/python3.11 /srv/serve.py | false",
            })
    void aUnitThatStartsAnotherProgramProvesNothing(String starts, String runs, boolean same)
            throws InterruptedException {
        Seen.Process process = runs.contains(" ") ? python(runs.substring(runs.indexOf(' ') + 1)) : program(runs);
        assertThat(judged(
                        new WorldBuilder()
                                .agent(Worlds.agent("hermes").port(8014).unit("hermes.service")),
                        runs(process.unit("hermes.service"))
                                .unit(UnitStates.unit("hermes.service")
                                        .starts(starts)
                                        .build())))
                .containsExactly(
                        same
                                ? "pass hermes"
                                : "unknown hermes: it runs in hermes.service, the unit of the agent, which starts another"
                                        + " program than this one");
    }

    @Test
    void aUnitIsAnAgentsBySeveralWays() throws InterruptedException {
        Profile pattern = new Profile("", null, null, "fleet-{key}", List.of(), null, null, null, null);
        WorldBuilder plain = new WorldBuilder().agent(Worlds.agent("hermes").port(8014));
        assertThat(judged(
                        plain.profile(pattern), runs(program("/usr/sbin/nginx").unit("fleet-hermes.service"))))
                .as("the pattern of the profile")
                .containsExactly("pass hermes");
        assertThat(judged(
                        new WorldBuilder().agent(Worlds.agent("hermes").port(8014)),
                        runs(program("/usr/sbin/nginx").unit("worker.service"))
                                .unit(UnitStates.unit("worker.service")
                                        .directory("/srv/hermes")
                                        .build())))
                .as("a unit of the host that works in a directory called like the agent")
                .containsExactly("pass hermes");
        assertThat(judged(
                        hermes(Worlds.agent("hermes"), Worlds.program("main.py"))
                                .unit(Worlds.unit("worker.service").workingDirectory("/opt/fleet/agents/hermes")),
                        runs(program("/usr/sbin/nginx").unit("worker.service"))))
                .as("a unit file that works in its directory")
                .containsExactly("pass hermes");
        assertThat(judged(
                        new WorldBuilder()
                                .agent(Worlds.agent("hermes").port(8014).unit("fleet-hermes.service")),
                        runs(program("/usr/sbin/nginx").unit("fleet-hermes.service"))
                                .unit(UnitStates.unit("hermes.service")
                                        .alias("fleet-hermes.service")
                                        .starts("/usr/bin/caddy")
                                        .build())))
                .as("the process is seen in the unit by an alias of its name")
                .containsExactly("unknown hermes: it runs in fleet-hermes.service, the unit of the agent, which starts"
                        + " another program than this one");
    }

    @Test
    void codeThatTheAgentsUnitLoadsIsTheAgent() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .agent(Worlds.agent("hermes").port(8014).unit("hermes.service"))
                .agent("atlas", "ATLAS", 8015)
                .directory(directory("atlas").program(Worlds.program("main.py").binds(8015)))
                .unit(Worlds.unit("hermes.service").exec("/usr/bin/python3 /opt/fleet/agents/atlas/main.py"));

        assertThat(judged(fleet, runs(python("/opt/fleet/agents/atlas/main.py"))))
                .containsExactly("pass hermes");
    }
}
