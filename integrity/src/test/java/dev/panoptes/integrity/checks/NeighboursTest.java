package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom services ask, what their commands start, which stages are built, and by what packages are installed. */
class NeighboursTest {
    private final ComposeNeighbourCheck neighbour = new ComposeNeighbourCheck();
    private final ComposeMissingModuleCheck module = new ComposeMissingModuleCheck();
    private final CopyMissingSourceCheck copy = new CopyMissingSourceCheck();

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
        tree.file(
                        "api/Dockerfile",
                        "FROM python:3.12",
                        "COPY . .",
                        "CMD [\"uvicorn\", \"main:app\", \"--port\", \"8000\"]")
                .file("api/main.py", "from fastapi import FastAPI", "app = FastAPI()");
    }

    @Test
    void aProxyAndAVariableThatAskAnotherPortAreTold() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "services:",
                        "  api: {build: api, ports: ['9000:8000']}",
                        "  web: {image: nginx, volumes: ['./conf.d:/etc/nginx/conf.d:ro']}",
                        "  job:",
                        "    image: x",
                        "    environment: {API: 'http://u:secret@api:9000/v1', OK: 'http://api:8000', FAR:"
                                + " 'http://far:1'}")
                .file(
                        "conf.d/app.conf",
                        "upstream back { server api:8000; server api:5000 weight=2; }",
                        "server {",
                        "  location / { proxy_pass http://back; }",
                        "  location /a { proxy_pass http://api:8000/; }",
                        "  # proxy_pass http://gone:1;",
                        "  location /b { fastcgi_pass gone:9000; }",
                        "  location /c { proxy_pass http://$host:1; proxy_pass http://localhost:1; }",
                        "}");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactlyInAnyOrder(
                        "pass compose.yaml#web-api-8000",
                        "fail compose.yaml#web-api-5000",
                        "fail compose.yaml#web-gone-9000",
                        "fail compose.yaml#job-api-9000",
                        "pass compose.yaml#job-api-8000",
                        "unknown compose.yaml#web-web-1: Whether compose.yaml#web listens on 1 is not known: its"
                                + " command, a variable or what is mounted may say another port than its image",
                        "unknown compose.yaml#job-far-1: FAR asks http://far:1, and no service of compose.yaml is"
                                + " called far: whether another machine is, is not known");
        assertThat(tree.accusations()).noneMatch(line -> line.contains("secret"));
    }

    @Test
    void whatCannotBeKnownOfANeighbourIsNotSaid() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "services:",
                        "  made: {build: made}",
                        "  pulled: {image: x}",
                        "  web: {image: nginx, volumes: ['./n.conf:/etc/nginx/nginx.conf']}",
                        "networks: {shared: {external: true}}")
                .file("made/Dockerfile", "FROM company/server:1", "COPY . .")
                .file(
                        "n.conf",
                        "http { server { location / { proxy_pass http://made:1; proxy_pass http://pulled:2;",
                        "proxy_pass http://elsewhere:3; } } }");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll("what port .*", "..."))
                .containsExactly(
                        "unknown compose.yaml#web-elsewhere-3: No service of the project has the name that is asked:"
                                + " whether something outside of the file has it is not known, for it names external"
                                + " networks, hosts, links, name servers or services of other files",
                        "unknown compose.yaml#web-made-1: Whether compose.yaml#made listens on 1 is not known: its base"
                                + " image decides what it starts",
                        "unknown compose.yaml#web-pulled-2: Nothing tells on ...");
    }

    @Test
    void aPulledImageThatOnlyItsOwnProjectSpeaksOfIsUnknown() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  a: {image: x, environment: {A: 'http://b:7000', B: 'http://c:7001', C: 'http://c:7002', D:"
                        + " 'http://d:7003'}}",
                "  b: {image: y, ports: ['1:7000']}",
                "  c: {image: y, healthcheck: {test: curl -f http://localhost:7001/}}",
                "  d: {image: y, ports: ['7003:1']}");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll(": .*", ""))
                .containsExactlyInAnyOrder(
                        "unknown compose.yaml#a-b-7000",
                        "unknown compose.yaml#a-c-7001",
                        "unknown compose.yaml#a-c-7002",
                        "unknown compose.yaml#a-d-7003");
    }

    @Test
    void aUrlWithoutAPortAsksTheUsualOneOfItsProtocol() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  db: {image: postgres, environment: {PGPORT: 5433}}",
                "  cache: {image: 'redis:7'}",
                "  web: {image: nginx}",
                "  admin: {image: adminer}",
                "  a:",
                "    image: x",
                "    environment:",
                "      DATABASE_URL: postgres://u:secret@db/app",
                "      CACHE: redis://cache/0",
                "      WEB: http://web",
                "      ADMIN: http://admin/x",
                "      MONGO: mongodb+srv://db/app",
                "      PUBLIC_URL: http://admin",
                "  b: {image: x, environment: {PGPORT: 5433, DATABASE_URL: 'postgres://db/app'}}");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#a-db-5432",
                        "pass compose.yaml#a-cache-6379",
                        "pass compose.yaml#a-web-80",
                        "unknown compose.yaml#a-admin-80: Whether compose.yaml#admin listens on 80 is not known: the"
                                + " address names no port, and a program may add one");
        assertThat(tree.accusations()).noneMatch(line -> line.contains("secret"));
    }

    @Test
    void theLoopbackIsTheContainersOwn() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  db: {image: postgres}",
                "  a: {image: x, environment: {DATABASE_URL: 'postgres://u:secret@localhost:5432/x', ORIGIN:"
                        + " 'http://localhost:1'}}",
                "  b: {image: x, network_mode: 'service:db', environment: {DATABASE_URL:"
                        + " 'postgres://127.0.0.1:5432/x'}}");
        assertThat(tree.verdicts(neighbour))
                .containsExactlyInAnyOrder(
                        "unknown compose.yaml#a-127.0.0.1-5432: DATABASE_URL asks postgres://localhost:5432, which is"
                                + " the container itself: nothing of it is known to listen there",
                        "pass compose.yaml#b-127.0.0.1-5432");
    }

    @Test
    void nginxMayAskByAVariable() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "services:",
                        "  cache: {image: redis}",
                        "  web: {image: nginx, volumes: ['./n.conf:/etc/nginx/nginx.conf']}")
                .file(
                        "n.conf",
                        "server { set $a http://cache:6379; set $b cache:6380; set $c \"far:1234\"; proxy_pass $a; }");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "pass compose.yaml#web-cache-6379",
                        "fail compose.yaml#web-cache-6380",
                        "unknown compose.yaml#web-far-1234");
    }

    @Test
    void aFileOfOneServiceLeavesOpenWhomItAsks() throws InterruptedException {
        tree.file("compose.yaml", "services: {load: {image: x, environment: {TARGET: 'http://api:8000'}}}");
        assertThat(tree.verdicts(neighbour))
                .containsExactly("unknown compose.yaml#load-api-8000: TARGET asks http://api:8000, and no service of"
                        + " compose.yaml is called api: whether another machine is, is not known");
    }

    @Test
    void anyOfSeveralContainersMayAnswer() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  one: {image: redis, networks: {default: {aliases: [cache]}}}",
                "  two: {image: redis, networks: {default: {aliases: [cache]}}}",
                "  vpn: {image: some/vpn}",
                "  inside: {image: adminer, network_mode: 'service:vpn'}",
                "  host: {image: redis, network_mode: host}",
                "  a: {image: x, environment: {A: 'redis://cache:6379', B: 'redis://cache:6380', C: 'http://vpn:8080',",
                "    D: 'http://vpn:1234', E: 'redis://host:6379'}}");
        assertThat(tree.verdicts(neighbour))
                .containsExactlyInAnyOrder(
                        "pass compose.yaml#a-cache-6379",
                        "unknown compose.yaml#a-cache-6380: Whether compose.yaml#one listens on 6380 is not known:"
                                + " several services are called cache",
                        "pass compose.yaml#a-vpn-8080",
                        "unknown compose.yaml#a-vpn-1234: Whether compose.yaml#vpn listens on 1234 is not known:"
                                + " inside shares its network",
                        "unknown compose.yaml#a-host-6379: Whether compose.yaml#host listens on 6379 is not known: it"
                                + " is on the host's network, where no name leads to it");
    }

    @Test
    void aNameThatNobodyHasIsToldOnlyWhereOneOfTheProjectIsMeant() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  api: {build: api}",
                "  broker: {image: 'emqx/emqx:5', networks: {default: {aliases: [bus]}}}",
                "  db: {image: 'postgres:16', container_name: shop-db}",
                "  a:",
                "    image: x",
                "    environment:",
                "      MQTT_HOST: mqtt",
                "      MQTT_PORT: 1883",
                "      BUS_HOST: bus",
                "      BUS_PORT: 1883",
                "      DATABASE_URL: postgresql+asyncpg://u:secret@database:5432/x",
                "      API_URL: http://apis:8000",
                "      FAR_URL: http://far:8000",
                "      NEXT_PUBLIC_URL: http://box:8000",
                "      SELF_URL: http://me:8000",
                "      MAIL_HOST: mail.example.org",
                "      MAIL_PORT: 25",
                "      X_HOST: localhost",
                "      X_PORT: 5432",
                "      KAFKA_LISTENERS: kafka://one:5432",
                "  b:",
                "    image: x",
                "    environment: {OLD_URL: 'postgres://old:5432/x', NEW_URL: 'postgres://shop-db:5432/x', DB:"
                        + " 'postgres://db:5432/x'}");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#a-mqtt-1883",
                        "pass compose.yaml#a-bus-1883",
                        "fail compose.yaml#a-database-5432",
                        "fail compose.yaml#a-apis-8000",
                        "unknown compose.yaml#a-far-8000",
                        "unknown compose.yaml#b-old-5432",
                        "pass compose.yaml#b-shop-db-5432",
                        "pass compose.yaml#b-db-5432");
        assertThat(tree.accusations()).noneMatch(line -> line.contains("secret"));
    }

    @Test
    void whereNamesComeFromElsewhereNobodyIsAccusedOfOne() throws InterruptedException {
        String[] asks = {
            "services:",
            "  broker: {image: 'emqx/emqx:5'}",
            "  a: {image: x, environment: {MQTT_HOST: mqtt, MQTT_PORT: 1883}, EXTRA}"
        };
        for (String extra : new String[] {
            "extra_hosts: ['mqtt:10.0.0.1']",
            "external_links: [other]",
            "networks: [ext]}\nnetworks: {ext: {external: true}"
        }) {
            tree.file("compose.yaml", asks[0], asks[1], asks[2].replace("EXTRA", extra));
            assertThat(tree.verdicts(neighbour))
                    .as(extra)
                    .singleElement()
                    .asString()
                    .startsWith("unknown compose.yaml#a-mqtt-1883: No service of the project has the name");
        }
        tree.file("compose.yaml", asks[0], asks[1], asks[2].replace("EXTRA", "tty: true"))
                .file("other/compose.yaml", "services: {mqtt: {image: x}}");
        assertThat(tree.verdicts(neighbour)).singleElement().asString().startsWith("unknown compose.yaml#a-mqtt-1883");
        tree.file("other/compose.yaml", "services: {other: {image: x}}");
        assertThat(tree.verdicts(neighbour)).singleElement().asString().startsWith("fail compose.yaml#a-mqtt-1883");
    }

    @Test
    void wellKnownServersListenOnTheirPortsUnlessTheyAreTold() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  a:",
                "    image: x",
                "    environment:",
                "      ONE: redis://cache:6380",
                "      TWO: postgres://u:p@db:5432/x",
                "      THREE: redis://moved:6380",
                "      FOUR: mysql://mine:3307/x",
                "  cache: {image: 'redis:7-alpine'}",
                "  db: {image: postgres}",
                "  moved: {image: redis, command: redis-server --port 6380}",
                "  mine: {image: mysql, volumes: ['./my.cnf:/etc/mysql/conf.d/my.cnf']}");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#a-cache-6380",
                        "pass compose.yaml#a-db-5432",
                        "pass compose.yaml#a-moved-6380",
                        "unknown compose.yaml#a-mine-3307: Whether compose.yaml#mine listens on 3307 is not known: its"
                                + " command, a variable or what is mounted may say another port than its image");
    }

    @Test
    void addressesPairsAndCommandsNameNeighboursToo() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  a:",
                "    image: x",
                "    command: [wait-for, 'db:5433', --, run, '--broker=kafka:9092', '--far=elsewhere:1000']",
                "    environment:",
                "      BROKERS: kafka:29092,kafka:29093",
                "      KAFKA_BOOTSTRAP: kafka:9092",
                "      DB_HOST: db",
                "      DB_PORT: 5434",
                "      JDBC: jdbc:postgresql://db:5432/x",
                "      CACHE_IMAGE: cache:7",
                "      LISTEN: a:1",
                "  w: {image: x, command: [wait-for, 'kafka:9092']}",
                "  db: {image: postgres}",
                "  cache: {image: 'redis:7'}",
                "  kafka:",
                "    image: confluentinc/cp-kafka:7.6.1",
                "    environment:",
                "      KAFKA_LISTENERS: IN://0.0.0.0:29092,OUT://0.0.0.0:9092",
                "      KAFKA_ADVERTISED_LISTENERS: IN://kafka:29092,OUT://localhost:9092",
                "      KAFKA_INTER_BROKER_LISTENER_NAME: IN");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#a-db-5433",
                        "fail compose.yaml#a-kafka-9092",
                        "pass compose.yaml#w-kafka-9092",
                        "pass compose.yaml#a-kafka-29092",
                        "fail compose.yaml#a-kafka-29093",
                        "fail compose.yaml#a-db-5434",
                        "pass compose.yaml#a-db-5432");
    }

    @Test
    void aPortThatSpeaksAnotherProtocolIsTold() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  a:",
                "    image: x",
                "    environment:",
                "      BROKER: amqp://u:p@rabbitmq:15672/",
                "      RIGHT: amqp://rabbitmq:5672",
                "      ADMIN: http://rabbitmq:15672/api",
                "      S3_ENDPOINT: http://minio:9001",
                "      S3_URL: http://minio:9000",
                "      MINIO_CONSOLE_URL: http://minio:9001/",
                "      CLICKHOUSE: http://clickhouse:9000",
                "      NATIVE: clickhouse://clickhouse:9000",
                "  b: {image: y, environment: {MINIO_CONSOLE_URL: 'http://minio:9001/', A:"
                        + " 'http://rabbitmq:15672/api'}}",
                "  rabbitmq: {image: 'rabbitmq:3-management'}",
                "  minio: {image: minio/minio, command: 'server /data --console-address \":9001\"'}",
                "  clickhouse: {image: clickhouse/clickhouse-server}");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#a-rabbitmq-15672",
                        "pass compose.yaml#a-rabbitmq-5672",
                        "pass compose.yaml#a-minio-9000",
                        "fail compose.yaml#a-minio-9001",
                        "fail compose.yaml#a-clickhouse-9000",
                        "pass compose.yaml#b-minio-9001",
                        "pass compose.yaml#b-rabbitmq-15672");
        assertThat(tree.accusations()).noneMatch(line -> line.contains("u:p"));
    }

    @Test
    void whatOnlyServersAskOfEachOtherIsNotForClients() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  a:",
                "    image: x",
                "    environment:",
                "      NATS_URL: nats://nats:6222",
                "      QDRANT_URL: http://qdrant:6335",
                "      KAFKA_BOOTSTRAP_SERVERS: kafka:9093",
                "  b:",
                "    image: y",
                "    environment: {NATS_ROUTES: 'nats://nats:6222', KAFKA_BROKERS: 'kafka:9092',"
                        + " KAFKA_CONTROLLERS: 'kafka:9093'}",
                "  nats: {image: 'nats:2'}",
                "  nats2: {image: 'nats:2', command: '--cluster nats://0.0.0.0:6222 --routes=nats://nats:6222'}",
                "  qdrant: {image: 'qdrant/qdrant:v1'}",
                "  qdrant2: {image: 'qdrant/qdrant:v1', command: './qdrant --bootstrap http://qdrant:6335'}",
                "  kafka:",
                "    image: apache/kafka:3.8.0",
                "    environment:",
                "      KAFKA_LISTENERS: PLAIN://:9092,CONTROLLER://:9093",
                "      KAFKA_ADVERTISED_LISTENERS: PLAIN://kafka:9092",
                "      KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER",
                "      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093");
        assertThat(tree.verdicts(neighbour))
                .filteredOn(line -> line.startsWith("fail"))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#a-nats-6222",
                        "fail compose.yaml#a-qdrant-6335",
                        "fail compose.yaml#a-kafka-9093");
    }

    @Test
    void aPackageOfAWorkspaceIsMadeUnderItsOwnName() throws InterruptedException {
        tree.file("Cargo.toml", "[workspace]", "members = [\"crates/a\"]")
                .file("crates/a/Cargo.toml", "[package]", "name = \"tile-maker\"")
                .file("crates/a/src/main.rs", "fn main() {}")
                .file(
                        "Dockerfile",
                        "FROM rust AS build",
                        "WORKDIR /src",
                        "COPY Cargo.toml ./",
                        "COPY crates ./crates",
                        "RUN cargo build --release -p tile-maker",
                        "FROM debian",
                        "COPY --from=build /src/target/release/tile-maker /a",
                        "COPY --from=build /src/target/release/tile_maker /b");
        assertThat(tree.verdicts(copy))
                .filteredOn(line -> line.startsWith("fail"))
                .hasSize(1);
    }

    @Test
    void aBrowserAsksThePublishedPort() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  api: {build: api, ports: ['4001:8000']}",
                "  web:",
                "    build: {context: web, args: {VITE_API_URL: 'http://localhost:8000/v1'}}",
                "    environment: {NEXT_PUBLIC_API_URL: 'http://localhost:4001', NEXT_PUBLIC_WS_URL:"
                        + " 'ws://127.0.0.1:7000', API_URL: 'http://localhost:8000'}");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#web-localhost-8000",
                        "pass compose.yaml#web-localhost-4001",
                        "unknown compose.yaml#web-localhost-7000");
    }

    @Test
    void serversOfBundlersLeadToNeighbours() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "services:",
                        "  api: {build: api}",
                        "  web: {build: web}",
                        "  dev: {build: {context: web, dockerfile: two, target: dev}}",
                        "  live: {build: {context: web, dockerfile: two}}",
                        "  mounted: {image: 'node:20', working_dir: /web, command: npm run dev, volumes: ['./web:/web']}",
                        "  other: {image: 'node:20', working_dir: /srv, command: npm run dev, volumes: ['./web:/web']}")
                .file("web/Dockerfile", "FROM node:20", "COPY . .", "CMD npm run dev")
                .file(
                        "web/two",
                        "FROM node:20 AS dev",
                        "COPY . .",
                        "CMD npm run dev",
                        "FROM dev AS build",
                        "RUN npm run build",
                        "FROM nginx",
                        "COPY --from=build /web/dist /usr/share/nginx/html")
                .file(
                        "web/vite.config.ts",
                        "export default { server: { proxy: {",
                        "  '/api': 'http://api:5001',",
                        "  // '/old': 'http://api:5002',",
                        "  '/v1': { target: `http://api:8000/` }, '/x': 'http://elsewhere:1000' } } };");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#dev-api-5001",
                        "pass compose.yaml#dev-api-8000",
                        "fail compose.yaml#mounted-api-5001",
                        "pass compose.yaml#mounted-api-8000",
                        "fail compose.yaml#web-api-5001",
                        "pass compose.yaml#web-api-8000");
    }

    @Test
    void aHostWithoutAPortIsAskedWhereItsProtocolListens() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  db: {image: 'postgres:16'}",
                "  a: {image: x, environment: {DATABASE_URL: 'ecto://u:secret@postgres/app'}}",
                "  b: {image: x, environment: {PG_HOST: postgres}}",
                "  c: {image: x, environment: {PG_HOST: warehouse, DATABASE_URL: 'postgres://db/app', SITE:"
                        + " 'https://intranet/'}}");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#a-postgres-5432",
                        "fail compose.yaml#b-postgres-5432",
                        "pass compose.yaml#c-db-5432");
        assertThat(tree.accusations()).noneMatch(line -> line.contains("secret"));
    }

    @Test
    void whatAMountedConfigurationSaysIsTheImagesPort() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "services:",
                        "  a: {image: x, environment: {ONE: 'mqtt://broker:1883', TWO: 'mqtt://broker:1884', THREE:"
                                + " 'mysql://db:3307/x'}}",
                        "  broker: {image: 'eclipse-mosquitto:2', volumes: ['./mosquitto:/mosquitto/config']}",
                        "  db: {image: mysql, volumes: ['./my.cnf:/etc/mysql/conf.d/my.cnf']}")
                .file("mosquitto/mosquitto.conf", "# listener 1883", "listener 1884 0.0.0.0", "allow_anonymous true")
                .file("my.cnf", "[mysqld]", "port = 3307");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "unknown compose.yaml#a-broker-1883",
                        "pass compose.yaml#a-broker-1884",
                        "pass compose.yaml#a-db-3307");
    }

    @Test
    void streamlitListensWhereItsConfigurationSays() throws InterruptedException {
        for (String name : new String[] {"a", "b", "c"}) {
            tree.file(
                            name + "/Dockerfile",
                            "FROM python:3.12",
                            "WORKDIR /app",
                            "COPY . .",
                            "CMD [\"streamlit\", \"run\", \"app.py\""
                                    + (name.equals("b") ? ", \"--server.port=8503\"]" : "]"))
                    .file(name + "/app.py", "import streamlit as st")
                    .file(
                            name + "/.streamlit/config.toml",
                            "[theme]",
                            "port = 1",
                            name.equals("c") ? "[other]" : "[server]",
                            "headless = true",
                            "port = 8502");
        }
        tree.file(
                "compose.yaml",
                "services:",
                "  a: {build: a, ports: ['1:8501']}",
                "  b: {build: b, ports: ['2:8503']}",
                "  c: {build: c, ports: ['3:8501']}");
        assertThat(tree.verdicts(new PortMismatchComposeContainerCheck()))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactly("fail compose.yaml#a", "pass compose.yaml#b", "pass compose.yaml#c");
    }

    @Test
    void labelsLeadAProxyToAPortOfTheirOwnService() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  right: {build: api, labels: ['traefik.http.services.r.loadbalancer.server.port=8000']}",
                "  cased: {build: api, labels: {traefik.http.services.x.loadBalancer.server.port: 9004}}",
                "  wrong: {build: api, labels: {traefik.tcp.services.w.loadbalancer.server.port: '9000'}}",
                "  swarm: {build: api, deploy: {labels: ['traefik.http.services.s.loadbalancer.server.port=9001']}}",
                "  caddy: {build: api, labels: {caddy: a.example, caddy.reverse_proxy: '{{upstreams 9002}}'}}",
                "  virtual: {build: api, environment: {VIRTUAL_PORT: 9003}}",
                "  other: {build: api, labels: ['traefik.http.services.o.loadbalancer.passhostheader=true']}",
                "  pulled: {image: x, labels: ['traefik.http.services.p.loadbalancer.server.port=1']}");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactlyInAnyOrder(
                        "pass compose.yaml#right-right-8000",
                        "fail compose.yaml#cased-cased-9004",
                        "fail compose.yaml#wrong-wrong-9000",
                        "fail compose.yaml#swarm-swarm-9001",
                        "fail compose.yaml#caddy-caddy-9002",
                        "fail compose.yaml#virtual-virtual-9003",
                        "unknown compose.yaml#pulled-pulled-1: Nothing tells on what port the container listens: no"
                                + " code of its image is in the tree, and the table of images does not say on what port it"
                                + " listens");
    }

    @Test
    void mountedConfigurationNamesNeighbours() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "services:",
                        "  api: {build: api}",
                        "  prometheus: {image: prom/prometheus, volumes: ['./prometheus:/etc/prometheus:ro']}",
                        "  proxy: {image: haproxy, volumes: ['./haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg']}",
                        "  grafana: {image: grafana/grafana, volumes: ['./graf:/etc/grafana/provisioning']}",
                        "  code: {image: x, volumes: ['./code:/app']}")
                .file(
                        "prometheus/prometheus.yml",
                        "scrape_configs:",
                        "  - job_name: a",
                        "    static_configs: [{targets: ['api:8000', \"api:8001\", 'localhost:9090']}]",
                        "  # - targets: ['api:8002']")
                .file("haproxy.cfg", "backend b", "  server one api:8003 check # api:8004")
                .file("graf/datasources/all.yml", "datasources: [{url: 'http://prometheus:9091/x'}]")
                .file("graf/other.json", "{", "  \"host\": \"api\",", "  \"port\": 8006,", "  \"a\": 1 }")
                .file("code/some.yml", "url: http://api:8005");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactlyInAnyOrder(
                        "pass compose.yaml#prometheus-api-8000",
                        "fail compose.yaml#prometheus-api-8001",
                        "fail compose.yaml#proxy-api-8003",
                        "fail compose.yaml#grafana-api-8006",
                        "fail compose.yaml#grafana-prometheus-9091");
    }

    @Test
    void aConfigurationThatTheImageCopiesIsRead() throws InterruptedException {
        tree.file("compose.yaml", "services: {api: {build: api}, web: {build: web}}")
                .file("web/Dockerfile", "FROM nginx", "COPY site.conf /etc/nginx/conf.d/default.conf")
                .file("web/site.conf", "server { location / { proxy_pass http://api:80; } }")
                .file("web/other.conf", "server { location / { proxy_pass http://api:81; } }");
        assertThat(tree.verdicts(neighbour))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactly("fail compose.yaml#web-api-80");
    }

    @Test
    void theCommandOfAServiceStartsAModuleThatIsThere() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "services:",
                        "  a: {build: api, command: python gone.py}",
                        "  f: {build: file, command: python /app/gone.py}",
                        "  b: {build: api, command: python main.py}",
                        "  c: {build: api, command: python late.py, volumes: ['./late.py:/late.py']}",
                        "  d: {build: api}",
                        "  e: {image: python, command: python gone.py}")
                .file("late.py", "")
                .file("file/Dockerfile", "FROM python:3.12", "WORKDIR /app", "COPY x.py .")
                .file("file/x.py", "");
        assertThat(tree.verdicts(module))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactly(
                        "fail compose.yaml#a", "fail compose.yaml#f", "pass compose.yaml#b", "pass compose.yaml#c");
    }

    @Test
    void stagesAreNamedAsTheyAreCalled() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "services: {one: {build: {context: one, target: production}}, two: {build: {context: two,"
                                + " target: prod}}}")
                .file(
                        "one/Dockerfile",
                        "FROM golang:1.22 AS build",
                        "FROM alpine AS prod",
                        "COPY --from=builder /x /x",
                        "COPY --from=golang /go /go")
                .file("two/Dockerfile", "FROM golang:1.22 AS Build", "FROM alpine AS prod", "COPY --from=build /x /x");
        assertThat(tree.verdicts(new ComposeRefusedCheck()))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactlyInAnyOrder("pass compose.yaml", "fail compose.yaml#one-target-production");
        assertThat(tree.verdicts(copy))
                .contains("fail one/Dockerfile-from-builder [one, one/Dockerfile]")
                .noneMatch(line -> line.startsWith("fail two"));
    }

    @Test
    void aBuildDoesNotSeeAboveItsContext() throws InterruptedException {
        tree.file("compose.yaml", "services: {a: {build: a}, b: {build: b}}")
                .file("shared/x.js", "")
                .file("a/Dockerfile", "FROM node:20", "COPY ../shared ./shared")
                .file("b/Dockerfile", "FROM node:20", "COPY ../x.js .")
                .file("b/x.js", "");
        assertThat(tree.verdicts(copy)).contains("fail a/Dockerfile [a, a/Dockerfile]", "pass b/Dockerfile");
    }

    @Test
    void packagesAreInstalledByWhatTheImageHas() throws InterruptedException {
        tree.file("a/Dockerfile", "FROM alpine:3.19", "RUN apt-get update && apt-get install -y jq")
                .file("b/Dockerfile", "FROM python:3.12-slim", "RUN set -e; apk add jq")
                .file(
                        "c/Dockerfile",
                        "FROM python:3.12-alpine AS x",
                        "RUN apk add jq",
                        "FROM debian:12-slim",
                        "RUN apt-get update")
                .file("d/Dockerfile", "FROM company/base", "RUN apk add jq")
                .file("e/Dockerfile", "FROM alpine", "RUN echo apt-get update");
        assertThat(tree.verdicts(new ForeignPackageManagerCheck()))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactly("fail a/Dockerfile", "fail b/Dockerfile", "pass c/Dockerfile");
    }

    @Test
    void whatOnlyAShellDoesIsToldOfUnits() throws InterruptedException {
        tree.file("units/a.service", "[Service]", "ExecStart=~/bin/x")
                .file("units/b.service", "[Service]", "ExecStart=/usr/bin/rm -f /run/x/*.pid")
                .file("units/c.service", "[Service]", "ExecStart=/usr/bin/java -cp /opt/x/lib/* x.Main")
                .file("units/d.service", "[Service]", "ExecStart=/usr/bin/find /var/x -name *.tmp")
                .file("units/e.service", "[Service]", "ExecStart=./run.sh")
                .file("units/f.service", "[Service]", "ExecStart=@/opt/x/run run --config ~/c.yml");
        assertThat(tree.verdicts(new UnitUnsupportedExpansionCheck()))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactlyInAnyOrder("fail a", "fail b", "pass c", "pass d", "fail e", "fail f");
    }

    @Test
    void aServerOfOnePortServesNoOther() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  a: {build: api, ports: ['8000:8000', '22:22']}",
                "  b: {build: api, ports: ['8001:8000', '5678:5678']}");
        assertThat(tree.verdicts(new PortMismatchComposeContainerCheck()))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactly("fail compose.yaml#a", "pass compose.yaml#b");
    }

    @Test
    void whatTestsAreFedWithIsNoFleet() throws InterruptedException {
        tree.file("testdata/compose.yaml", "services: {a: {image: x, depends_on: [gone]}}")
                .file("pkg/fixtures/bad/compose.yaml", "services: {a: {image: x, depends_on: [gone]}}");
        assertThat(tree.accusations()).isEmpty();
    }

    @Test
    void whoIsAskedByANeighbourDoesNotListenOnLoopbackOnly() throws InterruptedException {
        LoopbackButDeclaredCheck loopback = new LoopbackButDeclaredCheck();
        String caddy = "  front: {image: 'caddy:2', volumes: ['./Caddyfile:/etc/caddy/Caddyfile:ro']}";
        tree.file("compose.yaml", "services:", "  api: {build: api}", caddy)
                .file("Caddyfile", "example.org {", "  reverse_proxy api:8000", "}");
        assertThat(tree.verdicts(loopback))
                .containsExactly("fail compose.yaml#api [compose.yaml#api, api, compose.yaml#front]");

        // Published it is loopback-behind-publish; on the host's network, or beside another of its network, somebody
        // else may reach it.
        tree.file("compose.yaml", "services:", "  api: {build: api, ports: ['8000:8000']}", caddy);
        assertThat(tree.verdicts(loopback)).noneMatch(line -> line.startsWith("fail"));
        tree.file("compose.yaml", "services:", "  api: {build: api, network_mode: host}", caddy);
        assertThat(tree.verdicts(loopback)).noneMatch(line -> line.startsWith("fail"));
        tree.file(
                "compose.yaml",
                "services:",
                "  api: {build: api}",
                caddy,
                "  side: {image: x, network_mode: 'service:api'}");
        assertThat(tree.verdicts(loopback)).noneMatch(line -> line.startsWith("fail"));
        tree.file(
                "compose.yaml", "services:", "  api: {build: api, command: 'uvicorn main:app --host 0.0.0.0'}", caddy);
        assertThat(tree.verdicts(loopback)).containsExactly("pass compose.yaml#api");
        tree.file("compose.yaml", "services:", "  api: {build: api}", "  front: {image: 'caddy:2'}");
        assertThat(tree.verdicts(loopback)).isEmpty();
        tree.file(
                "compose.yaml", "services:", "  api: {build: api, command: 'uvicorn main:app --host ${BIND}'}", caddy);
        assertThat(tree.verdicts(loopback)).noneMatch(line -> line.startsWith("fail"));
    }

    @Test
    void whatAStageDoesNotMakeIsNotCopiedFromIt() throws InterruptedException {
        tree.file("main.go", "package main").file("web/index.html", "").file("migrations/1.sql", "");
        assertThat(ofStage("RUN mkdir -p /out && CGO_ENABLED=0 go build -o /out/server .", "/out/shortener"))
                .containsExactly("Dockerfile copies /out/shortener from the stage build, which makes /out/server");
        assertThat(ofStage("RUN go build -o bin/server ./cmd/server", "/src/server"))
                .hasSize(1);

        assertThat(ofStage("RUN go build -o /out/server .", "/out/server")).isEmpty();
        assertThat(ofStage("RUN go build -o /out/server .", "/out")).isEmpty();
        assertThat(ofStage("RUN go build -o /out/server .", "/out/*")).isEmpty();
        // What the context, the base image, a copy or a command that is not understood may bring.
        assertThat(ofStage("RUN go build -o /src/server .", "/src/migrations")).isEmpty();
        assertThat(ofStage("RUN go build -o /out/server .", "/etc/ssl/certs/ca-certificates.crt"))
                .isEmpty();
        assertThat(ofStage("RUN go build -o /out/server .\nRUN make all", "/out/shortener"))
                .isEmpty();
        assertThat(ofStage("RUN go build -o /out/ ./...", "/out/shortener")).isEmpty();
        assertThat(ofStage("RUN go build -o /out/server .\nCOPY --from=busybox /bin /out", "/out/sh"))
                .isEmpty();
        assertThat(ofStage("RUN go build -o /out/server . > /out/log", "/out/log"))
                .isEmpty();
    }

    @Test
    void whatCargoAndBundlersMakeIsKnown() throws InterruptedException {
        tree.file("Cargo.toml", "[package]", "name = \"tiles\"", "[dependencies]", "name = \"x\"")
                .file("package.json", "{\"scripts\": {\"build\": \"tsc -b && vite build\"}}");
        assertThat(ofStage("RUN cargo build --release", "/src/target/release/tile"))
                .containsExactly("Dockerfile copies /src/target/release/tile from the stage build, which makes"
                        + " /src/target/release/tiles");
        assertThat(ofStage("RUN cargo build --release", "/src/target/release/tiles"))
                .isEmpty();
        assertThat(ofStage("RUN cargo build", "/src/target/release/tiles")).hasSize(1);
        assertThat(ofStage("RUN --mount=type=cache,target=/src/target cargo build", "/src/target/release/tiles"))
                .isEmpty();
        assertThat(ofStage("RUN npm ci\nRUN npm run build", "/src/build"))
                .containsExactly("Dockerfile copies /src/build from the stage build, which makes /src/dist");
        assertThat(ofStage("RUN npm ci\nRUN npm run build", "/src/dist")).isEmpty();
        tree.file("vite.config.ts", "export default {build: {outDir: 'build'}}");
        assertThat(ofStage("RUN npm ci\nRUN npm run build", "/src/build")).isEmpty();
        tree.file("package.json", "{\"scripts\": {\"build\": \"tsc -p tsconfig.json\"}}")
                .file("tsconfig.json", "{", "  \"compilerOptions\": {", "    \"outDir\": \"./lib/\"", "  }", "}");
        assertThat(ofStage("RUN npm ci\nRUN npm run build", "/src/dist"))
                .containsExactly("Dockerfile copies /src/dist from the stage build, which makes /src/lib");
        assertThat(ofStage("RUN npm ci\nRUN npm run build", "/src/lib")).isEmpty();
        tree.file("tsconfig.json", "{\"extends\": \"./base.json\"}");
        assertThat(ofStage("RUN npm ci\nRUN npm run build", "/src/dist")).isEmpty();
        tree.file("Cargo.toml", "[workspace]", "members = [\"a\"]");
        assertThat(ofStage("RUN cargo build --release", "/src/target/release/a"))
                .isEmpty();
    }

    /** What is said of a Dockerfile that copies this from a stage that runs that. */
    private java.util.List<String> ofStage(String run, String source) throws InterruptedException {
        tree.file(
                "Dockerfile",
                "FROM golang:1.23 AS build",
                "WORKDIR /src",
                "COPY . .",
                run,
                "FROM scratch",
                "COPY --from=build " + source + " /app",
                "CMD [\"/app\"]");
        return tree.accusations().stream()
                .filter(line -> line.startsWith("copy-missing-source: Dockerfile "))
                .map(line -> line.substring("copy-missing-source: ".length()))
                .toList();
    }

    @Test
    void whoListensOnTheLoopbackOnlyIsReachedOnNoPort() throws InterruptedException {
        String flask = "from flask import Flask\napp = Flask(__name__)\napp.run(host='127.0.0.1', port=8014)";
        tree.file("api/main.py", flask)
                .file("api/Dockerfile", "FROM python:3.12", "COPY . .", "CMD [\"python\", \"main.py\"]")
                .file(
                        "compose.yaml",
                        "services:",
                        "  api: {build: api}",
                        "  shown: {build: api, ports: ['8014:8014']}",
                        "  alone: {build: api}",
                        "  web: {image: x, environment: {API_URL: 'http://api:8015', OTHER_URL: 'http://shown:8015'}}");
        assertThat(tree.verdicts(new LoopbackButDeclaredCheck()))
                .containsExactly(
                        "fail compose.yaml#api [compose.yaml#api, api, compose.yaml#web]", "pass compose.yaml#shown");
    }
}
