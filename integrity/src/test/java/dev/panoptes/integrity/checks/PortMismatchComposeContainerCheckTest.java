package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.Language;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.Worlds;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortMismatchComposeContainerCheckTest {
    private final PortMismatchComposeContainerCheck check = new PortMismatchComposeContainerCheck();

    @TempDir
    private Path root;

    private ComposeTree tree;

    @BeforeEach
    void begin() {
        tree = new ComposeTree(root);
    }

    @Test
    void aPortThatNothingListensOnFails() throws InterruptedException {
        tree.python("hermes", 8014).services("hermes: {build: agents/hermes, ports: ['8014:8015']}");
        Failure failure = tree.failure(check);
        assertThat(failure.subject()).isEqualTo("compose.yml#hermes");
        assertThat(failure.port()).isEqualTo(8015);
        assertThat(failure.title())
                .isEqualTo("compose.yml#hermes publishes container port 8015, its container listens on 8014");
        assertThat(failure.affected()).containsExactly("compose.yml#hermes", "hermes");
        assertThat(failure.evidence())
                .containsExactly(
                        new Evidence("compose", "compose.yml", 2, "8014:8015"),
                        new Evidence("dockerfile", "agents/hermes/Dockerfile", 4, "python main.py"),
                        new Evidence("code", "agents/hermes/main.py", 40, "run(app, port=...)"));
    }

    @Test
    void theCommandCountsBeforeTheDockerfileAndThatBeforeTheCode() throws InterruptedException {
        tree.dockerfile("a", "CMD uvicorn main:app --port 8002")
                .program("a", 8003)
                .services(
                        "one: {build: agents/a, command: uvicorn main:app --port 8001, ports: ['1:8001']}",
                        "two: {build: agents/a, ports: ['2:8002']}",
                        "three: {build: agents/a, command: [python, main.py], ports: ['3:8003']}",
                        "four: {build: agents/a, ports: ['4:8003']}",
                        "five: {build: agents/a, entrypoint: [python, main.py], ports: ['5:8002']}",
                        "six: {build: agents/a, entrypoint: [], command: [python, main.py], ports: ['6:8003']}");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "pass compose.yml#one",
                        "pass compose.yml#two",
                        "pass compose.yml#three",
                        "fail compose.yml#four",
                        "fail compose.yml#five",
                        "pass compose.yml#six");
    }

    @Test
    void exposeSaysNothing() throws InterruptedException {
        tree.dockerfile("a", "EXPOSE 9000", "CMD uvicorn main:app --port 8002")
                .program("a", 1)
                .services("a: {build: agents/a, ports: ['1:9000']}");
        assertThat(tree.verdicts(check)).containsExactly("fail compose.yml#a");
    }

    @Test
    void theEnvironmentOverrulesDefaults() throws InterruptedException {
        tree.file(".env", "FROM_FILE=8007")
                .file("agents/a/a.env", "PORT=8008")
                .dockerfile("a", "ARG P=8006", "ENV PORT=$P", "CMD python main.py")
                .program("a", Worlds.program("main.py").binds(Worlds.byDefault(8005, "PORT")))
                .services(
                        "image: {build: agents/a, ports: ['1:8006']}",
                        "argument: {build: {context: agents/a, args: {P: 8009}}, ports: ['2:8009']}",
                        "map: {build: agents/a, environment: {PORT: 8010}, ports: ['3:8010']}",
                        "list: {build: agents/a, environment: ['PORT=${FROM_FILE}'], ports: ['4:8007']}",
                        "file: {build: agents/a, env_file: agents/a/a.env, ports: ['5:8008']}",
                        "command: {build: agents/a, command: sh -c 'PORT=8011 python main.py', ports: ['6:8011']}",
                        "wrong: {build: agents/a, environment: {PORT: 8010}, ports: ['7:8006']}",
                        "open: {build: agents/a, environment: {PORT: '${NOBODY}'}, ports: ['8:8006']}",
                        "through: {build: agents/a, environment: [PORT], ports: ['9:8006']}",
                        "shell: {build: agents/a, command: sh -c 'uvicorn main:app --port $$PORT', ports:"
                                + " ['10:8006']}");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "pass compose.yml#image",
                        "pass compose.yml#argument",
                        "pass compose.yml#map",
                        "pass compose.yml#list",
                        "pass compose.yml#file",
                        "pass compose.yml#command",
                        "fail compose.yml#wrong",
                        "unknown compose.yml#open",
                        "unknown compose.yml#through",
                        "pass compose.yml#shell");
    }

    @Test
    void anEnvironmentFileThatIsNotThereLeavesDefaultsInDoubt() throws InterruptedException {
        tree.dockerfile("a", "CMD python main.py")
                .program("a", Worlds.program("main.py").binds(Worlds.byDefault(8005, "PORT")))
                .services(
                        "a: {build: agents/a, env_file: gone.env, ports: ['1:8005']}",
                        "b: {build: agents/a, env_file: gone.env, ports: ['2:8006']}");
        assertThat(tree.verdicts(check)).containsExactly("pass compose.yml#a", "unknown compose.yml#b");
    }

    @Test
    void anImageIsNotJudgedUnlessItsCommandTells() throws InterruptedException {
        tree.program("a", 8005)
                .services(
                        "pulled: {image: nginx, ports: ['1:81']}",
                        "silent: {image: python, command: [python, -m, thing], ports: ['2:81']}",
                        "told: {image: grafana, command: [--web.x, y, --port, '82'], ports: ['3:81']}",
                        "mounted: {image: 'python:3', volumes: ['./agents/a:/srv'], working_dir: /srv, command: python"
                                + " main.py, ports: ['4:8005']}",
                        "astray: {image: 'python:3', volumes: ['./agents/a:/srv'], command: python /srv/main.py,"
                                + " ports: ['5:8006']}");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "fail compose.yml#pulled",
                        "unknown compose.yml#silent",
                        "fail compose.yml#told",
                        "pass compose.yml#mounted",
                        "fail compose.yml#astray");
    }

    @Test
    void imagesOfServersListenWhereTheirDocumentationSaysUnlessSomethingMovesThem() throws InterruptedException {
        tree.services(
                "a: {image: 'grafana/grafana:11.0.0', ports: ['3000:3000'], environment: {GF_SERVER_HTTP_PORT: 3001}}",
                "b: {image: 'grafana/grafana', ports: ['3000:3001'], environment: [GF_SERVER_HTTP_PORT=3001]}",
                "c: {image: 'ghcr.io/open-webui/open-webui:main', ports: ['3000:3000']}",
                "d: {image: 'docker.io/library/nginx:1.27', ports: ['8080:8080']}",
                "e: {image: nginx, ports: ['8080:8080'], volumes: ['./conf:/etc/nginx/conf.d']}",
                "f: {image: nginx, ports: ['8080:8080'], command: [nginx-debug]}",
                "g: {image: postgres, ports: ['5433:5433'], env_file: [gone.env]}",
                "h: {image: postgres, ports: ['5433:5433'], environment: {PGPORT: 5433}}",
                "i: {image: 'prom/prometheus', ports: ['9091:9091'], command: ['--config.file=/x',"
                        + " '--web.listen-address=:9091']}",
                "j: {image: 'prom/prometheus', ports: ['9091:9091'], command: ['--config.file=/x']}",
                "k: {image: ollama/ollama, ports: ['1:1'], environment: {OLLAMA_HOST: '0.0.0.0:1'}}",
                "l: {image: someone/unknown, ports: ['1:1']}",
                "m: {image: mongo, ports: ['1:27018'], volumes: ['/etc/localtime:/etc/localtime:ro']}",
                "o: {image: some/spark, ports: ['8090:8080', '1:7'], command: start --port 7077 --webui-port 8080}",
                "p: {image: some/spark, ports: ['8090:8081'], command: 'start --port 7077 --console-address :8080'}",
                "n: {image: adminer, ports: ['1:81'], environment: {ADMINER_DEFAULT_DB_PORT: 81, SOME_PORT: 81}}");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "fail compose.yml#a",
                        "pass compose.yml#b",
                        "fail compose.yml#c",
                        "fail compose.yml#d",
                        "unknown compose.yml#e",
                        "unknown compose.yml#f",
                        "unknown compose.yml#g",
                        "pass compose.yml#h",
                        "pass compose.yml#i",
                        "fail compose.yml#j",
                        "pass compose.yml#k",
                        "unknown compose.yml#l",
                        "fail compose.yml#m",
                        "unknown compose.yml#o",
                        "fail compose.yml#p",
                        "unknown compose.yml#n");
    }

    @Test
    void optionsOfACommandMovePortsAsTheTableOfImagesSays() throws InterruptedException {
        tree.services(
                "a: {image: minio/minio, ports: ['9090:9090'], command: 'server /data --console-address \":9001\"'}",
                "b: {image: minio/minio, ports: ['1:9001'], command: [server, /data, --console-address, ':9001']}",
                "c: {image: minio/minio, ports: ['1:9000'], command: [server, /data, --address=0.0.0.0:9100]}",
                "d: {image: minio/minio, ports: ['1:1'], command: [gateway, s3]}",
                "e: {image: 'redis:7', ports: ['1:6380'], command: redis-server --appendonly yes --requirepass x}",
                "f: {image: 'redis:7', ports: ['1:6380'], command: redis-server /etc/redis.conf}",
                "g: {image: postgres, ports: ['1:5433'], command: [postgres, -c, max_connections=200, -p, '5433']}",
                "h: {image: mysql, ports: ['1:3307'], command: --default-authentication-plugin=mysql_native_password}",
                "i: {image: bitnamilegacy/postgresql, ports: ['1:5433'], environment: {POSTGRESQL_PORT_NUMBER: 5432}}",
                "j: {image: lscr.io/linuxserver/sonarr, ports: ['8989:8989']}",
                "k: {image: lscr.io/linuxserver/sonarr, ports: ['8989:80']}",
                "l: {image: nats, ports: ['1:9222'], command: [-js, -m, '9222']}",
                "m: {image: redis, ports: ['1:2'], entrypoint: [/start]}",
                "n: {image: postgrest/postgrest, ports: ['1:3001'], environment: {PGRST_ADMIN_SERVER_PORT: 3001}}",
                "o: {image: sonarqube, ports: ['1:9404'], environment: {SONAR_WEB_JAVAADDITIONALOPTS:"
                        + " '-javaagent:/x.jar=9404'}}",
                "p: {image: sonarqube, ports: ['1:9404'], environment: {SONAR_WEB_JAVAADDITIONALOPTS: '-Xmx1g'}}",
                "q: {image: caddy, ports: ['1:2020'], environment: {CADDY_ADMIN: '0.0.0.0:2020'}}",
                "r: {image: caddy, ports: ['1:2020'], environment: {CADDY_ADMIN: 'off'}}",
                "s: {image: nodered/node-red, ports: ['1:5000']}",
                "t: {image: 'rabbitmq:4', ports: ['5552:5552']}",
                "u: {image: zookeeper, ports: ['1:7070'], environment: {ZOO_CFG_EXTRA: metricsProvider.httpPort=7070}}",
                "v: {image: joseluisq/static-web-server, ports: ['1:80'], environment: {SERVER_PORT: 8787}}");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "fail compose.yml#a",
                        "pass compose.yml#b",
                        "fail compose.yml#c",
                        "unknown compose.yml#d",
                        "fail compose.yml#e",
                        "unknown compose.yml#f",
                        "pass compose.yml#g",
                        "fail compose.yml#h",
                        "fail compose.yml#i",
                        "pass compose.yml#j",
                        "unknown compose.yml#k",
                        "pass compose.yml#l",
                        "unknown compose.yml#m",
                        "pass compose.yml#n",
                        "unknown compose.yml#o",
                        "fail compose.yml#p",
                        "pass compose.yml#q",
                        "unknown compose.yml#r",
                        "unknown compose.yml#s",
                        "pass compose.yml#t",
                        "unknown compose.yml#u",
                        "fail compose.yml#v");
    }

    @Test
    void ofSeveralPublishedPortsOneThatNothingBindsIsUnknown() throws InterruptedException {
        tree.python("a", 8014)
                .services(
                        "a: {build: agents/a, ports: ['1:9000', '2:8014', '53:53/udp']}",
                        "b: {build: agents/a, ports: ['53:53/udp']}",
                        "c: {build: agents/a, ports: ['3:8014', '9229:9229']}");
        assertThat(tree.verdicts(check)).containsExactly("unknown compose.yml#a", "pass compose.yml#c");
        assertThat(tree.run(check))
                .contains(new CheckResult.Unknown(
                        "compose.yml#a",
                        "compose.yml#a publishes container port 9000 too, on which nothing of it is seen to listen"));
    }

    @Test
    void whereOneThatNobodyServesStandsBesideOneThatNobodyPublishesTheyAreOne() throws InterruptedException {
        tree.program("a", Worlds.program("main.py").binds(8014).binds(9091))
                .dockerfile("a", "CMD [\"python\", \"main.py\"]")
                .services(
                        "a: {build: agents/a, ports: ['1:8080', '2:9091']}",
                        "b: {build: agents/a, ports: ['3:8014', '4:9091']}",
                        "c: {build: agents/a, ports: ['5:8014', '6:9091', '7:9000']}");
        assertThat(tree.verdicts(check))
                .containsExactly("fail compose.yml#a", "pass compose.yml#b", "unknown compose.yml#c");
    }

    @Test
    void whatCannotBeToldIsUnknown() throws InterruptedException {
        tree.python("a", 0)
                .python("b", 8014)
                .dockerfile("c", "CMD [\"supervisord\"]")
                .program("c", 8014)
                .file("d/Dockerfile", "FROM company/nginx", "COPY x /y")
                .services(
                        "a: {build: agents/a, ports: ['1:80']}",
                        "b: {build: agents/b, ports: ['2:${P}']}",
                        "c: {build: agents/c, ports: ['3:80']}",
                        "d: {build: d, ports: ['4:80']}",
                        "e: {build: gone, ports: ['5:80']}",
                        "f: {build: 'https://example.org/x.git', ports: ['6:80']}",
                        "g: {build: {context: agents/b, target: none}, ports: ['7:80']}",
                        "h: {build: agents/b, ports: ['8:80']}",
                        "i: {image: x, network_mode: 'service:h'}",
                        "j: {build: agents/b, command: 'uvicorn main:app --port ${P}', environment: {P: 80}, ports:"
                                + " ['9:80']}");
        assertThat(tree.failures(check)).isEmpty();
        assertThat(tree.run(check)).hasSize(9).allMatch(CheckResult.Unknown.class::isInstance);
        assertThat(tree.run(check))
                .contains(
                        new CheckResult.Unknown(
                                "compose.yml#a",
                                "What the container of compose.yml#a listens on is not known: it is read from a file"),
                        new CheckResult.Unknown(
                                "compose.yml#e",
                                "What the container of compose.yml#e listens on is not known: its build context does"
                                        + " not exist"),
                        new CheckResult.Unknown(
                                "compose.yml#h",
                                "What the container of compose.yml#h listens on is not known: i shares its network"));
    }

    @Test
    void aDockerfileWithoutItsModuleClaimsNoPort() throws InterruptedException {
        tree.dockerfile("a", "CMD [\"python\", \"gone.py\"]")
                .program("a", 8014)
                .dockerfile("b", "CMD uvicorn gone:app --port 8014")
                .services(
                        "a: {build: agents/a, ports: ['1:80']}",
                        "b: {build: agents/b, ports: ['2:80']}",
                        "c: {build: agents/b, command: uvicorn main:app --port 8020, ports: ['3:80']}");
        assertThat(tree.verdicts(check))
                .containsExactly("unknown compose.yml#a", "unknown compose.yml#b", "fail compose.yml#c");
        assertThat(tree.verdicts(new DockerfileMissingModuleCheck()))
                .containsExactly("fail agents/a/Dockerfile", "fail agents/b/Dockerfile");
    }

    @Test
    void valuesOfTheEnvironmentFileAreNotShown() throws InterruptedException {
        tree.file(".env", "PASS=hunter2", "PORT=8014")
                .services("a: {image: x, command: 'serve --pass ${PASS} --token abc --port ${PORT}', ports:"
                        + " ['${PORT}:80']}");
        assertThat(tree.failure(check).evidence())
                .extracting(Evidence::text)
                .containsExactly("${PORT}:80", "serve --pass ${PASS} --token *** --port ${PORT}");
        assertThat(tree.failure(check).title()).contains("listens on 8014");
    }

    @Test
    void stagesAndInlineDockerfiles() throws InterruptedException {
        tree.file(
                        "a/Dockerfile",
                        "FROM python:3 AS dev",
                        "CMD flask run --port 81",
                        "FROM python:3",
                        "CMD flask run --port 82")
                .services(
                        "a: {build: {context: a, target: dev}, ports: ['1:81']}",
                        "b: {build: a, ports: ['2:81']}",
                        "c:",
                        "  build:",
                        "    context: a",
                        "    dockerfile_inline: |",
                        "      FROM python:3",
                        "      CMD flask run --port 83",
                        "  ports: ['3:81']");
        assertThat(tree.verdicts(check))
                .containsExactly("pass compose.yml#a", "fail compose.yml#b", "fail compose.yml#c");
        assertThat(tree.failures(check).get(1).evidence())
                .extracting(Evidence::file)
                .containsOnly("compose.yml");
    }

    @Test
    void withoutACommandTheCodeOfTheContextCounts() throws InterruptedException {
        tree.dockerfile("a", "ENV A=b")
                .program("a", 8014)
                .dockerfile("b")
                .program(
                        "b",
                        Worlds.program("main.py").binds(8014),
                        Worlds.program("x.py").binds(8015))
                .services(
                        "a: {build: agents/a, ports: ['1:8015']}",
                        "b: {build: agents/b, ports: ['2:8015']}",
                        "c: {build: agents/b, ports: ['3:8016']}");
        assertThat(tree.verdicts(check))
                .containsExactly("fail compose.yml#a", "pass compose.yml#b", "unknown compose.yml#c");
    }

    @Test
    void aCompiledProgramListensWhereItsOnlySourceBinds() throws InterruptedException {
        tree.program("crane", Worlds.program("main.go").language(Language.GO).binds(8020))
                .file(
                        "agents/crane/Dockerfile",
                        "FROM golang:1.22 AS made",
                        "COPY . .",
                        "RUN go build -o /crane",
                        "FROM scratch",
                        "COPY --from=made /crane /crane",
                        "ENTRYPOINT [\"/crane\"]")
                .services("crane: {build: agents/crane, ports: ['8020:8021']}");
        assertThat(tree.verdicts(check)).containsExactly("fail compose.yml#crane");
        tree.services("crane: {build: agents/crane, ports: ['8020:8020']}");
        assertThat(tree.verdicts(check)).containsExactly("pass compose.yml#crane");
    }
}
