package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.StartedProgram.Ended;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything hostile at once, through the started program in a heap of 256 MB: each is told once and clearly, and the fault
 * that stands beside it is found all the same.
 */
@Tag("e2e")
@Timeout(120)
final class HostileTreeTest {
    private static final String FLEET = """
            agents:
              one: {name: ONE, connection: {url: 'http://one:7001'}, actions: {a: {endpoint: /a}}}
              two: {name: TWO, connection: {url: 'http://two:7001'}, actions: {a: {endpoint: /a}}}
            """;

    @TempDir
    private Path root;

    @BeforeEach
    void writeFleet() throws IOException {
        write("agent-registry.yaml", FLEET);
        write("agents/one/main.py", "import uvicorn\nuvicorn.run('a:b', port=7001)\n");
    }

    @Test
    void everyTrapIsToldAndTheRestIsScanned() throws IOException, InterruptedException {
        String deep = "(".repeat(5_000) + "1" + ")".repeat(5_000);
        write("agents/deep-py/main.py", "import uvicorn\nuvicorn.run('a:b', port=" + deep + ")\n");
        write("agents/deep-js/main.js", "require('http').createServer().listen(" + deep + ")\n");
        write("agents/deep-ts/main.ts", "import http from 'http'; http.createServer().listen(" + deep + ")\n");
        write("agents/deep-go/main.go", "package main\nfunc main() { http.ListenAndServe(" + deep + ", nil) }\n");
        write("agents/deep-java/M.java", "class M { void main() { new ServerSocket(" + deep + "); } }\n");
        write("agents/deep-sh/run.sh", "exec uvicorn a:b --port " + "$(echo ".repeat(5_000) + ")".repeat(5_000) + "\n");
        write("agents/large/main.py", "x = 1\n".repeat(1_700_000));
        write("agents/binary/main.py", "\u007fELF\0\0\1");
        write("agents/loop/main.py", "x = 1\n");
        Files.createSymbolicLink(root.resolve("agents/loop/up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("agents/loop/knot.py"), Path.of("knot.py"));
        write("agents/closed/main.py", "x = 1\n");
        Files.setPosixFilePermissions(
                root.resolve("agents/closed/main.py"), PosixFilePermissions.fromString("---------"));
        write("agents/fifo/main.py", "x = 1\n");
        fifo("agents/fifo/pipe.py");
        fifo("fifo/compose.yml");
        fifo("fifo/pipe.service");
        fifo("fifo/Dockerfile");
        Files.createDirectories(root.resolve("latin"));
        Files.write(
                root.resolve("latin/compose.yml"), "services: {caf\u00e9: {}}\n".getBytes(StandardCharsets.ISO_8859_1));
        write("bomb/compose.yml", bomb("x-") + "services: {x: {ports: *a39}}\n");
        write("cyclic/compose.yml", "services: &s\n  x: {build: *s}\n");
        write("unset/compose.yml", "services: {u: {image: $I, ports: ['$A:$B', '${C}'], command: [$D, '${E:?no}']}}\n");
        write("long/long.service", "[Service]\nExecStart=/bin/true " + "\\\n a".repeat(50_000) + "\n");
        write("long/Dockerfile", "FROM x\nRUN a " + "\\\n b".repeat(100_000) + "\n");

        Ended ended = scan(List.of("--root", ".", "--agents-path", "agents"));

        assertThat(ended.code()).as(ended.err()).isEqualTo(1);
        assertThat(ended.err()).isEmpty();
        JsonNode report = new JsonMapper().readTree(ended.out());
        assertThat(report.get("issues")
                        .valueStream()
                        .map(issue -> issue.get("id").stringValue()))
                .contains("port-conflict-7001")
                .noneMatch(id -> id.startsWith("scanner-error") || id.startsWith("code-port-conflict"));
        List<String> code = unknowns(report, "code-port-conflict");
        assertThat(code)
                .containsExactlyInAnyOrder(
                        "binary: main.py is a binary file",
                        "closed: main.py cannot be read: permission denied",
                        "deep-go: main.go: nested deeper than 400 levels",
                        "deep-java: M.java: nested deeper than 400 levels",
                        "deep-js: main.js: nested deeper than 400 levels",
                        "deep-py: main.py: nested deeper than 400 levels",
                        "deep-sh: run.sh: nested deeper than 400 levels",
                        "deep-ts: main.ts: nested deeper than 400 levels",
                        "large: main.py is larger than 1 MiB",
                        "loop: knot.py cannot be looked at: its links lead in a circle");
        assertThat(unknowns(report, "unreadable-declaration"))
                .contains(
                        "fifo/Dockerfile: it is no regular file, so it was not opened",
                        "fifo/compose.yml: it is no regular file, so it was not opened",
                        "fifo/pipe.service: it is no regular file, so it was not opened",
                        "latin/compose.yml: the file is not valid UTF-8; unreadable characters were replaced",
                        "bomb/compose.yml: ports is no list",
                        "cyclic/compose.yml: the anchor s contains itself")
                .noneMatch(text -> text.startsWith("long/"));
    }

    @Test
    void aHundredThousandFilesAreBounded() throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("agents/many"));
        for (int i = 0; i < 100_000; i++) {
            Files.createFile(root.resolve("agents/many/f" + i + ".py"));
        }

        Ended ended = scan(List.of("--root", ".", "--agents-path", "agents"));

        assertThat(ended.code()).isEqualTo(1);
        JsonNode report = new JsonMapper().readTree(ended.out());
        assertThat(unknowns(report, "code-port-conflict"))
                .containsExactly("many: it holds more than 10000 source files");
    }

    @ParameterizedTest
    @CsvSource({
        "bomb, holds more than 500000 values",
        "large, is larger than 16777216 bytes",
        "fifo, is not a regular file"
    })
    void aRegistryThatIsATrapIsOneCriticalIssue(String kind, String told) throws IOException, InterruptedException {
        Path registry = root.resolve("agent-registry.yaml");
        Files.delete(registry);
        switch (kind) {
            case "bomb" -> Files.writeString(registry, "agents:\n" + bomb("  "));
            case "fifo" -> fifo("agent-registry.yaml");
            default -> {
                try (RandomAccessFile sparse = new RandomAccessFile(registry.toFile(), "rw")) {
                    sparse.setLength(100 << 20);
                }
            }
        }

        Ended ended = scan(List.of());

        assertThat(ended.code()).as(ended.err()).isEqualTo(1);
        JsonNode issues = new JsonMapper().readTree(ended.out()).get("issues");
        assertThat(issues.valueStream().map(issue -> issue.get("id").stringValue()))
                .containsExactly("registry-parse-error");
        assertThat(issues.get(0).get("description").stringValue()).contains(told);
    }

    private Ended scan(List<String> options) throws IOException, InterruptedException {
        List<String> arguments =
                new ArrayList<>(List.of("scan", "--offline", "--no-cache", "--format", "json", "--allow-unknown"));
        arguments.addAll(options);
        List<String> command = new ArrayList<>();
        if (Files.isReadable(Path.of("/proc/1/environ"))) {
            // Root reads what nobody may read; without these two capabilities it does not (capabilities(7)).
            command.addAll(List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"));
        }
        command.addAll(StartedProgram.command(List.of("-Xmx256m"), arguments.toArray(String[]::new)));
        return StartedProgram.of(root, command).end();
    }

    private static List<String> unknowns(JsonNode report, String check) {
        return report.get("unknowns")
                .valueStream()
                .filter(unknown -> unknown.get("check").stringValue().equals(check))
                .map(unknown -> unknown.get("subject").stringValue() + ": "
                        + unknown.get("reason").stringValue())
                .toList();
    }

    private static String bomb(String indent) {
        StringBuilder text = new StringBuilder(indent + "a0: &a0 {name: x}\n");
        for (int i = 1; i < 40; i++) {
            text.append("%sa%d: &a%d {substeps: [*a%d, *a%d]}\n".formatted(indent, i, i, i - 1, i - 1));
        }
        return text.toString();
    }

    private void fifo(String path) throws IOException, InterruptedException {
        Files.createDirectories(root.resolve(path).getParent());
        assertThat(new ProcessBuilder("mkfifo", root.resolve(path).toString())
                        .start()
                        .waitFor())
                .isZero();
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }
}
