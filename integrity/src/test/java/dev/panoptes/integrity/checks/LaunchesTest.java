package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program is judged as it is started: by argv, environment and port space of its launches. */
class LaunchesTest {
    private static final String ARGPARSE = String.join(
            "\n",
            "import argparse, uvicorn",
            "from fastapi import FastAPI",
            "app = FastAPI()",
            "if __name__ == '__main__':",
            "    p = argparse.ArgumentParser()",
            "    p.add_argument('--port', '-p', type=int, default=8000)",
            "    uvicorn.run(app, host='0.0.0.0', port=p.parse_args().port)");
    private static final String ENVIRONMENT = String.join(
            "\n",
            "import os, uvicorn",
            "from fastapi import FastAPI",
            "app = FastAPI()",
            "if __name__ == '__main__':",
            "    uvicorn.run(app, host='0.0.0.0', port=int(os.getenv('PORT', '8000')))");

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    private FleetTree unit(String name, String... lines) {
        return tree.file(
                "units/" + name + ".service",
                "[Service]\nWorkingDirectory=/opt/fleet/agents/" + name + "\n" + String.join("\n", lines));
    }

    @Test
    void unitsPassEachProgramItsOwnPort() throws InterruptedException {
        tree.agents("web", "http://web:8001", "api", "http://api:8002")
                .file("agents/web/main.py", ARGPARSE)
                .file("agents/api/main.py", ARGPARSE);
        unit("web", "ExecStart=/usr/bin/python3 main.py -p 8001");
        unit("api", "ExecStart=/usr/bin/python3 main.py --port=8002");
        assertThat(tree.accusations()).isEmpty();
        unit("api", "ExecStart=/usr/bin/python3 main.py --port=8009");
        assertThat(tree.accusations())
                .containsExactly("port-mismatch-systemd-registry: api is declared on 8002, its unit binds 8009");
    }

    @Test
    void composeSetsTheVariableOfEach() throws InterruptedException {
        tree.agents("web", "http://web:8001", "api", "http://api:8002")
                .file("agents/web/main.py", ENVIRONMENT)
                .file("agents/api/main.py", ENVIRONMENT)
                .file("agents/web/Dockerfile", "FROM python:3.12", "COPY . .", "CMD [\"python\", \"main.py\"]")
                .file("agents/api/Dockerfile", "FROM python:3.12", "COPY . .", "CMD [\"python\", \"main.py\"]")
                .file(
                        "compose.yaml",
                        "services:",
                        "  web: {build: agents/web, environment: {PORT: 8001}, ports: ['8001:8001']}",
                        "  api: {build: agents/api, environment: {PORT: 8002}, ports: ['8002:8002']}");
        assertThat(tree.accusations()).isEmpty();
        tree.file(
                "compose.yaml",
                "services:",
                "  web: {build: agents/web, environment: {PORT: 8001}, ports: ['8001:8001']}",
                "  api: {build: agents/api, environment: {PORT: 8009}, ports: ['8009:8009']}");
        assertThat(tree.accusations())
                .containsExactly(
                        "port-mismatch-registry-code: api is declared on 8002, its code binds 8009",
                        "port-mismatch-registry-compose: api is declared on 8002, compose publishes it on 8009");
    }

    @Test
    void containersHaveNetworksOfTheirOwn() throws InterruptedException {
        tree.agents("web", "http://web:8000", "other", "http://other:8000")
                .file("agents/web/main.py", ENVIRONMENT)
                .file("agents/other/main.py", ENVIRONMENT)
                .file("agents/web/Dockerfile", "FROM python:3.12", "COPY . .", "CMD [\"python\", \"main.py\"]")
                .file("agents/other/Dockerfile", "FROM python:3.12", "COPY . .", "CMD [\"python\", \"main.py\"]")
                .file(
                        "compose.yaml",
                        "services:",
                        "  web: {build: agents/web, ports: ['8010:8000']}",
                        "  other: {build: agents/other, ports: ['8011:8000']}");
        assertThat(tree.accusations()).isEmpty();
        assertThat(tree.verdicts(new PortConflictCheck())).containsExactly("pass 8000");
    }

    @Test
    void onePublishedPortForTwoAgentsClaimsTheHost() throws InterruptedException {
        tree.agents("web", "http://localhost:8010", "other", "http://localhost:8010")
                .file(
                        "compose.yaml",
                        "services:",
                        "  web: {image: a, ports: ['8010:8000']}",
                        "  other: {image: b, ports: ['8010:8000']}");
        assertThat(tree.accusations())
                .containsExactly(
                        "compose-host-port-conflict: Host port 8010 is wanted by other and web in compose.yaml",
                        "port-conflict: Port 8010 is declared for 2 agents");
    }

    @Test
    void aServiceBuiltFromAnotherNameBelongsToTheDirectorysAgent() throws InterruptedException {
        tree.agents("billing", "http://localhost:9001")
                .file("agents/billing/main.py", ENVIRONMENT)
                .file("agents/billing/Dockerfile", "FROM python:3.12", "COPY . .", "CMD [\"python\", \"main.py\"]")
                .file("compose.yaml", "services: {backend: {build: agents/billing, ports: ['9002:8000']}}");
        assertThat(tree.accusations())
                .contains("port-mismatch-registry-compose: billing is declared on 9001, compose publishes it on 9002");
    }

    @Test
    void aScriptOfThePackageFileIsFollowed() throws InterruptedException {
        tree.agents("web", "http://web:3104")
                .file(
                        "agents/web/package.json",
                        "{\"scripts\": {\"start\": \"npm run serve\", \"serve\": \"node server.js\"}}")
                .file(
                        "agents/web/server.js",
                        "require('http').createServer((q, r) => r.end()).listen(Number(process.env.PORT) || 3000);");
        unit("web", "Environment=NODE_ENV=production PORT=3104", "ExecStart=/usr/bin/npm start");
        assertThat(tree.verdicts(new PortMismatchSystemdRegistryCheck())).containsExactly("pass web");
        unit("web", "Environment=NODE_ENV=production PORT=3105", "ExecStart=/usr/bin/npm start");
        assertThat(tree.accusations())
                .contains("port-mismatch-systemd-registry: web is declared on 3104, its unit binds 3105");
        tree.file(
                "agents/web/package.json", "{\"scripts\": {\"start\": \"concurrently 'node server.js' 'node x.js'\"}}");
        assertThat(tree.verdicts(new PortMismatchSystemdRegistryCheck()))
                .containsExactly(
                        "unknown web: The port of web.service is not known: its script starts several programs");
    }

    @Test
    void aSettingsFileBesideTheProgramDecides() throws InterruptedException {
        tree.agents("a", "http://a:9501")
                .file("agents/a/.env", "PORT=9501")
                .file("agents/a/main.py", "from dotenv import load_dotenv", "load_dotenv()", ENVIRONMENT);
        assertThat(tree.accusations()).isEmpty();
        tree.file("agents/a/.env", "PORT=9599");
        assertThat(tree.accusations())
                .containsExactly("port-mismatch-registry-code: a is declared on 9501, its code binds 9599");
    }

    @Test
    void theActiveProfileOfSpringDecidesAndAServerOfConfigurationsLeavesItOpen() throws InterruptedException {
        String resources = "agents/prof/src/main/resources/";
        tree.agents("prof", "http://prof:8082")
                .file(
                        "agents/prof/src/main/java/a/App.java",
                        "package a;",
                        "import org.springframework.boot.SpringApplication;",
                        "import org.springframework.boot.autoconfigure.SpringBootApplication;",
                        "@SpringBootApplication",
                        "public class App { public static void main(String[] args) { SpringApplication.run(App.class,"
                                + " args); } }")
                .file(resources + "application.yml", "spring: {profiles: {active: docker}}", "server: {port: 8080}")
                .file(resources + "application-docker.yml", "server: {port: 8082}");
        assertThat(tree.verdicts(new PortMismatchRegistryCodeCheck())).containsExactly("pass prof");
        tree.file(resources + "application-docker.yml", "server: {port: 8083}");
        assertThat(tree.accusations())
                .containsExactly("port-mismatch-registry-code: prof is declared on 8082, its code binds 8083");
        tree.file(resources + "application.yml", "spring: {config: {import: 'optional:configserver:'}}");
        assertThat(tree.verdicts(new PortMismatchRegistryCodeCheck()))
                .singleElement()
                .asString()
                .startsWith("unknown prof: ")
                .contains("a configuration server");
    }

    @Test
    void aLanguageThatIsNotReadIsUnknownByItsName() throws InterruptedException {
        tree.agents("engine", "http://engine:7700", "other", "http://other:7701")
                .file("agents/engine/Cargo.toml", "[package]")
                .file("agents/engine/src/main.rs", "fn main() {}")
                .file("agents/other/notes.txt", "x");
        assertThat(tree.verdicts(new PortMismatchRegistryCodeCheck()))
                .containsExactly("unknown engine: What the code of agents/engine binds is not known: Rust is not read");
        tree.file("compose.yaml", "services: {engine: {build: agents/engine, ports: ['7700:7700']}}");
        assertThat(tree.verdicts(new PortMismatchRegistryCodeCheck())).containsExactly("pass engine");
    }

    @Test
    void aConfigurationFileSaysWhereTheServerListens() throws InterruptedException {
        String settings = "import os\nport = os.getenv('PORT', '8001')\nbind = f'0.0.0.0:{port}'\nworkers = 2\n";
        tree.agents("web", "http://web:8001", "api", "http://api:8002")
                .file("agents/web/app.py", "from flask import Flask\napp = Flask(__name__)\n")
                .file("agents/web/gunicorn.conf.py", settings)
                .file("agents/api/app.py", "from quart import Quart\napp = Quart(__name__)\n")
                .file("agents/api/server.toml", "bind = \"0.0.0.0:8002\"\nworkers = 2\n");
        unit("web", "ExecStart=/usr/bin/gunicorn app:app");
        unit("api", "ExecStart=/usr/bin/hypercorn --config server.toml app:app");
        assertThat(tree.accusations()).isEmpty();
        unit("web", "Environment=PORT=8009", "ExecStart=/usr/bin/gunicorn app:app");
        tree.file("agents/api/server.toml", "bind = \"0.0.0.0:8008\"\n");
        assertThat(tree.accusations())
                .containsExactlyInAnyOrder(
                        "port-mismatch-systemd-registry: web is declared on 8001, its unit binds 8009",
                        "port-mismatch-systemd-registry: api is declared on 8002, its unit binds 8008");
    }

    @Test
    void aConfigurationFileThatCannotBeToldAccusesNobody() throws InterruptedException {
        tree.agents("web", "http://web:8001")
                .file("agents/web/app.py", "from flask import Flask\napp = Flask(__name__)\n")
                .file("agents/web/gunicorn.conf.py", "from settings import address\nbind = address()\n");
        unit("web", "ExecStart=/usr/bin/gunicorn app:app");
        assertThat(tree.accusations()).isEmpty();
        unit("web", "Environment=GUNICORN_CMD_ARGS=--bind=:8007", "ExecStart=/usr/bin/gunicorn app:app");
        tree.file("agents/web/gunicorn.conf.py", "bind = ':8009'\n");
        assertThat(tree.accusations()).isEmpty();
        unit("web", "ExecStart=/usr/bin/gunicorn -c python:other app:app");
        assertThat(tree.accusations()).isEmpty();
    }

    @Test
    void aConfigurationFileInAnImageCounts() throws InterruptedException {
        tree.agents("web", "http://web:8001")
                .file("agents/web/app.py", "from flask import Flask\napp = Flask(__name__)\n")
                .file("agents/web/deploy/gunicorn.py", "bind = ['0.0.0.0:8001']\n")
                .file(
                        "agents/web/Dockerfile",
                        "FROM python:3.12",
                        "WORKDIR /app",
                        "COPY . .",
                        "CMD [\"gunicorn\", \"-c\", \"deploy/gunicorn.py\", \"app:app\"]")
                .file("compose.yaml", "services:", "  web: {build: agents/web, ports: ['8001:8001']}");
        assertThat(tree.accusations()).isEmpty();
        tree.file("agents/web/deploy/gunicorn.py", "bind = ['0.0.0.0:8005']\n");
        assertThat(tree.accusations())
                .contains(
                        "port-mismatch-compose-container: compose.yaml#web publishes container port 8001, its container listens on 8005");
    }
}
