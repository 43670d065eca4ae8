package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.declared.Dockerfile.Copy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DockerfileReaderTest {
    private static Dockerfile read(String... lines) {
        return Texts.dockerfile("agents/a/Dockerfile", lines);
    }

    private static Dockerfile.Stage last(String... lines) {
        return read(lines).stages().getLast();
    }

    @Test
    void anOrdinaryAgent() {
        Dockerfile dockerfile = read(
                "# syntax=docker/dockerfile:1",
                "FROM python:3.12-slim",
                "WORKDIR /app",
                "COPY requirements.txt .",
                "RUN pip install -r requirements.txt",
                "COPY . .",
                "ENV PORT=8014",
                "EXPOSE 8014 9000-9002/udp",
                "CMD [\"uvicorn\", \"hermes:app\", \"--host\", \"0.0.0.0\", \"--port\", \"8014\"]");

        assertThat(dockerfile.directory()).isEqualTo("agents/a");
        StartCommand start = dockerfile.start();
        assertThat(start.runner()).isEqualTo("uvicorn");
        assertThat(start.module()).isEqualTo("hermes:app");
        assertThat(start.port()).isEqualTo(new PortValue.Known(8014, null));
        assertThat(start.line()).isEqualTo(9);
        assertThat(dockerfile.environment()).isEqualTo(Map.of("PORT", "8014"));
        assertThat(dockerfile.exposed())
                .extracting(each -> ((PortValue.Known) each.port()).port() + "/" + each.protocol())
                .containsExactly("8014/tcp", "9000/udp", "9001/udp", "9002/udp");
        assertThat(dockerfile.stages().getLast().copies())
                .containsExactly(
                        new Copy(List.of("requirements.txt"), "/app", true, null, false, 4),
                        new Copy(List.of("."), "/app", true, null, false, 6));
    }

    @Test
    void continuationsCommentsAndTheEscapeDirective() {
        Dockerfile.Stage stage = last(
                "# escape=`",
                "FROM python:3 AS one",
                "# a comment \\",
                "CMD python `",
                "  # between",
                "",
                "  main.py `  ",
                "  --port 8020");
        assertThat(stage.start().port()).isEqualTo(new PortValue.Known(8020, null));
        assertThat(stage.start().module()).isEqualTo("main.py");
        assertThat(stage.start().line()).isEqualTo(4);
        // The directive counts only before everything else.
        assertThat(last("FROM a", "# escape=`", "CMD a \\", " --port 1")
                        .command()
                        .words())
                .containsExactly("a  --port 1");
    }

    @Test
    void hereDocumentsAreNoInstructions() {
        Dockerfile.Stage stage = last(
                "FROM python:3",
                "RUN <<EOF cat > /x",
                "CMD [\"not\", \"this\"]",
                "EOF",
                "COPY <<-\"END\" start.sh /app/",
                "\tEXPOSE 1",
                "\tEND",
                "EXPOSE 2",
                "CMD python a.py");
        assertThat(stage.exposed()).hasSize(1);
        assertThat(stage.start().module()).isEqualTo("a.py");
        assertThat(stage.copies().getFirst().unclear()).isTrue();
        assertThat(read("FROM a", "RUN <<EOF", "never closed", "CMD b").start()).isNull();
        // A shift is no here-document.
        assertThat(last("FROM a", "RUN echo $((1<<3))", "CMD python b.py")
                        .start()
                        .module())
                .isEqualTo("b.py");
    }

    @Test
    void argumentsAndEnvironment() {
        Dockerfile.Stage stage = last(
                "ARG VERSION=3.12",
                "ARG PORT=8014",
                "FROM python:${VERSION}-slim",
                "ARG PORT",
                "ARG DIR=/srv OTHER",
                "ENV PORT=$PORT NAME=\"a b\" NESTED=${NONE:-${DIR}/x} OPEN=${OTHER}",
                "ENV OLD form of it",
                "WORKDIR $DIR",
                "WORKDIR app",
                "EXPOSE ${PORT}",
                "CMD uvicorn a:app --port ${PORT:-9}");
        assertThat(stage.base()).isEqualTo("python:3.12-slim");
        assertThat(stage.environment())
                .isEqualTo(Map.of("PORT", "8014", "NAME", "a b", "NESTED", "/srv/x", "OLD", "form of it"));
        assertThat(stage.unclear()).containsExactly("OPEN");
        assertThat(stage.arguments()).containsEntry("PORT", "PORT");
        assertThat(stage.workdir()).isEqualTo("/srv/app");
        assertThat(stage.exposed().getFirst().port()).isEqualTo(new PortValue.Known(8014, null));
        assertThat(stage.start().port()).isEqualTo(new PortValue.Known(8014, "PORT"));
    }

    @Test
    void anArgumentIsNotSetWhenTheContainerRuns() {
        StartCommand start = last("FROM python:3", "ARG PORT=8014", "CMD uvicorn a:app --port $PORT")
                .start();
        assertThat(start.port()).isInstanceOf(PortValue.Unresolved.class);
        assertThat(((PortValue.Unresolved) start.port()).variable()).isEqualTo("PORT");
    }

    @Test
    void aStageInheritsFromAnEarlierOne() {
        Dockerfile dockerfile = read(
                "FROM python:3.12 AS base",
                "WORKDIR /app",
                "COPY . .",
                "EXPOSE 8014",
                "CMD [\"python\", \"main.py\"]",
                "FROM node:22 AS web",
                "CMD [\"node\", \"w.js\"]",
                "FROM BASE",
                "ENV X=1",
                "EXPOSE 8015");
        Dockerfile.Stage stage = dockerfile.stages().getLast();
        assertThat(stage.base()).isEqualTo("python:3.12");
        assertThat(stage.start().module()).isEqualTo("main.py");
        assertThat(stage.workdir()).isEqualTo("/app");
        assertThat(stage.copies()).hasSize(1);
        assertThat(stage.exposed()).hasSize(2);
        assertThat(dockerfile.stage("web").orElseThrow().start().runner()).isEqualTo("node");
        assertThat(dockerfile.stage("none")).isEmpty();
    }

    @Test
    void entrypointAndCommandTogether() {
        assertThat(last("FROM a", "ENTRYPOINT [\"python\"]", "CMD [\"main.py\", \"--port\", \"8014\"]")
                        .start())
                .extracting(StartCommand::module, StartCommand::port)
                .containsExactly("main.py", new PortValue.Known(8014, null));
        // A script that ends with exec "$@".
        assertThat(last("FROM a", "ENTRYPOINT [\"/entrypoint.sh\"]", "CMD uvicorn x:app --port 8015")
                        .start())
                .extracting(StartCommand::module, StartCommand::port)
                .containsExactly("x:app", new PortValue.Known(8015, null));
        assertThat(last("FROM a", "ENTRYPOINT [\"tini\", \"--\"]", "CMD [\"node\", \"s.js\"]")
                        .start()
                        .module())
                .isEqualTo("s.js");
        // The shell form of ENTRYPOINT ignores CMD.
        assertThat(last("FROM a", "CMD [\"x.py\"]", "ENTRYPOINT python y.py")
                        .start()
                        .module())
                .isEqualTo("y.py");
        // An ENTRYPOINT clears the CMD that came with the stage below, not its own.
        assertThat(last("FROM a AS b", "CMD [\"x.py\"]", "FROM b", "ENTRYPOINT [\"python\"]")
                        .command())
                .isNull();
        assertThat(last("FROM a", "HEALTHCHECK CMD curl localhost:1", "ONBUILD CMD x")
                        .start())
                .isNull();
        assertThat(last("FROM a", "CMD []").start()).isNull();
        assertThat(last("FROM a", "CMD [not json]").command().shell()).isTrue();
    }

    @Test
    void placesOfCopies() {
        Dockerfile.Stage stage = last(
                "FROM python:3 AS built",
                "WORKDIR /app",
                "COPY --chown=1:1 --from=built /out /srv",
                "COPY [\"a b.py\", \"./sub/\"]",
                "COPY a.py b.py /x",
                "COPY a.py main.py",
                "ADD https://example.org/a.tar.gz /y",
                "ADD app.tar.gz /z",
                "COPY $WHERE /w",
                "COPY --parents src/a.py ./");
        assertThat(stage.copies())
                .extracting(Copy::sources, Copy::destination, Copy::intoFolder, Copy::from, Copy::unclear)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(List.of("/out"), "/srv", false, "built", false),
                        org.assertj.core.groups.Tuple.tuple(List.of("a b.py"), "/app/sub", true, null, false),
                        org.assertj.core.groups.Tuple.tuple(List.of("a.py", "b.py"), "/x", true, null, false),
                        org.assertj.core.groups.Tuple.tuple(List.of("a.py"), "/app/main.py", false, null, false),
                        org.assertj.core.groups.Tuple.tuple(
                                List.of("https://example.org/a.tar.gz"), "/y", false, null, true),
                        org.assertj.core.groups.Tuple.tuple(List.of("app.tar.gz"), "/z", false, null, true),
                        org.assertj.core.groups.Tuple.tuple(List.of(""), "/w", false, null, true),
                        org.assertj.core.groups.Tuple.tuple(List.of("src/a.py"), "/app", true, null, true));
    }

    @Test
    void whatOnlyLooksLikeADockerfileIsPassedOver(@TempDir Path root) throws IOException, InterruptedException {
        Files.writeString(root.resolve("Dockerfile.notes"), "just text\n");
        Files.writeString(root.resolve("Dockerfile"), "FROM a\nCMD b\n");
        Files.write(root.resolve("Dockerfile.binary"), new byte[] {1, 0, 2});
        Files.write(root.resolve("Dockerfile.large"), new byte[2 << 20]);
        ScannedTree tree = ScannedTree.at(root);

        DockerfileReader.Read read =
                DockerfileReader.readAll(tree, DeclarationFiles.in(tree).dockerfiles());

        assertThat(read.dockerfiles()).extracting(Dockerfile::rootPath).containsExactly("Dockerfile");
        assertThat(read.problems())
                .extracting(Problem::file, Problem::message)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("Dockerfile.binary", "the file is a binary file"),
                        org.assertj.core.groups.Tuple.tuple("Dockerfile.large", "the file is larger than 1024 KiB"));
    }

    @Test
    @Timeout(20)
    void hostileFilesEndInTime() {
        List<Problem> problems = new ArrayList<>();
        String bomb = "FROM a\nENV A=aaaaaaaaaaaaaaaaaaaa\n" + "ENV A=$A$A$A$A$A$A$A$A\n".repeat(5_000);
        assertThat(DockerfileReader.read("Dockerfile", bomb, problems)
                        .stages()
                        .getLast()
                        .unclear())
                .containsExactly("A");
        DockerfileReader.read("Dockerfile", "FROM a AS b\n" + "FROM b AS b\nCOPY x y\n".repeat(30_000), problems);
        DockerfileReader.read("Dockerfile", "FROM a\nCMD " + "${A:-".repeat(20_000), problems);
        DockerfileReader.read("Dockerfile", "FROM a\nENV B=" + "${A:-".repeat(20_000), problems);
        DockerfileReader.read("Dockerfile", "FROM a\nEXPOSE " + "1-65535 ".repeat(20_000), problems);
        DockerfileReader.read("Dockerfile", "FROM a\nCMD [" + "\"\\\\\",".repeat(100_000), problems);
        DockerfileReader.read("Dockerfile", "FROM a\nRUN x \\\n" + "y \\\n".repeat(200_000), problems);
        DockerfileReader.read("Dockerfile", "FROM a\nRUN " + "<<E ".repeat(15_000), problems);
        assertThat(problems).extracting(Problem::code).contains("dockerfile-too-long");
    }

    @Test
    @Timeout(30)
    void mutatedFilesNeverThrow() {
        String seed = """
            # escape=\\
            ARG V=3
            FROM python:${V} AS one
            WORKDIR /app
            ENV PORT=${P:-8014} A="b c"
            COPY --from=x ["a", "b/"]
            ADD <<EOF /x
            text
            EOF
            EXPOSE 80-90/tcp $PORT
            ENTRYPOINT ["python", "-u"]
            CMD ["main.py", "--port", "8014"] \\
            """;
        Random random = new Random(7);
        String alphabet = "\"'\\$`{}[]<>:-=#/ \n\tEOFCMDRUN\u0000\uFFFF\uD800é0";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(seed);
            int edits = 1 + random.nextInt(12);
            for (int edit = 0; edit < edits; edit++) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    case 1 -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    default -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(20)));
                }
            }
            Dockerfile read = DockerfileReader.read("d/Dockerfile", text.toString(), new ArrayList<>());
            assertThat(read.directory()).isEqualTo("d");
        }
    }
}
