package dev.panoptes.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.panoptes.code.Code.ProgramLookup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class CodeReaderTest {
    private static final String SERVER = "from flask import Flask\napp = Flask(__name__)\napp.run(port=8123)\n";

    @TempDir
    private Path root;

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Code read() throws IOException, InterruptedException {
        return new CodeReader(FactCache.none()).read(ScannedTree.at(root), "agents", List.of());
    }

    private static List<Integer> ports(CodeDirectory directory) {
        return directory.programs().stream()
                .flatMap(program -> program.ports().stream())
                .toList();
    }

    @Test
    void everyChildWithCodeIsADirectoryAndLooseFilesAreNone() throws IOException, InterruptedException {
        write("agents/one/main.py", SERVER);
        write("agents/empty/README.md", "nothing");
        write("agents/examples/README.md", "nothing");
        write("agents/loose.py", SERVER);

        Code code = read();

        assertThat(code.directories()).extracting(CodeDirectory::path).containsExactly("one");
        assertThat(code.directories().getFirst().rootPath()).isEqualTo("agents/one");
        assertThat(code.children()).containsExactly("empty", "examples", "one");
        assertThat(code.childrenIncomplete()).isNull();
    }

    @Test
    void foreignTestAndBuildFilesAreNotTheAgentsOwn() throws IOException, InterruptedException {
        write("agents/one/main.py", "x = 1\n");
        for (String folder : List.of(
                "node_modules/x",
                "vendor",
                "third_party",
                "venv/lib",
                ".venv/lib",
                "build",
                "dist",
                "__pycache__",
                "tests",
                "examples/basic",
                "docs",
                ".git")) {
            write("agents/one/" + folder + "/server.py", SERVER);
        }
        write("agents/one/env/pyvenv.cfg", "home = /usr\n");
        write("agents/one/env/server.py", SERVER);
        write("agents/one/test_server.py", SERVER);
        write("agents/one/conftest.py", SERVER);

        write("agents/one/org/example/Kept.java", "class Kept {}");

        CodeDirectory directory = read().directories().getFirst();
        assertThat(directory.files())
                .extracting(file -> file.path())
                .containsExactly("main.py", "org/example/Kept.java");
        assertThat(directory.programs()).isEmpty();
        assertThat(directory.incomplete()).isNull();
    }

    @Test
    void aBindSaysWhereItStandsAndWhetherLoadingIsEnough() throws IOException, InterruptedException {
        write("agents/one/main.py", SERVER);
        write("agents/two/main.py", """
            from flask import Flask
            app = Flask(__name__)
            if __name__ == "__main__":
                app.run(host="127.0.0.1",
                        port=8124)
            """);

        Code code = read();

        Bind loaded =
                code.directories().getFirst().programs().getFirst().binds().getFirst();
        Bind run = code.directories().getLast().programs().getFirst().binds().getFirst();
        assertThat(loaded)
                .isEqualTo(new Bind(
                        new PortValue.Known(8123, null),
                        "agents/one/main.py",
                        3,
                        "app.run(port=8123)",
                        "127.0.0.1",
                        true));
        assertThat(run)
                .isEqualTo(new Bind(
                        new PortValue.Known(8124, null),
                        "agents/two/main.py",
                        4,
                        "app.run(host=\"127.0.0.1\", port=8124)",
                        "127.0.0.1",
                        false));
    }

    @Test
    void anyFileBelowTheRootCanBeLookedUp() throws IOException, InterruptedException {
        write("agents/one/main.py", SERVER);
        write("tools/serve.py", SERVER);
        write("tools/words.py", "WORDS = ['a']\n");
        write("tools/notes.txt", "app.run(port=1)");

        Code code = read();

        assertThat(code.program("tools/serve.py"))
                .isInstanceOfSatisfying(
                        ProgramLookup.Found.class,
                        found -> assertThat(found.program().ports()).containsExactly(8123));
        assertThat(code.program("tools/words.py")).isInstanceOf(ProgramLookup.NoProgram.class);
        assertThat(code.program("tools/notes.txt")).isInstanceOf(ProgramLookup.NoProgram.class);
        assertThat(code.program("tools/none.py")).isInstanceOf(ProgramLookup.Absent.class);
        assertThat(code.program("../outside.py")).isInstanceOf(ProgramLookup.Absent.class);
        assertThat(code.program("agents/one/main.py/x.py")).isInstanceOf(ProgramLookup.Absent.class);
    }

    @Test
    void severalThreadsMayLookUpAtOnce() throws IOException, InterruptedException, ExecutionException {
        write("agents/one/main.py", "x = 1\n");
        for (int i = 0; i < 8; i++) {
            write("tools/t" + i + ".py", SERVER);
        }
        Code code = read();
        List<Callable<ProgramLookup>> tasks = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            String path = "tools/t" + i % 8 + ".py";
            tasks.add(() -> code.program(path));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<ProgramLookup> each : threads.invokeAll(tasks)) {
                assertThat(each.get()).isInstanceOf(ProgramLookup.Found.class);
            }
        }
    }

    @Test
    void linksThatLeaveTheTreeAreNotFollowed(@TempDir Path outside) throws IOException, InterruptedException {
        Files.writeString(outside.resolve("server.py"), SERVER);
        write("agents/one/main.py", "x = 1\n");
        Files.createSymbolicLink(root.resolve("agents/one/server.py"), outside.resolve("server.py"));
        Files.createSymbolicLink(root.resolve("agents/one/sub"), outside);

        Code code = read();

        CodeDirectory directory = code.directories().getFirst();
        assertThat(ports(directory)).isEmpty();
        assertThat(directory.incomplete()).contains("leads out");
        assertThat(code.program("agents/one/server.py")).isInstanceOf(ProgramLookup.Unreadable.class);
    }

    @Test
    void linksInALoopEnd() throws IOException, InterruptedException {
        write("agents/one/main.py", SERVER);
        Files.createSymbolicLink(root.resolve("agents/one/self"), root.resolve("agents/one"));
        Files.createSymbolicLink(root.resolve("agents/one/knot.py"), root.resolve("agents/one/knot.py"));

        CodeDirectory directory = read().directories().getFirst();

        assertThat(ports(directory)).containsExactly(8123);
        assertThat(directory.files()).hasSize(1);
    }

    @Test
    void whatCannotBeReadMakesTheDirectoryIncomplete() throws IOException, InterruptedException {
        write("agents/large/main.py", "#" + "x".repeat(SourceTree.LARGEST));
        write("agents/binary/main.py", "\0\1\2ELF");
        write("agents/deep/main.py", "import uvicorn\nx = " + "[".repeat(5_000) + "]".repeat(5_000) + "\n");

        List<CodeDirectory> directories = read().directories();

        assertThat(directories).extracting(CodeDirectory::path).containsExactly("binary", "deep", "large");
        assertThat(directories.get(0).incomplete()).isEqualTo("main.py is a binary file");
        assertThat(directories.get(1).incomplete()).contains("main.py: nested deeper");
        assertThat(directories.get(2).incomplete()).isEqualTo("main.py is larger than 1 MiB");
    }

    @Test
    void aFileWithoutReadPermissionMakesTheDirectoryIncomplete() throws IOException, InterruptedException {
        write("agents/one/main.py", SERVER);
        Path closed = root.resolve("agents/one/main.py");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        // Root may read it all the same. HostileTreeTest of the started program sees to it that somebody else tries.
        boolean allowed = Files.isReadable(closed);

        CodeDirectory directory = read().directories().getFirst();

        assertThat(String.valueOf(directory.incomplete())).contains(allowed ? "null" : "permission denied");
        assertThat(ports(directory)).isEqualTo(allowed ? List.of(8123) : List.of());
    }

    @Test
    void aFifoDoesNotBlock() throws IOException, InterruptedException {
        write("agents/one/main.py", SERVER);
        Process made =
                new ProcessBuilder("mkfifo", root.resolve("agents/one/pipe.py").toString()).start();
        assertThat(made.waitFor()).isZero();

        assertThat(ports(read().directories().getFirst())).containsExactly(8123);
    }

    @Test
    void invalidTextIsReadAsFarAsItGoes() throws IOException, InterruptedException {
        byte[] text = ("# caf\u00e9\n" + SERVER).getBytes(StandardCharsets.ISO_8859_1);
        Files.createDirectories(root.resolve("agents/one"));
        Files.write(root.resolve("agents/one/main.py"), text);

        assertThat(ports(read().directories().getFirst())).containsExactly(8123);
    }

    @Test
    void aFolderOfVeryManyFilesIsBounded() throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("agents/one"));
        for (int i = 0; i < 10_050; i++) {
            Files.createFile(root.resolve("agents/one/f" + i + ".py"));
        }

        CodeDirectory directory = read().directories().getFirst();

        assertThat(directory.files()).hasSize(10_000);
        assertThat(directory.incomplete()).contains("more than 10000");
    }

    @Test
    void anEndlessProgramIsStopped() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder("import uvicorn\ndef f0():\n    return 1\n");
        for (int i = 1; i < 30; i++) {
            text.append("def f")
                    .append(i)
                    .append("():\n    f")
                    .append(i - 1)
                    .append("()\n    f")
                    .append(i - 1)
                    .append("()\n");
        }
        write("agents/one/main.py", text + "f29()\nuvicorn.run('x:y', port=8125)\n");

        CodeDirectory directory = read().directories().getFirst();

        assertThat(directory.incomplete()).contains("takes more than");
    }

    @Test
    void theEndpointsOfTheRegistryCountAsHealth() throws IOException, InterruptedException {
        write("agents/one/main.py", """
            from fastapi import FastAPI
            app = FastAPI()

            @app.get("/status/live")
            def live():
                return {"agent": "OWL"}
            """);
        CodeReader reader = new CodeReader(FactCache.none(), Set.of("/status/live"));

        CodeDirectory directory = reader.read(ScannedTree.at(root), "agents", List.of())
                .directories()
                .getFirst();

        assertThat(directory.programs().getFirst().names())
                .extracting(name -> name.value())
                .containsExactly("OWL");
    }

    @Test
    void anUnknownNameSaysWhy() throws IOException, InterruptedException {
        write("agents/one/main.py", """
            import os
            from fastapi import FastAPI
            app = FastAPI()

            @app.get("/health")
            def health():
                return {"agent": os.environ["AGENT"]}
            """);

        assertThat(read().directories().getFirst().programs().getFirst().nameUnknown())
                .isEqualTo("agents/one/main.py:7 returns \"agent\": os.environ[\"AGENT\"], and the environment variable"
                        + " AGENT decides and has no default");
    }

    @Test
    void directoriesElsewhereAreReadByTheirPath() throws IOException, InterruptedException {
        write("agents/one/main.py", SERVER);
        write("services/two/main.py", SERVER.replace("8123", "8126"));

        Code code = new CodeReader(FactCache.none())
                .read(ScannedTree.at(root), "agents", List.of("services/two", "services/none", "agents/one"));

        assertThat(code.directories()).extracting(CodeDirectory::path).containsExactly("one", "services/two");
        assertThat(ports(code.directories().getLast())).containsExactly(8126);
    }

    @Test
    void theAgentsPathThatIsNotThereIsTold() throws IOException, InterruptedException {
        Code code = read();

        assertThat(code.directories()).isEmpty();
        assertThat(code.childrenIncomplete()).isNotNull();
    }

    @Test
    void interruptionLeadsOut() throws IOException {
        write("agents/one/main.py", SERVER);
        Thread.currentThread().interrupt();

        assertThat(catchThrowable(this::read)).isInstanceOf(InterruptedException.class);
    }

    /** Nesting that is too deep to be parsed matters where it is called. */
    @Test
    void aFunctionThatCannotBeParsedIsToldWhereItIsCalled(@TempDir Path root) throws IOException, InterruptedException {
        String server = "from flask import Flask\n\ndef deep():\n    return a" + ".b".repeat(450)
                + "\n\n# CALL\nFlask(__name__).run(port=8123)\n";
        Files.createDirectories(root.resolve("agents/one"));
        assertThat(alone(root, server).incomplete()).isNull();
        assertThat(alone(root, server).programs()).hasSize(1);
        assertThat(alone(root, server.replace("# CALL", "deep()")).incomplete())
                .contains("deep() of agents/one/main.py cannot be parsed");
    }

    private static CodeDirectory alone(Path root, String program) throws IOException, InterruptedException {
        Files.writeString(root.resolve("agents/one/main.py"), program);
        return new CodeReader(FactCache.none())
                .read(ScannedTree.at(root), "agents", List.of())
                .directories()
                .getFirst();
    }
}
