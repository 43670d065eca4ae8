package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a package runner runs in the end, after the scripts of one package file. */
class PackageScriptsTest {
    private static final String SCRIPTS = """
            {"scripts": {
              "serve": "node api.js --port 8100",
              "deep": "npm run deeper", "deeper": "yarn serve",
              "one": "npm run two", "two": "npm run three", "three": "npm run four", "four": "npm run five",
              "five": "npm run six", "six": "node last.js",
              "loop": "npm run loop",
              "set": "PORT=8200 LEVEL=1 npm run inner", "inner": "LEVEL=2 node api.js",
              "passed": "PORT=8210 npm run passes", "passes": "node api.js --port $PORT",
              "both": "concurrently 'node a.js' 'node b.js'", "amp": "node a.js & node b.js", "vites": "vite & node b.js", "then": "npm ci && node api.js",
              "next": "next start", "next-port": "next start -p 8300", "vite": "vite", "vite-port": "vite --port 8400",
              "astro": "astro dev", "blank": "", "dev": "node api.js", "number": 7, "tool": "some-tool start"
            }, "devDependencies": {"vite": "^5.0.0"}}
            """;

    private static StartCommand followed(String command, Map<String, String> files) {
        StartCommand start = StartCommandParser.ofShell(command, Map.of(), 3);
        return PackageScripts.followed(start, "web", files::get, Map.of("FROM", "outside"));
    }

    private static StartCommand followed(String command) {
        return followed(command, Map.of("web/package.json", SCRIPTS));
    }

    @ParameterizedTest
    @CsvSource({
        "npm run serve, api.js",
        "npm run-script serve, api.js",
        "npm --silent run serve, api.js",
        "yarn serve, api.js",
        "pnpm run serve, api.js",
        "bun run serve, api.js",
        "bun serve, api.js",
        "PORT=1 /usr/bin/bun --watch dev, api.js",
        "npm run deep, api.js",
        "npm run then, api.js",
        "npm start, server.js",
    })
    void aScriptIsFollowedToItsProgram(String command, String module) {
        assertThat(followed(command).module()).isEqualTo(module);
        assertThat(followed(command).line()).isEqualTo(3);
    }

    @Test
    void argumentsAndPortsOfTheScriptCount() {
        StartCommand serve = followed("npm run serve");
        assertThat(serve.arguments()).containsExactly("--port", "8100");
        assertThat(serve.port()).isEqualTo(new PortValue.Known(8100, null));
        assertThat(serve.text()).isEqualTo("node api.js --port 8100");
    }

    @Test
    void variablesOfEveryScriptOnTheWayAreSet() {
        assertThat(followed("FIRST=1 npm run set").environment())
                .isEqualTo(Map.of("FIRST", "1", "PORT", "8200", "LEVEL", "2"));
    }

    @Test
    void aVariableThatIsSetOnTheWayStandsInTheCommand() {
        assertThat(followed("npm run passed").port()).isEqualTo(new PortValue.Known(8210, "PORT"));
    }

    @Test
    void whatNamesNoScriptStaysAsItIs() {
        for (String command : new String[] {
            "npm",
            "npm run",
            "npm run absent",
            "npm run number",
            "node api.js",
            "npx serve",
            "make serve",
            "bun index.ts",
            "bun start"
        }) {
            assertThat(followed(command)).as(command).isEqualTo(StartCommandParser.ofShell(command, Map.of(), 3));
        }
    }

    @Test
    void aPackageFileThatCannotBeReadSaysNothing() {
        StartCommand plain = StartCommandParser.ofShell("npm run serve", Map.of(), 3);
        assertThat(followed("npm run serve", Map.of())).isEqualTo(plain);
        assertThat(followed("npm run serve", Map.of("web/package.json", "{\"scripts\": {")))
                .isEqualTo(plain);
        assertThat(followed("npm run serve", Map.of("package.json", SCRIPTS))).isEqualTo(plain);
        assertThat(PackageScripts.followed(plain, "", Map.of("package.json", SCRIPTS)::get, Map.of())
                        .module())
                .isEqualTo("api.js");
    }

    @Test
    void chainsEndAfterFiveScripts() {
        assertThat(followed("npm run two").module()).isEqualTo("last.js");
        assertThat(followed("npm run one").module()).isNull();
        assertThat(followed("npm run loop").module()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"npm run both", "npm run amp", "npm run vites"})
    void severalProgramsAtOnceHaveNoSinglePort(String command) {
        StartCommand several = followed(command);
        assertThat(several.port()).isEqualTo(new PortValue.Unresolved("its script starts several programs", null));
        assertThat(several.module()).isNull();
        assertThat(several.text()).isEqualTo(command);
    }

    @Test
    void aToolServesWhereItsOptionOrItsConfigurationSays() {
        assertThat(followed("npm run next").port()).isEqualTo(new PortValue.Known(3000, "PORT"));
        assertThat(followed("npm run astro").port())
                .isEqualTo(new PortValue.Unresolved("the configuration of astro may name its port", "PORT"));
        assertThat(followed("npm run next-port").port()).isEqualTo(new PortValue.Known(8300, null));
        assertThat(followed("npm run vite").port()).isEqualTo(new PortValue.Known(5173, null));
        assertThat(followed("npm run vite").runner()).isEqualTo("vite");
        assertThat(followed("npm run vite-port").port()).isEqualTo(new PortValue.Known(8400, null));
        assertThat(followed("npm run tool").port()).isNull();
        // A tool that is named outright is not followed: nothing of the package says how.
        assertThat(followed("next start").port())
                .isEqualTo(StartCommandParser.ofShell("next start", Map.of(), 3).port());
    }

    @Test
    void viteIsAskedForItsConfiguration() {
        Map<String, String> files = new HashMap<>(Map.of("web/package.json", SCRIPTS));
        files.put("web/vite.config.ts", "export default { plugins: [] }");
        assertThat(followed("npm run vite", files).port()).isEqualTo(new PortValue.Known(5173, null));
        files.put("web/vite.config.ts", "export default { server: { port: 4000 } }");
        assertThat(followed("npm run vite", files).port())
                .isEqualTo(new PortValue.Unresolved("the configuration of vite may name its port", "PORT"));
    }
}
