package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.shell.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do with `adopt`: a first registry of a tree, a second run, a file that is there. */
class AdoptCommandTest {
    @TempDir
    Path directory;

    @Test
    void nothingIsWrittenOverAFileThatIsThere() throws IOException {
        Path file = Files.writeString(directory.resolve("agent-registry.yaml"), "# hand-made\nagents: {}\n");

        Session.Run run = new Session(directory).run("adopt", "--no-probe", "--output", file.toString());

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .contains(file + " is there already, and nothing is written over it")
                .contains("panoptes adopt --merge " + file + " --output " + file);
        assertThat(file).hasContent("# hand-made\nagents: {}\n");
    }

    @Test
    void aListOfAnotherProgramBecomesARegistry() throws IOException {
        Files.writeString(
                directory.resolve("mcp.json"), "{\"mcpServers\": {\"a\": {\"url\": \"http://a:8931\"}, \"b\": {}}}");

        Session.Run run = new Session(directory).run("adopt", "--from", "mcp.json");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("# What mcp.json, a list of MCP servers, names.")
                .contains("protocol: 'mcp'");
        assertThat(run.err()).contains("explains 1 of 2 entries\n  not b has neither url nor command");
    }

    @Test
    void aFileThatIsNoListIsRefusedWithTheNextStep() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), "services: {web: {image: nginx}}\n");

        Session.Run run = new Session(directory).run("adopt", "--from", "compose.yaml");
        Session.Run none = new Session(directory).run("adopt", "--from", "none.json");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .contains("compose.yaml is none of the lists that are known")
                .contains("--from-tree");
        assertThat(none.code()).isEqualTo(ExitCode.USAGE);
        assertThat(none.err()).contains("there is no file none.json");
    }

    @Test
    void theRegistryOfATreeAgreesWithTheNextScan() throws IOException {
        Path tree = Files.createDirectories(directory.resolve("fleet"));
        Files.writeString(tree.resolve("compose.yaml"), """
            services:
              web:
                build: ./agents/web
                ports: ["8080:8014"]
              store:
                image: example/store:1
                ports: ["5432:5432"]
              worker:
                image: example/worker:1
            """);
        Path web = Files.createDirectories(tree.resolve("agents/web"));
        Files.writeString(
                web.resolve("Dockerfile"), "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD [\"python\", \"main.py\"]\n");
        Files.writeString(web.resolve("main.py"), """
            import json
            from http.server import BaseHTTPRequestHandler, HTTPServer

            class Handler(BaseHTTPRequestHandler):
                def do_GET(self):
                    if self.path == "/health":
                        self.send_response(200)
                        self.end_headers()
                        self.wfile.write(json.dumps({"agent": "WEB-FRONT"}).encode())

            if __name__ == "__main__":
                HTTPServer(("0.0.0.0", 8014), Handler).serve_forever()
            """);
        Path registry = tree.resolve("agent-registry.yaml");

        Session.Run run = new Session(tree)
                .run("adopt", "--from-tree", "--root", tree.toString(), "--output", registry.toString());

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).contains("explains 2 of 3 units and services").contains("not compose.yaml#worker");
        assertThat(Files.readString(registry))
                .contains("web:", "name: 'WEB-FRONT'", "http://web:8014", "store:", "tcp://store:5432");
        Session.Run scan = new Session(tree)
                .run(
                        "scan",
                        "--offline",
                        "--registry",
                        registry.toString(),
                        "--root",
                        tree.toString(),
                        "--agents-path",
                        tree.resolve("agents").toString(),
                        "--fail-on",
                        "medium",
                        "--allow-unknown");
        assertThat(scan.code()).as(scan.out() + scan.err()).isEqualTo(ExitCode.OK);

        String before = Files.readString(registry);
        Session.Run again = new Session(tree)
                .run("adopt", "--from-tree", "--root", tree.toString(), "--merge", registry.toString());
        assertThat(again.out()).isEqualTo(before);
        assertThat(again.err()).startsWith("adds 0 agents");
    }

    @Test
    void aTreeThatStartsNothingIsToldForWhatItIs() {
        Session.Run run = new Session(directory).run("adopt", "--from-tree", "--root", directory.toString());

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("no unit and no compose service was found below");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void whatIsNoRegistryIsNotAddedTo() throws IOException {
        Path file = Files.writeString(directory.resolve("list.yaml"), "- a\n- b\n");

        Session.Run run = new Session(directory).run("adopt", "--no-probe", "--merge", file.toString());

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(file + " is no registry that can be added to");
        assertThat(file).hasContent("- a\n- b\n");
    }
}
