package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthPathUnservedCheckTest {
    private static final String FLASK =
            "from flask import Flask\napp = Flask(__name__)\n\n\n@app.get('/live')\ndef health():\n    return ''\n";
    private static final String RUN = "\n\nif __name__ == '__main__':\n    app.run(host='0.0.0.0', port=8000)\n";

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    private List<String> compose(String code, String path) throws InterruptedException {
        tree.file("agents/a/main.py", code + RUN)
                .file(
                        "agents/a/Dockerfile",
                        "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD [\"python\", \"main.py\"]")
                .file(
                        "compose.yaml",
                        "services:",
                        "  a:",
                        "    build: agents/a",
                        "    healthcheck: {test: 'curl -f http://localhost:8000" + path + " || exit 1'}");
        return tree.verdicts(new HealthPathUnservedCheck());
    }

    @Test
    void aPathThatNoRouteServesIsTold() throws InterruptedException {
        assertThat(compose(FLASK, "/healthz"))
                .containsExactly("fail compose.yaml#a [compose.yaml#a, a, agents/a/main.py]");
        assertThat(compose(FLASK, "/live/")).containsExactly("pass compose.yaml#a");
        assertThat(compose(FLASK, "/live")).containsExactly("pass compose.yaml#a");
        assertThat(compose(FLASK, "")).isEmpty();
    }

    @Test
    void springServesItsActuatorOnlyWhereTheBuildNeedsIt() throws InterruptedException {
        for (String[] each : new String[][] {
            {"with", "<artifactId>spring-boot-starter-actuator</artifactId>"},
            {"without", "<artifactId>spring-boot-starter-web</artifactId>"},
            {"company", "<parent><groupId>com.acme</groupId><artifactId>base</artifactId></parent>"}
        }) {
            tree.file(each[0] + "/pom.xml", "<project>" + each[1] + "</project>")
                    .file(
                            each[0] + "/src/main/java/A.java",
                            "import org.springframework.boot.SpringApplication;",
                            "public class A { public static void main(String[] a) { SpringApplication.run(A.class, a); } }")
                    .file(
                            each[0] + "/Dockerfile",
                            "FROM eclipse-temurin:21-jre",
                            "COPY target/a.jar /a.jar",
                            "CMD [\"java\", \"-jar\", \"/a.jar\"]");
        }
        String check = ", healthcheck: {test: curl -f http://localhost:8080/actuator/health}}";
        tree.file(
                "compose.yaml",
                "services:",
                "  with: {build: with" + check,
                "  without: {build: without" + check,
                "  company: {build: company" + check);
        assertThat(tree.verdicts(new HealthPathUnservedCheck()))
                .containsExactly(
                        "fail compose.yaml#without [compose.yaml#without, without, without/src/main/java/A.java]");
    }

    @Test
    void aParameterServesAnyPart() throws InterruptedException {
        assertThat(compose(FLASK.replace("/live", "/<name>"), "/healthz")).containsExactly("pass compose.yaml#a");
    }

    @Test
    void whatMayServeMoreIsUnknown() throws InterruptedException {
        for (String more : List.of(
                "@app.errorhandler(404)\ndef f(e): return ''",
                "@app.get('/<path:rest>')\ndef f(rest): return ''",
                "from flask_healthz import healthz",
                "app.wsgi_app = Middleware(app.wsgi_app)")) {
            assertThat(compose(FLASK + "app.register_blueprint(other)\n" + more, "/healthz"))
                    .as(more)
                    .singleElement()
                    .asString()
                    .startsWith("unknown compose.yaml#a: Whether agents/a/main.py serves /healthz is not known");
        }
        assertThat(compose("from http.server import HTTPServer\n", "/healthz"))
                .singleElement()
                .asString()
                .startsWith("unknown");
    }

    @Test
    void whatNoFileOfSeveralNamesIsTold() throws InterruptedException {
        String several = FLASK + "from views import other\napp.register_blueprint(other, url_prefix='/v1')\n";
        tree.file("agents/a/views.py", "@other.get('/orders/<int:number>/live')", "def live(number): return ''");
        assertThat(compose(several, "/healthz")).singleElement().asString().startsWith("fail compose.yaml#a");
        assertThat(compose(several, "/live")).containsExactly("pass compose.yaml#a");
        assertThat(compose(several, "/v1/orders/7/live")).containsExactly("pass compose.yaml#a");
        tree.file("agents/a/pyproject.toml", "[tool.uv.sources]", "common = { path = '../../common' }");
        assertThat(compose(several, "/healthz")).singleElement().asString().startsWith("unknown");
    }

    @Test
    void aRouteThatIsLongerThanWhatIsAskedIsAnother() throws InterruptedException {
        tree.file("go.mod", "module example.org/books", "require github.com/go-chi/chi/v5 v5.1.0")
                .file(
                        "cmd/api/main.go",
                        "package main",
                        "import (",
                        "  \"net/http\"",
                        "  \"example.org/books/internal/serve\"",
                        ")",
                        "func main() { http.ListenAndServe(\":8101\", serve.New()) }")
                .file(
                        "internal/serve/serve.go",
                        "package serve",
                        "import \"github.com/go-chi/chi/v5\"",
                        "func New() http.Handler {",
                        "  r := chi.NewRouter()",
                        "  r.Get(\"/api/status\", status)",
                        "  r.Get(\"/books/{id}\", book)",
                        "  json.NewEncoder(w).Encode(map[string]string{\"status\": \"ok\"})",
                        "  return r",
                        "}")
                .file(
                        "Dockerfile",
                        "FROM golang:1.22-alpine",
                        "WORKDIR /src",
                        "COPY . .",
                        "RUN go build -o /api ./cmd/api",
                        "HEALTHCHECK CMD wget -qO- http://localhost:8101/status || exit 1",
                        "CMD [\"/api\"]")
                .file(
                        "fly.toml",
                        "[http_service]",
                        "internal_port = 8101",
                        "[[http_service.checks]]",
                        "path = '/api/status'");
        assertThat(tree.verdicts(new HealthPathUnservedCheck()))
                .containsExactly("fail Dockerfile [Dockerfile]", "pass fly.toml#/api/status");
        tree.file(
                "fly.toml", "[http_service]", "internal_port = 8101", "[[http_service.checks]]", "path = '/books/up'");
        assertThat(tree.verdicts(new HealthPathUnservedCheck()).getLast())
                .isEqualTo("unknown fly.toml#/books/up: Whether the code below the root serves /books/up is not known:"
                        + " internal/serve/serve.go names up, but no route of it was followed");
    }

    @Test
    void haproxyAndProbesAskToo() throws InterruptedException {
        tree.file(
                        "api/server.js",
                        "const app = require('express')();",
                        "app.get('/ping', (q, r) => r.send());",
                        "require('./more')(app);",
                        "app.listen(3000);")
                .file("api/more.js", "module.exports = (app) => app.get('/ready', (q, r) => r.send());")
                .file("api/Dockerfile", "FROM node:22", "WORKDIR /app", "COPY . .", "CMD [\"node\", \"server.js\"]")
                .file(
                        "haproxy/haproxy.cfg",
                        "backend good",
                        "  option httpchk GET /ready",
                        "  server one api:3000 check",
                        "backend bad",
                        "  option httpchk",
                        "  http-check send meth GET uri /health",
                        "  server one api:3000 check",
                        "backend content",
                        "  option httpchk GET /gone",
                        "  http-check expect status 404",
                        "  server one api:3000 check",
                        "backend unchecked",
                        "  option httpchk GET /gone",
                        "  server one api:3000")
                .file(
                        "compose.yaml",
                        "services:",
                        "  api: {build: api, image: registry.example.org/api}",
                        "  lb:",
                        "    image: haproxy:3.0",
                        "    volumes: ['./haproxy/haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro']")
                .file(
                        "k8s/api.yaml",
                        "apiVersion: apps/v1",
                        "kind: Deployment",
                        "metadata: {name: api}",
                        "spec:",
                        "  selector: {matchLabels: {app: api}}",
                        "  template:",
                        "    metadata: {labels: {app: api}}",
                        "    spec:",
                        "      containers:",
                        "        - name: api",
                        "          image: registry.example.org/api",
                        "          readinessProbe: {httpGet: {path: /ping, port: 3000}}",
                        "          livenessProbe: {httpGet: {path: /alive, port: 3000}}");
        assertThat(tree.verdicts(new HealthPathUnservedCheck()))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#api by haproxy/haproxy.cfg [compose.yaml#api, api, api/server.js]",
                        "pass compose.yaml#api by haproxy/haproxy.cfg",
                        "pass k8s/api.yaml#api readinessProbe",
                        "fail k8s/api.yaml#api livenessProbe [k8s/api.yaml#api, api/server.js]");
    }

    @Test
    void whatMayBeMadeOfATextOrAModuleBesideItIsUnknown() throws InterruptedException {
        assertThat(compose(FLASK + "PATH = 'healthz'\n", "/healthz"))
                .singleElement()
                .asString()
                .startsWith("unknown compose.yaml#a: Whether");
        tree.file("agents/a/other.py", "x = 1");
        assertThat(compose("import other\n" + FLASK, "/healthz"))
                .singleElement()
                .asString()
                .startsWith("unknown compose.yaml#a: Whether");
    }

    @Test
    void theEndpointOfTheRegistryIsJudgedToo() throws InterruptedException {
        tree.file(
                        "agents/b/index.js",
                        "const express = require('express');",
                        "const app = express();",
                        "app.get('/livez', (q, r) => r.json({ agent: 'b' }));",
                        "app.listen(8000);")
                .file(
                        "agent-registry.yaml",
                        "agents:",
                        "  b: {connection: {url: 'http://localhost:8000', health_endpoint: /ready}, actions: {a: /a}}");
        assertThat(tree.verdicts(new HealthPathUnservedCheck())).containsExactly("fail b [b, agents/b/index.js]");
        tree.file(
                "agent-registry.yaml", "agents:", "  b: {connection: {url: 'tcp://localhost:8000'}, actions: {a: /a}}");
        assertThat(tree.verdicts(new HealthPathUnservedCheck())).isEmpty();
    }

    @Test
    void theUsualPathOfARegistryCountsWhereItIsWritten() throws InterruptedException {
        for (String agent : new String[] {"block", "flow", "silent", "served"}) {
            tree.file(
                    "agents/" + agent + "/main.py",
                    (agent.equals("served") ? FLASK.replace("/live", "/health") : FLASK) + RUN);
        }
        tree.file(
                "agent-registry.yaml",
                "agents:",
                "  block:",
                "    connection:",
                "      url: http://localhost:8001",
                "      health_endpoint: /health",
                "  flow:",
                "    connection: {url: 'http://localhost:8002', health_endpoint: '/health'}",
                "  silent:",
                "    connection:",
                "      url: http://localhost:8003",
                "  served:",
                "    connection: {url: 'http://localhost:8004', health_endpoint: /health}");
        assertThat(tree.verdicts(new HealthPathUnservedCheck()))
                .containsExactly(
                        "fail block [block, agents/block/main.py]",
                        "fail flow [flow, agents/flow/main.py]",
                        "pass served");
    }

    private void spring(String name, String configuration, String service) {
        tree.file(name + "/pom.xml", "<project><artifactId>spring-boot-starter-actuator</artifactId></project>")
                .file(
                        name + "/src/main/java/A.java",
                        "import org.springframework.boot.SpringApplication;",
                        "public class A { public static void main(String[] a) { SpringApplication.run(A.class, a); } }")
                .file(name + "/src/main/resources/application.yml", configuration)
                .file(
                        name + "/Dockerfile",
                        "FROM eclipse-temurin:21-jre",
                        "COPY target/a.jar /a.jar",
                        "CMD [\"java\", \"-jar\", \"/a.jar\"]")
                .file(
                        name + "/compose.yaml",
                        "services:",
                        "  a: {build: .," + service
                                + " healthcheck: {test: 'curl -f http://localhost:8090/actuator/health || exit 1'}}");
    }

    @Test
    void anActuatorWithAPortOfItsOwnIsAskedThere() throws InterruptedException {
        String own = "server:\n  port: 8090\nmanagement:\n  endpoint:\n    x: 1\n  server:\n    port: 9091\n";
        spring("own", own, "");
        spring("same", own.replace("9091", "8090"), "");
        spring("none", "server:\n  port: 8090\n", "");
        // Two levels deeper it is the port of something else.
        spring("deeper", own.replace("  server:\n    port", "    server:\n      port"), "");
        spring("broken", own + "\t- :", "");
        spring("moved", own, " environment: {MANAGEMENT_SERVER_PORT: '8090'},");
        assertThat(tree.verdicts(new HealthPathUnservedCheck()))
                .containsExactly(
                        "fail own/compose.yaml#a [own/compose.yaml#a, own, own/src/main/java/A.java]",
                        "pass same/compose.yaml#a");
    }
}
