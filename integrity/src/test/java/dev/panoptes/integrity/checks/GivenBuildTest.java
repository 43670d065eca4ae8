package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the arguments of a build and the one program of its context say of an image. */
class GivenBuildTest {
    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    @Test
    void oneDockerfileForManyIsReadAsEachServiceBuildsIt() throws InterruptedException {
        tree.file(
                        "docker/Dockerfile",
                        "FROM python:3.12-slim",
                        "ARG SERVICE",
                        "WORKDIR /app",
                        "COPY services/${SERVICE}/ ./",
                        "CMD [\"python\", \"main.py\"]")
                .file("services/one/main.py", "import uvicorn", "uvicorn.run('a:b', host='0.0.0.0', port=8001)")
                .file("services/two/main.py", "import uvicorn", "uvicorn.run('a:b', host='0.0.0.0', port=8002)")
                .file(
                        "compose.yaml",
                        "services:",
                        "  one:",
                        "    build: {context: ., dockerfile: docker/Dockerfile, args: {SERVICE: one}}",
                        "    ports: ['8001:8001']",
                        "    healthcheck: {test: curl -f http://localhost:8001/}",
                        "  two:",
                        "    build: {context: ., dockerfile: docker/Dockerfile, args: [SERVICE=two]}",
                        "    ports: ['8002:8001']",
                        "  open: {build: {context: ., dockerfile: docker/Dockerfile}, ports: ['1:1']}");
        assertThat(tree.verdicts(new PortMismatchComposeContainerCheck()))
                .contains("pass compose.yaml#one", "fail compose.yaml#two [compose.yaml#two]")
                .anyMatch(line -> line.startsWith("unknown compose.yaml#open"));
        assertThat(tree.verdicts(new HealthcheckToolCheck()))
                .containsExactly("fail compose.yaml#one [compose.yaml#one]");
    }

    @Test
    void theFirstImageMayBeAnArgumentToo() throws InterruptedException {
        tree.file(
                        "Dockerfile",
                        "ARG BASE=python:3.12",
                        "FROM ${BASE}",
                        "COPY main.py .",
                        "CMD [\"python\", \"main.py\"]")
                .file("main.py", "import uvicorn", "uvicorn.run('a:b', port=8001)")
                .file(
                        "compose.yaml",
                        "services:",
                        "  fat: {build: ., healthcheck: {test: curl -f http://localhost:8001/}}",
                        "  slim:",
                        "    build: {context: ., args: {BASE: 'python:3.12-slim'}}",
                        "    healthcheck: {test: curl -f http://localhost:8001/}");
        assertThat(tree.verdicts(new HealthcheckToolCheck()))
                .containsExactly("fail compose.yaml#slim [compose.yaml#slim]");
    }

    @Test
    void aJarIsMadeOfTheOneProgramBesideIt() throws InterruptedException {
        for (String folder : new String[] {"orders", "both/a", "both/b"}) {
            tree.file(
                    folder + "/src/main/java/x/App.java",
                    "package x;",
                    "import org.springframework.boot.SpringApplication;",
                    "import org.springframework.boot.autoconfigure.SpringBootApplication;",
                    "@SpringBootApplication",
                    "public class App { public static void main(String[] a) { SpringApplication.run(App.class, a); } }");
            tree.file(
                    folder + "/pom.xml",
                    "<project><dependencies><dependency><groupId>org.springframework.boot</groupId>",
                    "<artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>");
            tree.file(folder + "/src/main/resources/application.yml", "server: {port: 8080}");
            tree.file(folder + "/src/main/resources/application-docker.yml", "server: {port: 8082}");
        }
        for (String folder : new String[] {"orders", "both"}) {
            tree.file(
                    folder + "/Dockerfile",
                    "FROM eclipse-temurin:21-jre",
                    "COPY target/*.jar /app.jar",
                    "ENTRYPOINT [\"java\", \"-jar\", \"/app.jar\"]");
        }
        tree.file(
                "compose.yaml",
                "services:",
                "  right: {build: orders, environment: {SPRING_PROFILES_ACTIVE: docker}, ports: ['1:8082']}",
                "  wrong: {build: orders, environment: {SPRING_PROFILES_ACTIVE: docker}, ports: ['2:8080']}",
                "  plain: {build: orders, ports: ['3:8080']}",
                "  both: {build: both, ports: ['4:8080']}",
                "  remote: {build: orders, environment: {SPRING_CONFIG_IMPORT: 'configserver:http://c:1'}, ports: ['5:8080']}",
                "  health: {build: orders, environment: {MANAGEMENT_SERVER_PORT: 9090}, ports: ['6:9090']}");
        assertThat(tree.verdicts(new PortMismatchComposeContainerCheck()))
                .hasSize(6)
                .contains("pass compose.yaml#health")
                .anyMatch(line -> line.startsWith("unknown compose.yaml#remote"))
                .contains("pass compose.yaml#right", "pass compose.yaml#plain")
                .anyMatch(line -> line.startsWith("fail compose.yaml#wrong "))
                .anyMatch(line -> line.startsWith("unknown compose.yaml#both"));
    }
}
