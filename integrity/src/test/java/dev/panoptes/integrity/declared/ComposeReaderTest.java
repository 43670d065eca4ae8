package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.declared.ComposeFile.Published;
import dev.panoptes.integrity.declared.ComposeFile.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ComposeReaderTest {
    @TempDir
    private Path root;

    private void write(String path, String... lines) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private ComposeReader.Read readAll() throws IOException, InterruptedException {
        ScannedTree tree = ScannedTree.at(root);
        return ComposeReader.readAll(tree, DeclarationFiles.in(tree).composeFiles(), List.of());
    }

    private ComposeFile read(String... lines) throws IOException, InterruptedException {
        write("compose.yml", lines);
        ComposeReader.Read read = readAll();
        assertThat(read.problems()).isEmpty();
        assertThat(read.composeFiles()).hasSize(1);
        return read.composeFiles().getFirst();
    }

    private Service service(String... lines) throws IOException, InterruptedException {
        String[] all = new String[lines.length + 2];
        all[0] = "services:";
        all[1] = "  a:";
        for (int i = 0; i < lines.length; i++) {
            all[i + 2] = "    " + lines[i];
        }
        return read(all).services().getFirst();
    }

    private static String port(PortValue value) {
        return switch (value) {
            case null -> "any";
            case PortValue.Known known -> String.valueOf(known.port());
            case PortValue.Unresolved unresolved -> "?" + unresolved.variable();
        };
    }

    private static List<String> ports(Service service) {
        return service.ports().stream()
                .map(each ->
                        each.address() + "|" + port(each.host()) + "|" + port(each.container()) + "|" + each.protocol())
                .toList();
    }

    @Test
    void anOrdinaryService() throws IOException, InterruptedException {
        ComposeFile file = read(
                "version: '3.8'",
                "services:",
                "  hermes:",
                "    build: ./agents/hermes",
                "    ports:",
                "      - \"8014:8014\"",
                "    environment:",
                "      - PORT=8014",
                "    healthcheck:",
                "      test: [\"CMD\", \"curl\", \"-f\", \"http://localhost:8014/health\"]",
                "    profiles: [agents]");
        Service hermes = file.services().getFirst();

        assertThat(hermes.id()).isEqualTo("compose.yml#hermes");
        assertThat(hermes.line()).isEqualTo(3);
        assertThat(hermes.ports())
                .containsExactly(new Published(
                        "",
                        new PortValue.Known(8014, null),
                        new PortValue.Known(8014, null),
                        "tcp",
                        "compose.yml",
                        6,
                        "8014:8014"));
        assertThat(hermes.build().context()).isEqualTo("./agents/hermes");
        assertThat(hermes.build().line()).isEqualTo(4);
        assertThat(hermes.environment().known()).isEqualTo(Map.of("PORT", "8014"));
        assertThat(hermes.healthcheck())
                .isEqualTo(new ComposeFile.HealthcheckPort(
                        new PortValue.Known(8014, null), "compose.yml", 10, "curl -f http://localhost:8014/health"));
        assertThat(hermes.profiles()).containsExactly("agents");
    }

    @Test
    void everyFormOfAPort() throws IOException, InterruptedException {
        assertThat(ports(service(
                        "ports:",
                        "  - 80",
                        "  - 8020:8021",
                        "  - '127.0.0.1:8022:80/TCP'",
                        "  - '53:53/udp'",
                        "  - '[::1]:81:82'",
                        "  - '::1:83:84'",
                        "  - '127.0.0.1::85'",
                        "  - '9000-9002:7000-7002'",
                        "  - '9100-9110:80'",
                        "  - '0:86'",
                        "  - {target: 90, published: 91}",
                        "  - {target: 90, published: '92', host_ip: 10.0.0.1, protocol: udp, mode: host}",
                        "  - {target: 93, published: 94-95}",
                        "  - {target: 96}")))
                .containsExactly(
                        "|any|80|tcp",
                        "|8020|8021|tcp",
                        "127.0.0.1|8022|80|tcp",
                        "|53|53|udp",
                        "::1|81|82|tcp",
                        "::1|83|84|tcp",
                        "127.0.0.1|any|85|tcp",
                        "|9000|7000|tcp",
                        "|9001|7001|tcp",
                        "|9002|7002|tcp",
                        "|any|80|tcp",
                        "|any|86|tcp",
                        "|91|90|tcp",
                        "10.0.0.1|92|90|udp",
                        "|any|93|tcp",
                        "|any|96|tcp");
    }

    @Test
    void variablesWithAndWithoutDefaults() throws IOException, InterruptedException {
        assertThat(ports(service(
                        "ports:",
                        "  - ${A:-8207}:1",
                        "  - '${A-8208}:2'",
                        "  - ${A:-${B:-8209}}:3",
                        "  - ${ADDRESS:-127.0.0.1}:${A:-8210}:4",
                        "  - ${BOTH:-127.0.0.1:8211}:5",
                        "  - $OPEN:6",
                        "  - ${OPEN}:7",
                        "  - ${OPEN:?must be set}:8",
                        "  - 8212:${OPEN}",
                        "  - ${WHOLE}",
                        "  - 82${PART}:9",
                        "  - {target: 10, published: '${OPEN}'}")))
                .containsExactly(
                        "|8207|1|tcp",
                        "|8208|2|tcp",
                        "|8209|3|tcp",
                        "127.0.0.1|8210|4|tcp",
                        "127.0.0.1|8211|5|tcp",
                        "|?OPEN|6|tcp",
                        "|?OPEN|7|tcp",
                        "|?OPEN|8|tcp",
                        "|8212|?OPEN|tcp",
                        "|?WHOLE|?WHOLE|tcp",
                        "|?PART|9|tcp",
                        "|?OPEN|10|tcp");
    }

    @Test
    void theEnvironmentFileBesideItSetsVariables() throws IOException, InterruptedException {
        write(".env", "# ports", "export A = 8301", "B='8302' ", "C=\"83${TWO:-03}\"", "D=8304 # four", "E=");
        Service service = service(
                "ports: ['$A:1', '${B}:2', '${C:-1}:3', '${D}:4', '${E:-8305}:5', '${A:+8306}:6']",
                "environment: {FROM_FILE: '$A', PASSED: null, A: , OPEN: '${NONE}', DOLLAR: '$$A', EMPTY: ''}");
        assertThat(ports(service))
                .containsExactly(
                        "|8301|1|tcp", "|8302|2|tcp", "|8303|3|tcp", "|8304|4|tcp", "|8305|5|tcp", "|8306|6|tcp");
        assertThat(service.environment().known())
                .isEqualTo(Map.of("FROM_FILE", "8301", "A", "8301", "DOLLAR", "$A", "EMPTY", ""));
        assertThat(service.environment().unclear()).isEqualTo(Set.of("PASSED", "OPEN"));
    }

    @Test
    void anEnvironmentFileOfAService() throws IOException, InterruptedException {
        write("conf/a.env", "PORT=8400", "X=1");
        Service service = service("env_file: [conf/a.env, {path: ./gone.env, required: false}]", "environment: [X=2]");
        assertThat(service.environment().known()).isEqualTo(Map.of("PORT", "8400", "X", "2"));
        assertThat(service.environment().incomplete()).isEqualTo("the env_file ./gone.env is not in the scanned tree");
        assertThat(service("env_file: ../../../../etc/passwd").environment().incomplete())
                .isNotNull();
    }

    @Test
    void commandsAreCutIntoWords() throws IOException, InterruptedException {
        assertThat(service("command: uvicorn 'a b:app' --port \"${P:-8014}\" --x $$PORT")
                        .command()
                        .words())
                .containsExactly("uvicorn", "a b:app", "--port", "8014", "--x", "$PORT");
        assertThat(service("command: [python, -m, main, 8014]").command().words())
                .containsExactly("python", "-m", "main", "8014");
        assertThat(service("command: >", "  sh -c", "  'a && b'").command().words())
                .containsExactly("sh", "-c", "a && b");
        Invocation open = service("entrypoint: x --port $PORT").entrypoint();
        assertThat(open.words()).containsExactly("x", "--port", "${PORT}");
        assertThat(open.open()).containsExactly("PORT");
        assertThat(service("command: []").command().words()).isEmpty();
        assertThat(service("command:", "image: a").command()).isNull();
    }

    @Test
    void everyFormOfABuild() throws IOException, InterruptedException {
        ComposeFile.Build build = service(
                        "build:",
                        "  context: ../x",
                        "  dockerfile: docker/${NAME:-A}.Dockerfile",
                        "  target: prod",
                        "  args: [PORT=1, OPEN]")
                .build();
        assertThat(build.context()).isEqualTo("../x");
        assertThat(build.dockerfile()).isEqualTo("docker/A.Dockerfile");
        assertThat(build.target()).isEqualTo("prod");
        assertThat(build.arguments()).isEqualTo(Map.of("PORT", "1"));
        assertThat(build.unclearArguments()).containsExactly("OPEN");
        assertThat(service("build: {dockerfile: D}").build().context()).isEqualTo(".");
        assertThat(service("build: $WHERE").build().contextUnclear())
                .isEqualTo("the variable WHERE is not set here and has no default");
        assertThat(service("build:", "  dockerfile_inline: |", "    FROM a", "    CMD python m.py")
                        .build()
                        .inline()
                        .start()
                        .module())
                .isEqualTo("m.py");
    }

    @Test
    void portsOfHealthChecks() throws IOException, InterruptedException {
        for (String test : List.of(
                "curl -f http://localhost:8014/health || exit 1",
                "[CMD, wget, -qO-, 'http://127.0.0.1:8014/']",
                "[CMD-SHELL, 'wget --spider localhost:8014 2>/dev/null']",
                "[CMD, python, -c, \"import urllib.request; urllib.request.urlopen('http://localhost:8014/health')\"]",
                "[CMD, python, -c, \"import socket; socket.create_connection(('localhost', 8014))\"]",
                "[CMD, node, -e, \"require('http').get({host: 'localhost', port: 8014}, r => 0)\"]",
                "[CMD, node, -e, \"fetch('http://[::1]:8014/')\"]",
                "nc -z localhost 8014",
                "bash -c '</dev/tcp/127.0.0.1/8014'",
                "curl http://a:8014/health",
                "[CMD, grpc_health_probe, '-addr=:8014']",
                "curl http://localhost:$$PORT/health",
                "'curl http://user:pw@localhost:$${PORT:-1}/health'")) {
            Service service = service("healthcheck:", "  test: " + test, "environment: {PORT: 8014}");
            assertThat(service.healthcheck()).as(test).isNotNull();
            assertThat(port(service.healthcheck().port())).as(test).isEqualTo("8014");
        }
        assertThat(port(service("healthcheck:", "  test: curl http://localhost/health")
                        .healthcheck()
                        .port()))
                .isEqualTo("80");
        assertThat(port(service("healthcheck:", "  test: curl http://localhost:$$PORT/")
                        .healthcheck()
                        .port()))
                .isEqualTo("?PORT");
        assertThat(port(service("healthcheck:", "  test: curl localhost:1 && curl localhost:2")
                        .healthcheck()
                        .port()))
                .isEqualTo("?null");
        for (String test : List.of(
                "curl http://other:8014/",
                "[NONE]",
                "/healthcheck.sh",
                "curl localhost 2>&1",
                "redis-cli ping",
                "curl http://mylocalhost:1/")) {
            assertThat(service("healthcheck:", "  test: " + test).healthcheck())
                    .as(test)
                    .isNull();
        }
        assertThat(service("healthcheck:", "  test: curl localhost:1", "  disable: true")
                        .healthcheck())
                .isNull();
    }

    @Test
    void anchorsMergeKeysAndExtensions() throws IOException, InterruptedException {
        ComposeFile file = read(
                "x-base: &base",
                "  image: one",
                "  environment: &env {A: 1, B: 2}",
                "x-more: &more",
                "  <<: *base",
                "  working_dir: /w",
                "services:",
                "  a:",
                "    <<: [*more, {profiles: [p]}]",
                "    environment:",
                "      <<: *env",
                "      B: 3",
                "  b: *base");
        Service a = file.services().getFirst();
        assertThat(a.image()).isEqualTo("one");
        assertThat(a.workingDirectory()).isEqualTo("/w");
        assertThat(a.profiles()).containsExactly("p");
        assertThat(a.environment().known()).isEqualTo(Map.of("A", "1", "B", "3"));
        assertThat(file.services().get(1).name()).isEqualTo("b");
        assertThat(file.services().get(1).line()).isEqualTo(13);
    }

    @Test
    void anExtendedServiceGivesWhatItHas() throws IOException, InterruptedException {
        write("base/common.yml", "services:", "  web:", "    build: ./web", "    ports: ['80:80']");
        ComposeFile file = read(
                "services:",
                "  a:",
                "    extends: {file: base/common.yml, service: web}",
                "    ports: ['81:81', '80:80']",
                "  b:",
                "    extends: a",
                "    network_mode: host");
        assertThat(ports(file.services().getFirst())).containsExactly("|80|80|tcp", "|81|81|tcp");
        assertThat(file.services().getFirst().build().directory()).isEqualTo("base");
        assertThat(file.services().getFirst().ports())
                .extracting(Published::file)
                .containsExactly("base/common.yml", "compose.yml");
        assertThat(ports(file.services().get(1))).hasSize(2);
        assertThat(file.services().get(1).hostNetwork()).isTrue();
    }

    @Test
    void anOverrideFileIsPartOfTheFileItOverrides() throws IOException, InterruptedException {
        write("docker-compose.yml", "services:", "  a:", "    image: x", "    ports: ['1:1']", "    command: one");
        write(
                "docker-compose.override.yml",
                "services:",
                "  a:",
                "    ports: ['2:2']",
                "    command: two",
                "  b:",
                "    image: y");
        write("sub/compose.override.yaml", "services: {c: {image: z, ports: !override ['3:3']}}");
        List<ComposeFile> files = readAll().composeFiles();

        assertThat(files)
                .extracting(ComposeFile::rootPath)
                .containsExactly("docker-compose.yml", "sub/compose.override.yaml");
        assertThat(files.getFirst().services())
                .extracting(Service::id, ComposeReaderTest::ports)
                .containsExactly(
                        tuple("docker-compose.yml#a", List.of("|1|1|tcp", "|2|2|tcp")),
                        tuple("docker-compose.override.yml#b", List.of()));
        assertThat(files.getFirst().services().getFirst().command().words()).containsExactly("two");
    }

    @Test
    void anOverrideMayReplaceOrReset() throws IOException, InterruptedException {
        write(
                "compose.yaml",
                "services:",
                "  a: {image: x, ports: ['1:1'], command: c}",
                "  b: {image: x, ports: ['2:2']}");
        write(
                "compose.override.yaml",
                "services:",
                "  a: {ports: !override ['3:3'], command: !reset null}",
                "  b: {ports: !reset []}");
        List<Service> services = readAll().composeFiles().getFirst().services();
        assertThat(ports(services.getFirst())).containsExactly("|3|3|tcp");
        assertThat(services.getFirst().command()).isNull();
        assertThat(services.get(1).ports()).isEmpty();
    }

    @Test
    void aFileThatOnlyCompletesAnotherIsReadWithIt() throws IOException, InterruptedException {
        write(
                "docker-compose.yml",
                "services:",
                "  a: {build: ./a, ports: ['1:1']}",
                "  b: {image: x, ports: ['2:2']}");
        write("docker-compose.prod.yml", "services:", "  a: {ports: ['3:1']}", "  b: {image: y, ports: ['4:2']}");
        ComposeFile prod = readAll().composeFiles().getFirst();

        assertThat(prod.rootPath()).isEqualTo("docker-compose.prod.yml");
        assertThat(ports(prod.services().getFirst())).containsExactly("|1|1|tcp", "|3|1|tcp");
        assertThat(prod.services().getFirst().id()).isEqualTo("docker-compose.prod.yml#a");
        assertThat(prod.services().getFirst().build().file()).isEqualTo("docker-compose.yml");
        assertThat(ports(prod.services().get(1))).containsExactly("|4|2|tcp");
    }

    @Test
    void mountsOfTheHost() throws IOException, InterruptedException {
        assertThat(service(
                                "volumes:",
                                "  - ./src:/app",
                                "  - /abs:/b:ro",
                                "  - data:/c",
                                "  - ${DIR}:/d",
                                "  - {type: bind, source: ../x, target: /e}",
                                "  - {type: volume, source: v, target: /f}",
                                "  - /only")
                        .mounts())
                .containsExactly(
                        new ComposeFile.Mount("./src", "/app", "", "compose.yml", 4, true, false),
                        new ComposeFile.Mount("/abs", "/b", "", "compose.yml", 5, true, true),
                        new ComposeFile.Mount(null, "/d", "", "compose.yml", 7, true, false),
                        new ComposeFile.Mount("../x", "/e", "", "compose.yml", 8, true, false));
    }

    @Test
    void filesThatAreOnlyCalledSo() throws IOException, InterruptedException {
        write("compose.yml", "title: music", "movements: [1, 2]");
        write("decompose.yaml", "- a", "- b");
        write("empty-compose.yml", "");
        write("networks/docker-compose.yml", "services:", "networks: {a: {}}");
        ComposeReader.Read read = readAll();
        assertThat(read.problems()).isEmpty();
        assertThat(read.composeFiles())
                .extracting(ComposeFile::rootPath)
                .containsExactly("networks/docker-compose.yml");
    }

    @Test
    void everythingOfTheWrongTypeIsAProblemAndNoMore() throws IOException, InterruptedException {
        write(
                "compose.yml",
                "services:",
                "  a: text",
                "  b: [list]",
                "  c:",
                "    build: [1]",
                "    ports: {x: y}",
                "    command: {x: y}",
                "    environment: 7",
                "    healthcheck: text",
                "    volumes: 7",
                "    profiles: {a: b}",
                "    network_mode: [host]",
                "    extends: [x]",
                "    image: {a: b}",
                "  d:",
                "    ports: [[1], null, 99999, '1:2:3:4:x', '', '5-3', {published: 1}, '1-5:1-2/tcp']",
                "    environment: [[1], {a: b}]",
                "    entrypoint: [[x]]",
                "    env_file: {a: b}",
                "    image: y",
                "  d: {image: twice}",
                "  e: ~");
        ComposeReader.Read read = readAll();
        assertThat(read.composeFiles().getFirst().services())
                .extracting(Service::name)
                .containsExactly("c", "d");
        assertThat(read.composeFiles().getFirst().services().get(1).image()).isEqualTo("y");
        assertThat(read.problems())
                .extracting(Problem::code, problem -> problem.location().line())
                .contains(
                        tuple("duplicate-key", 21),
                        tuple("wrong-type", 2),
                        tuple("wrong-type", 3),
                        tuple("wrong-type", 5),
                        tuple("wrong-type", 6),
                        tuple("wrong-type", 7),
                        tuple("wrong-type", 8),
                        tuple("wrong-type", 9),
                        tuple("wrong-extends", 13),
                        tuple("wrong-port", 16),
                        tuple("wrong-type", 17),
                        tuple("wrong-type", 18),
                        tuple("wrong-type", 22));
        assertThat(read.problems().stream().filter(problem -> problem.code().equals("wrong-port")))
                .hasSize(7);
    }

    @Test
    void brokenFilesAreOneProblemEach() throws IOException, InterruptedException {
        write("a/compose.yml", "services:", "  x: {image: \"y");
        write("b/compose.yml", "services: &s", "  x: *s");
        write("c/compose.yml", "services: {x: *nobody}");
        write("d/compose.yml", "services: {x: {extends: x}}");
        Files.createDirectories(root.resolve("e"));
        Files.write(root.resolve("e/compose.yml"), new byte[] {'s', 0, 1});
        Files.createDirectories(root.resolve("f"));
        Files.write(root.resolve("f/compose.yml"), new byte[3 << 20]);
        Files.createDirectories(root.resolve("g"));
        Files.write(root.resolve("g/compose.yml"), "services: {\u00e9: {image: \"\u0001\"}}".getBytes("ISO-8859-1"));
        write("h/compose.yml", "services: " + "[".repeat(5_000));
        assertThat(readAll().problems())
                .extracting(Problem::file, Problem::code)
                .containsExactly(
                        tuple("a/compose.yml", "yaml-syntax"),
                        tuple("b/compose.yml", "cyclic-anchor"),
                        tuple("b/compose.yml", "wrong-type"),
                        tuple("c/compose.yml", "unknown-anchor"),
                        tuple("c/compose.yml", "wrong-type"),
                        tuple("d/compose.yml", "wrong-extends"),
                        tuple("e/compose.yml", "unreadable-file"),
                        tuple("f/compose.yml", "unreadable-file"),
                        tuple("g/compose.yml", "yaml-syntax"),
                        tuple("h/compose.yml", "yaml-too-large"));
    }

    @Test
    @Timeout(30)
    void bombsEndInTime() throws IOException, InterruptedException {
        StringBuilder merges = new StringBuilder("x0: &a0 {image: i, ports: ['1:1']}\n");
        StringBuilder lists = new StringBuilder("y0: &b0 ['1:1','2:2']\n");
        for (int i = 1; i < 60; i++) {
            merges.append("x%d: &a%d {<<: [*a%d, *a%d, *a%d]}%n".formatted(i, i, i - 1, i - 1, i - 1));
            lists.append("y%d: &b%d [*b%d, *b%d, *b%d]%n".formatted(i, i, i - 1, i - 1, i - 1));
        }
        write("a/compose.yml", merges + "services: {s: *a59}");
        write("b/compose.yml", lists + "services: {s: {image: i, ports: *b59, command: *b59, environment: *b59}}");
        write("c/compose.yml", "services:", "  s:", "    ports: [" + "'1-65535:1-65535/udp',".repeat(200) + "]");
        StringBuilder many = new StringBuilder("x: &x {image: i, environment: &e {");
        for (int i = 0; i < 20_000; i++) {
            many.append("K").append(i).append(": v, ");
        }
        many.append("}}\nservices:\n");
        for (int i = 0; i < 20_000; i++) {
            many.append("  s").append(i).append(": *x\n");
        }
        write("d/compose.yml", many.toString());
        write("e/compose.yml", "services: {s: {image: '" + "${A:-".repeat(50_000) + "'}}");
        write("f/compose.yml", "services: {s: {healthcheck: {test: \"" + "localhost:$".repeat(50_000) + "\"}}}");
        ComposeReader.Read read = readAll();
        assertThat(read.composeFiles()).hasSize(6);
        assertThat(read.composeFiles().getFirst().services().getFirst().image()).isEqualTo("i");
        assertThat(read.composeFiles().get(2).services().getFirst().ports()).hasSizeLessThan(200_001);
        assertThat(read.problems()).extracting(Problem::code).contains("too-many-ports", "too-many-services");
    }

    @Test
    @Timeout(60)
    void mutatedFilesNeverThrow() throws IOException, InterruptedException {
        String seed = """
            x-a: &a
              restart: always
            services:
              web:
                <<: *a
                build: {context: "./${D:-a}", dockerfile: D, args: {X: 1}}
                ports:
                  - "${P:-80}:80/tcp"
                  - "127.0.0.1:8000-8010:9000-9010"
                  - {target: 1, published: "2", host_ip: ::1}
                command: ["a", "--port", "$$PORT"]
                environment:
                  - PORT=${PORT:?no}
                env_file: [.env, b.env]
                healthcheck: {test: [CMD, curl, "http://localhost:$$PORT"]}
                volumes: ["./a:/b"]
                profiles: [x]
              db: {extends: {service: web}, network_mode: host, ports: !override []}
            """;
        write(".env", "A=$B", "B=\"x");
        ScannedTree tree = ScannedTree.at(root);
        Random random = new Random(11);
        String alphabet = "\"'\\${}[]<>:-=#/ \n\t&*!|?,%@`\u0000\uFFFF\uE000é0";
        for (int i = 0; i < 800; i++) {
            StringBuilder text = new StringBuilder(seed);
            int edits = 1 + random.nextInt(6);
            for (int edit = 0; edit < edits; edit++) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    case 1 -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    default -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(20)));
                }
            }
            Files.writeString(root.resolve("compose.yml"), text);
            ComposeReader.Read read = ComposeReader.readAll(
                    tree, List.of(new DeclarationFiles.Found("compose.yml", "compose.yml")), List.of());
            assertThat(read.composeFiles().size()).isLessThan(2);
        }
    }
}
