package dev.panoptes.integrity.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.PortValue;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each place that gives two its port 8704, and which lines of it become 8705. */
class PortMoveTest {
    @TempDir
    private Path root;

    private Fleet fleet;
    private Workspace workspace;
    private List<String> steps;

    @BeforeEach
    void makeAFolder() {
        fleet = new Fleet(root);
    }

    /** True where every place was edited; the builder says that the URL of its first agent stands in the fourth line. */
    private boolean moved(WorldBuilder builder) throws IOException {
        fleet.write("agent-registry.yaml", "agents:\n  two:\n    url:\n    http://two:8704\n");
        World world = builder.agent("two", "TWO", 8704).in(root).build();
        workspace = new Workspace(root);
        PlanContext context = new PlanContext(world, workspace, List.of(), "");
        PortMove move = new PortMove(
                world.registry().agent("two").orElseThrow(),
                context.directory("two").orElse(null),
                8704,
                8705,
                context);
        boolean done = move.edit();
        steps = move.steps("two").stream().map(FixStep::what).toList();
        return done;
    }

    private static WorldBuilder code(PortValue port) {
        return new WorldBuilder()
                .directory(Worlds.directory("two")
                        .program(Worlds.program("main.py").binds(port))
                        .file("other.py", 5));
    }

    private String now(String path) {
        return String.join("\n", workspace.lines(path).orElseThrow());
    }

    @Test
    void whatAContainerBindsOnTheHostsNetworkMovesInItsQuadlet() throws IOException {
        fleet.write("quadlets/two.container", """
            [Container]
            Image=example/two
            Network=host
            Exec=uvicorn main:app --port 8704
            """);
        assertThat(moved(new WorldBuilder())).isTrue();
        assertThat(now("quadlets/two.container")).contains("Exec=uvicorn main:app --port 8705\n");
        assertThat(steps)
                .containsExactly(
                        "Declare two on 8705 in the registry",
                        "Let two use 8705 instead of 8704 in quadlets/two.container");
    }

    /** Of a manifest or compose file that is one line, that line is the place. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pod.yaml     | {apiVersion: v1, kind: Pod, metadata: {name: two}, spec: {containers: [{name: two,"
                        + " ports: [{containerPort: 8704}]}]}}",
                "compose.yaml | services: {two: {image: x, ports: ['8704:80'], labels: ['8704 of two']}}",
            })
    void aFileOfOneLineIsEdited(String file, String text) throws IOException {
        fleet.write(file, text + "\n");
        assertThat(moved(new WorldBuilder())).isTrue();
        assertThat(now(file)).isEqualTo(text.replace("8704", "8705") + "\n");
        assertThat(steps).contains("Let two use 8705 instead of 8704 in " + file);
    }

    @Test
    void aVariableOfAPublishedPortMovesWhereGitHoldsItAndByHandElse() throws IOException, InterruptedException {
        fleet.write("compose.yaml", "services:\n  two:\n    image: x\n    ports: ['${TWO_PORT}:80']\n")
                .write(".env", "TWO_PORT=8704\n")
                .track();
        assertThat(moved(new WorldBuilder())).isTrue();
        assertThat(now(".env")).isEqualTo("TWO_PORT=8705\n");
        fleet.write(".env", "# changed since\nTWO_PORT=8704\n");
        assertThat(moved(new WorldBuilder())).isFalse();
        assertThat(now(".env")).isEqualTo("# changed since\nTWO_PORT=8704\n");
        assertThat(steps).containsExactly("Declare two on 8705 in the registry", "Set TWO_PORT to 8705 in .env");
    }

    @Test
    void anEnvironmentFileThatDoesNotSetThePortHoldsNobodyUp() throws IOException {
        fleet.write("compose.yaml", """
            services:
              two:
                image: x
                env_file: settings
                ports: ['8704:80']
            """).write("settings", "LIMIT=8704\nOTHER_PORT=8703\n");
        assertThat(moved(new WorldBuilder())).isTrue();
        assertThat(now("settings")).isEqualTo("LIMIT=8704\nOTHER_PORT=8703\n");
        fleet.write("settings", "LIMIT=8704\nTWO_PORT=8704\n");
        assertThat(moved(new WorldBuilder())).isFalse();
        assertThat(steps).contains("Set the port to 8705 instead of 8704 in settings");
    }

    @Test
    void aServiceEndsWhereTheNextBeginsAndNotAtABlankLine() throws IOException {
        fleet.write("compose.yaml", """
            services:
              two:
                image: x
                network_mode: host
                ports: ['8704:8704']

                command: serve --port=8704
              next:
                command: serve --port=8704
            """);
        assertThat(moved(new WorldBuilder())).isTrue();
        assertThat(now("compose.yaml")).isEqualTo("""
            services:
              two:
                image: x
                network_mode: host
                ports: ['8705:8705']

                command: serve --port=8705
              next:
                command: serve --port=8704
            """);
    }

    @Test
    void whatTheCodeNamesMovesInItsOneFile() throws IOException {
        fleet.write("agents/two/main.py", "import other\nPORT = 8704\n")
                .write("agents/two/other.py", "# not 8704\n")
                .write("Procfile", "two: python3 agents/two/main.py\n");
        assertThat(moved(code(new PortValue.Known(8704, null)))).isTrue();
        assertThat(now("agents/two/main.py")).isEqualTo("import other\nPORT = 8705\n");
        assertThat(steps)
                .containsExactly(
                        "Declare two on 8705 in the registry",
                        "Let two use 8705 instead of 8704 in agents/two/main.py");
    }

    @Test
    void whatTheCodeNamesTwiceIsNotEditedWhereItBindsEither() throws IOException {
        String bind = "\n".repeat(39) + "serve(8704)\nlimit(8704)\n";
        fleet.write("agents/two/main.py", bind).write("Procfile", "two: python3 agents/two/main.py\n");
        assertThat(moved(code(new PortValue.Known(8704, null)))).isFalse();
        assertThat(now("agents/two/main.py")).isEqualTo(bind);
        assertThat(steps)
                .containsExactly(
                        "Declare two on 8705 in the registry", "Let the code in agents/two bind 8705 instead of 8704");
    }

    @Test
    void aProcessMovesInTheLineThatStartsIt() throws IOException {
        fleet.write("agents/two/main.py", "serve(environment['PORT'])\n")
                .write("Procfile", "one: PORT=8704 python3 one.py\ntwo: PORT=8704 python3 agents/two/main.py\n");
        assertThat(moved(code(new PortValue.Known(9000, "PORT")))).isTrue();
        assertThat(now("Procfile"))
                .isEqualTo("one: PORT=8704 python3 one.py\ntwo: PORT=8705 python3 agents/two/main.py\n");
        assertThat(steps)
                .containsExactly("Declare two on 8705 in the registry", "Let two use 8705 instead of 8704 in Procfile");
    }

    @Test
    void aProcessThatIsGivenItsPortElsewhereIsLeftToAPerson() throws IOException {
        fleet.write("agents/two/main.py", "serve(environment['PORT'])\n").write("ecosystem.config.json", """
            {"apps": [{
              "name": "two",
              "script": "agents/two/main.py",
              "env": {"PORT": 8704}
            }]}
            """);
        assertThat(moved(code(new PortValue.Known(9000, "PORT")))).isFalse();
        assertThat(steps)
                .containsExactly(
                        "Declare two on 8705 in the registry",
                        "Let ecosystem.config.json#two start it on 8705 instead of 8704");
    }

    @Test
    void whereTheProgramTakesItsPortFromSomethingUnreadTheRegistryIsNotMovedAlone() throws IOException {
        fleet.write("agents/two/main.py", "serve(json.load(open('settings.json'))['port'])\n")
                .write("agents/two/settings.json", "{\"port\": 8704}\n");
        assertThat(moved(code(new PortValue.Unresolved("it is looked up while the program runs", null))))
                .isFalse();
        assertThat(steps)
                .containsExactly(
                        "Declare two on 8705 in the registry",
                        "Let the program in agents/two bind 8705 instead of 8704; where it takes its port from is not"
                                + " known");
    }

    @Test
    void linesThatEndAsOnWindowsMoveInEveryPlaceToo() throws IOException {
        fleet.write("agents/two/main.py", "PORT = 8704\r\n")
                .write("agents/two/Dockerfile", "FROM x\r\nCOPY . .\r\nEXPOSE 8704\r\nCMD python3 main.py\r\n")
                .write(
                        "compose.yaml",
                        "services:\r\n  two:\r\n    build: agents/two\r\n    image: x/y:8704\r\n    ports:"
                                + " ['8704:8704']\r\n");
        assertThat(moved(code(new PortValue.Known(8704, null)))).isTrue();
        assertThat(now("agents/two/Dockerfile"))
                .isEqualTo("FROM x\r\nCOPY . .\r\nEXPOSE 8705\r\nCMD python3 main.py\r\n");
        assertThat(now("compose.yaml")).endsWith("    image: x/y:8704\r\n    ports: ['8705:8705']\r\n");
    }

    @Test
    void aNumberThatCountsSomethingIsNoPortThoughItBeTheSame() throws IOException {
        fleet.write("compose.yaml", """
            services:
              two:
                image: x
                command: serve --port 8704 --max-len 8704 --limit=8704
                environment: {PORT: "8704", LIMIT: "8704", ADMIN_PORT: 8704, MAX_PORT: 8704}
                ports: ['8704:8704']
            """);
        assertThat(moved(new WorldBuilder())).isTrue();
        assertThat(now("compose.yaml")).isEqualTo("""
            services:
              two:
                image: x
                command: serve --port 8705 --max-len 8704 --limit=8704
                environment: {PORT: "8705", LIMIT: "8704", ADMIN_PORT: 8705, MAX_PORT: 8705}
                ports: ['8705:8705']
            """);
    }
}
