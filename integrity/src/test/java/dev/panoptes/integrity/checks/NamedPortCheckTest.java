package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedPortCheckTest {
    private static final String NOBODY = ": " + NamedPortCheck.NOBODY;

    @TempDir
    private Path root;

    private FleetTree tree;
    private final NamedPortCheck check = new NamedPortCheck();

    /** Orders listens on 8001 in its container, which is 18001 of the host; the web is on the host's 3000. */
    @BeforeEach
    void plant() {
        tree = new FleetTree(root)
                .file(
                        "compose.yml",
                        "services:",
                        "  orders:",
                        "    build: orders",
                        "    ports: ['18001:8001']",
                        "    environment: {BROKER: 'redis://cache:6379'}",
                        "  cache:",
                        "    image: redis:7",
                        "  web:",
                        "    build: web",
                        "    ports: ['3000:3000']")
                .file(
                        "orders/Dockerfile",
                        "FROM python:3.12",
                        "COPY . .",
                        "CMD uvicorn main:app --host 0.0.0.0 --port 8001")
                .file("orders/main.py", "from fastapi import FastAPI", "app = FastAPI()")
                .file("web/Dockerfile", "FROM node:22", "COPY . .", "CMD [\"node\", \"server.js\"]")
                .file("web/server.js", "require('http').createServer(() => {}).listen(3000)");
    }

    private List<String> verdicts() throws InterruptedException {
        return tree.verdicts(check);
    }

    @Test
    void anAgentThatNothingIsKnownToStartIsUnknownWhereNothingTakesItsPort() throws InterruptedException {
        tree.file(
                "agent-registry.yaml",
                "agents:",
                "  desk: {connection: {url: 'http://localhost:18001'}, actions: {a: /a}}",
                "  till: {connection: {url: 'http://localhost:18088'}, actions: {a: /a}}",
                "  away: {connection: {url: 'http://elsewhere.example.org:18088'}, actions: {a: /a}}",
                "  orders: {connection: {url: 'http://localhost:18002'}, actions: {a: /a}}");
        assertThat(verdicts()).containsExactly("unknown till: " + NamedPortCheck.NO_LAUNCH);
    }

    @Test
    void theLoopbackOfAnEnvironmentFileIsThatOfTheContainerThatIsGivenIt() throws InterruptedException {
        tree.file("chat/Dockerfile", "FROM python:3.12", "COPY . .", "CMD [\"python\", \"chat.py\"]")
                .file("chat/chat.py", "from flask import Flask", "Flask('x').run(host='0.0.0.0', port=7000)")
                .file(
                        "chat.env",
                        "MODELS_URL=http://localhost:11434",
                        "OWN_URL=http://localhost:7000",
                        "PUBLIC_URL=http://localhost:11434",
                        "MOVED_URL=http://localhost:11434")
                .file(
                        "compose.yaml",
                        "services:",
                        "  chat:",
                        "    build: chat",
                        "    env_file: chat.env",
                        "    environment: {MOVED_URL: 'http://models:11434'}",
                        "  models:",
                        "    image: ollama/ollama",
                        "    ports: ['11434:11434']");
        assertThat(verdicts()).contains("unknown chat.env#localhost:11434" + NOBODY, "pass chat.env#localhost:7000");
        tree.file("chat.env", "PUBLIC_URL=http://localhost:11434", "MOVED_URL=http://localhost:11434");
        assertThat(verdicts()).contains("pass chat.env#localhost:11434");
    }

    @Test
    void theLoopbackThatOneServiceIsToldSaysNothingOfAnothers() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  kafka:",
                "    image: apache/kafka:3.8.0",
                "    ports: ['9092:9092']",
                "    environment:",
                "      KAFKA_LISTENERS: INSIDE://:29092,HOST://:9092,CONTROLLER://:9093",
                "      KAFKA_ADVERTISED_LISTENERS: INSIDE://kafka:29092,HOST://localhost:9092",
                "      KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER",
                "  orders:",
                "    image: registry.example.org/orders",
                "    environment: {SPRING_KAFKA_BOOTSTRAP_SERVERS: 'localhost:9092'}");
        assertThat(verdicts()).contains("unknown compose.yaml#localhost:9092" + NOBODY);
    }

    @Test
    void anAddressInAnyFormatPassesWhereItIsOpen() throws InterruptedException {
        tree.file("web/config/settings.toml", "orders = \"http://orders:8001/api\"")
                .file("web/appsettings.json", "{\"Orders\": {\"Url\": \"http://orders:18001\"}}")
                .file("stream/flow.properties", "sink.url=jdbc:redis://u:p@cache:6380/0")
                .file("stream/flow.ini", "[a]", "sink = cache:6379")
                .file("k8s/values.yaml", "upstream: orders:9")
                .file("web/src/client.js", "fetch('http://orders:8002/list')")
                .file(".env.production", "PUBLIC_URL=http://localhost:3000", "ORDERS_URL=http://localhost:8001");
        assertThat(verdicts())
                .containsExactlyInAnyOrder(
                        "pass web/config/settings.toml#orders:8001",
                        "unknown web/appsettings.json#orders:18001" + NOBODY,
                        "unknown stream/flow.properties#cache:6380" + NOBODY,
                        "pass stream/flow.ini#cache:6379",
                        "unknown web/src/client.js#orders:8002" + NOBODY,
                        "pass .env.production#localhost:3000",
                        "unknown .env.production#localhost:8001" + NOBODY);
    }

    @Test
    void aPortBesideItsHostIsOneAddress() throws InterruptedException {
        tree.file("web/app.ini", "redis_host = cache", "redis_port = 6380")
                .file("web/prod.env", "CACHE_PORT=6379", "ORDERS_PORT=18002", "PORT=1234")
                .file("web/settings.py", "DB = {'HOST': 'orders',", "  'PORT': os.environ.get('DB_PORT', '8003')}")
                .file("envoy/envoy.yaml", "socket_address:", "  address: orders", "  port_value: 8004")
                .file("web/gate.json", "{\"orders\": {", "  \"port\": 8005 }}")
                .file(
                        "web/local.properties",
                        "redis.host=localhost",
                        "redis.port=6381",
                        "server.host=127.0.0.1",
                        "server.port=9999")
                .file("web/spring.yml", "host: ${H:cache}", "port: ${P:6382}");
        assertThat(verdicts())
                .containsExactlyInAnyOrder(
                        "unknown web/app.ini#cache:6380" + NOBODY,
                        "pass web/prod.env#cache:6379",
                        "unknown web/prod.env#orders:18002" + NOBODY,
                        "unknown web/settings.py#orders:8003" + NOBODY,
                        "unknown envoy/envoy.yaml#orders:8004" + NOBODY,
                        "unknown web/gate.json#orders:8005" + NOBODY,
                        "unknown web/local.properties#localhost:6381" + NOBODY,
                        "unknown web/spring.yml#cache:6382" + NOBODY);
    }

    @Test
    void commandsNamePortsInWordsOfTheirOwn() throws InterruptedException {
        tree.file(
                        "wait.sh",
                        "nc -z cache 6390",
                        "redis-cli -h cache -p 6391 ping",
                        "kubectl port-forward svc/orders 8080:8006",
                        "docker run -d -p 8080:8007 orders",
                        "docker run -d -p 8080:8001 orders")
                .file("web/conn.json", "{\"Db\": \"Server=tcp:cache,1433;Database=x\"}");
        assertThat(verdicts())
                .containsExactlyInAnyOrder(
                        "unknown wait.sh#cache:6390" + NOBODY,
                        "unknown wait.sh#cache:6391" + NOBODY,
                        "unknown wait.sh#orders:8006" + NOBODY,
                        "unknown wait.sh#localhost:8007" + NOBODY,
                        "pass wait.sh#localhost:8001",
                        "unknown web/conn.json#cache:1433" + NOBODY);
    }

    @Test
    void whatPlatformsAndBrokersAreToldIsNamedToo() throws InterruptedException {
        tree.file(
                        "kafka/compose.yml",
                        "services:",
                        "  kafka:",
                        "    image: apache/kafka:3.8.0",
                        "    ports: ['29092:29092']",
                        "    expose: ['9444']",
                        "    environment:",
                        "      KAFKA_ADVERTISED_LISTENERS: IN://kafka:9099,OUT://localhost:29093")
                .file(
                        "orders/fly.toml",
                        "[http_service]",
                        "internal_port = 8001",
                        "[checks.alive]",
                        "type = \"http\"",
                        "port = 8002",
                        "[metrics]",
                        "port = 8001")
                .file("deploy/task.json", "{\"portMappings\": [{\"containerPort\": 8008}, {\"containerPort\": 3000}]}");
        assertThat(verdicts())
                .containsExactlyInAnyOrder(
                        "unknown kafka/compose.yml#kafka:9099" + NOBODY,
                        "unknown kafka/compose.yml#localhost:29093" + NOBODY,
                        "unknown kafka/compose.yml#localhost:9444" + NOBODY,
                        "unknown orders/fly.toml#localhost:8002" + NOBODY,
                        "pass orders/fly.toml#localhost:8001",
                        "unknown deploy/task.json#localhost:8008" + NOBODY,
                        "pass deploy/task.json#localhost:3000");
    }

    @Test
    void aProgramInAContainerAsksItsOwnLoopback() throws InterruptedException {
        tree.file("orders/main.py", "app = FastAPI()", "WEB = 'http://localhost:3000'", "ME = 'http://127.0.0.1:8001'")
                .file("web/page.vue", "fetch('http://localhost:18001')")
                .file("web/next.config.js", "destination: 'http://localhost:8001'");
        assertThat(verdicts())
                .containsExactlyInAnyOrder(
                        "unknown orders/main.py#localhost:3000" + NOBODY,
                        "pass orders/main.py#localhost:8001",
                        "pass web/page.vue#localhost:18001",
                        "unknown web/next.config.js#localhost:8001" + NOBODY);
    }

    @Test
    void whatNamesNoPortOfTheFleetIsNoPlace() throws InterruptedException {
        tree.file("docs/a.toml", "u = 'http://orders:1111'")
                .file("tests/a.toml", "u = 'http://orders:1111'")
                .file("web/server.test.js", "fetch('http://orders:1111')")
                .file(".env.example", "U=http://orders:1111")
                .file("README.md", "http://orders:1111")
                .file("web/package-lock.json", "{\"a\": \"http://orders:1111\"}")
                .file("node_modules/a/config.json", "{\"a\": \"http://orders:1111\"}")
                .file(".gitlab-ci.yml", "u: http://orders:1111")
                .file(
                        "web/own.ini",
                        "# http://orders:1111",
                        "; http://orders:1111",
                        "bind = 127.0.0.1:1111",
                        "listen: localhost:1112",
                        "image = orders:1113",
                        "allowed = http://localhost:1114",
                        "CORS_ORIGINS=http://localhost:1115",
                        "other = http://stranger:1116",
                        "path = a/orders:1117",
                        "time = 10:1118",
                        "low = orders:11",
                        "three = 127.0.0.1:1119:80")
                .file("say.sh", "echo \"open http://localhost:1111\"", "docker build -t orders:2024 .")
                .file("rules/a.cases.yml", "run: curl http://orders:1111")
                .file("web/Program.cs", "var b = app.Configuration[\"BROKER\"] ?? \"redis://cache:1111\";")
                .file("web/db.js", "connect(process.env.BROKER || 'redis://cache:1111')");
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void theUsualPortOfAServerThatTheFleetHasNotIsSomebodyElses() throws InterruptedException {
        tree.file("web/app.toml", "db = 'postgres://localhost:5432/a'", "mq = 'redis://localhost:6379'");
        assertThat(verdicts()).containsExactly("unknown web/app.toml#localhost:6379" + NOBODY);
    }

    @Test
    void whatAnotherCheckJudgesIsLeftToIt() throws InterruptedException {
        tree.file("nginx.conf", "server { location / { proxy_pass http://127.0.0.1:18002; } }")
                .file("ask.sh", "curl http://localhost:18002/")
                .file(
                        "other/compose.yml",
                        "services:",
                        "  a:",
                        "    image: redis:7",
                        "    environment: ['PEER=http://b:1234']",
                        "    healthcheck: {test: 'curl localhost:7777'}",
                        "  b: {image: redis:7}")
                .file("other/a.env", "PEER=http://b:1234", "ELSE=http://b:1234")
                .file("other/b.env", "PEER=http://b:1234");
        assertThat(verdicts()).containsExactly("unknown other/a.env#b:1234" + NOBODY);
    }

    @Test
    void aNameMeansTheServiceOfTheNearestProject() throws InterruptedException {
        tree.file("b/compose.yml", "services:", "  cache: {image: 'memcached:1'}")
                .file("b/app.toml", "a = 'cache:6379'", "b = 'cache:11211'")
                .file("app.toml", "a = 'cache:6379'");
        assertThat(verdicts())
                .containsExactlyInAnyOrder(
                        "unknown b/app.toml#cache:6379" + NOBODY,
                        "pass b/app.toml#cache:11211",
                        "pass app.toml#cache:6379");
    }

    @Test
    void servicesOfAClusterAreAskedByTheirOwnPorts() throws InterruptedException {
        tree.file(
                "k8s/pay.yaml",
                "apiVersion: apps/v1",
                "kind: Deployment",
                "metadata: {name: pay}",
                "spec:",
                "  template:",
                "    metadata: {labels: {app: pay}}",
                "    spec:",
                "      containers:",
                "        - name: pay",
                "          image: x/pay:1",
                "          ports: [{containerPort: 8080}]",
                "          env:",
                "            - {name: A, value: 'http://pay.shop.svc.cluster.local:8080'}",
                "            - {name: B, value: 'http://pay:80'}",
                "---",
                "apiVersion: v1",
                "kind: Service",
                "metadata: {name: pay}",
                "spec: {selector: {app: pay}, ports: [{port: 80, targetPort: 8080}]}");
        assertThat(verdicts())
                .containsExactlyInAnyOrder("unknown k8s/pay.yaml#pay:8080" + NOBODY, "pass k8s/pay.yaml#pay:80");
    }

    /** Each would take minutes where a pattern looked at a text from every place to its end. */
    @Test
    void textsThatAreMadeToTakeLongDoNot() throws InterruptedException {
        tree.file("blank/compose.yml", "services: {a: {image: redis}}", "\n".repeat(200_000), "    expose:")
                .file("a.sh", "docker run ".repeat(20_000), "kubectl port-forward ".repeat(10_000))
                .file("b.sh", "nc " + "-a ".repeat(60_000), "info echo ".repeat(90) + "orders:8002")
                .file("c.ini", "a=orders:1000 ".repeat(4_000))
                .file("d.ini", ("info ".repeat(180) + "orders:11\n").repeat(60))
                .file("e/compose.yml", "services: {a: {image: redis}}", "x:", "  expose:", "    - 81\n".repeat(20_000))
                .file("orders/fly.toml", "[checks.a]\n".repeat(9_000));
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(verdicts()).allMatch(verdict -> verdict.startsWith("unknown e/compose.yml#")));
    }

    @Test
    void moreThanIsSearchedIsSaid() throws InterruptedException {
        tree.file(
                "many.ini",
                IntStream.range(10_000, 12_100)
                        .mapToObj(port -> "a = orders:" + port)
                        .toArray(String[]::new));
        assertThat(verdicts()).hasSize(2_001).endsWith("unknown more: " + NamedPortCheck.MORE);
    }
}
