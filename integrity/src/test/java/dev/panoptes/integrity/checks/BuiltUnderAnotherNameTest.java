package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that copy or start what their build, their package or their base image calls otherwise. */
class BuiltUnderAnotherNameTest {
    private static final String POM = """
            <project>
              <parent>
                <groupId>org.springframework.boot</groupId>
                <artifactId>spring-boot-starter-parent</artifactId>
                <version>3.3.1</version>
              </parent>
              <artifactId>pay</artifactId>
              <version>1.4.0</version>
              <packaging>jar</packaging>
              <dependencies><dependency><artifactId>x</artifactId><version>9</version></dependency></dependencies>
              <build>%s<plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>
            </project>""";

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    private void maven(String folder, String pom, String run, String copied) {
        tree.file(folder + "/pom.xml", pom).file(folder + "/src/main/java/Main.java", "class Main {}");
        tree.file(
                folder + "/Dockerfile",
                "FROM maven:3.9-eclipse-temurin-21 AS build\nWORKDIR /src\nCOPY pom.xml .\nRUN mvn -q -B dependency:go-offline\n"
                        + "COPY src ./src\nRUN " + run + "\nFROM eclipse-temurin:21-jre\nCOPY --from=build /src/"
                        + copied
                        + " /app.jar\nENTRYPOINT [\"java\", \"-jar\", \"/app.jar\"]");
    }

    @Test
    void mavenCallsAJarLikeItsProjectAndVersion() throws InterruptedException {
        String plain = POM.formatted("");
        maven("wrong", plain, "mvn -q -B package -DskipTests", "target/pay.jar");
        maven("right", plain, "mvn -q -B package -DskipTests", "target/pay-1.4.0.jar");
        maven("any", plain, "mvn package", "target/*.jar");
        maven("classes", plain, "mvn package", "target/classes");
        maven("named", POM.formatted("<finalName>pay</finalName>"), "mvn package", "target/pay.jar");
        maven("option", plain, "mvn package -Drevision=3", "target/pay.jar");
        maven("moved", plain, "mvn package && mv target/pay-1.4.0.jar target/pay.jar", "target/pay.jar");
        maven("parent", plain.replace("spring-boot-starter-parent", "our-parent"), "mvn package", "target/pay.jar");
        maven(
                "shaded",
                plain.replace("spring-boot-maven-plugin", "maven-shade-plugin"),
                "mvn package",
                "target/pay-all.jar");
        assertThat(tree.accusations())
                .filteredOn(line -> line.contains("copy-missing-source"))
                .singleElement()
                .asString()
                .contains("wrong/Dockerfile");
    }

    private void dotnet(String folder, String project, String run, String started) {
        tree.file(folder + "/src/Depot/Depot.csproj", project);
        tree.file(
                folder + "/Dockerfile",
                "FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\nCOPY src/Depot Depot\nRUN " + run
                        + "\nFROM mcr.microsoft.com/dotnet/runtime:8.0\nWORKDIR /app\nCOPY --from=build /out .\n"
                        + "ENTRYPOINT [\"dotnet\", \"" + started + "\"]");
    }

    @Test
    void dotnetCallsAnAssemblyAsItsProjectSays() throws InterruptedException {
        String named = "<Project><PropertyGroup><AssemblyName>depot</AssemblyName></PropertyGroup></Project>";
        String publish = "dotnet publish Depot/Depot.csproj -c Release -o /out";
        dotnet("wrong", named, publish, "Depot.dll");
        dotnet("right", named, publish, "depot.dll");
        dotnet("standard", "<Project></Project>", publish, "Depot.dll");
        dotnet("option", named, publish + " -p:AssemblyName=Depot", "Depot.dll");
        dotnet("elsewhere", named, publish.replace("/out", "/other"), "Depot.dll");
        dotnet("referring", named.replace("</Project>", "<ProjectReference/></Project>"), publish, "Depot.dll");
        assertThat(tree.verdicts(new DockerfileMissingModuleCheck()))
                .filteredOn(line -> line.startsWith("fail"))
                .containsExactly("fail wrong/Dockerfile [wrong, wrong/Dockerfile]");
    }

    @Test
    void denosImageStartsByItsOwnEntryPoint() throws InterruptedException {
        for (String name : List.of("main", "server")) {
            tree.file(name + "/main.ts", "Deno.serve(() => new Response('x'));");
            tree.file(
                    name + "/Dockerfile",
                    "FROM denoland/deno:1.45.2\nWORKDIR /x\nCOPY main.ts ./\nCMD [\"run\", \"--allow-net\", \"" + name
                            + ".ts\"]");
        }
        assertThat(tree.verdicts(new DockerfileMissingModuleCheck()))
                .filteredOn(line -> line.startsWith("fail"))
                .containsExactly("fail server/Dockerfile [server, server/Dockerfile]");
    }

    @Test
    void theLastWordOfCelerysNameIsAModuleOrAName() throws InterruptedException {
        tree.file("app/empty/__init__.py", "")
                .file("app/holds/__init__.py", "from celery import Celery\nworker = Celery('x')")
                .file("app/other/__init__.py", "from .names import *")
                .file("app/module/__init__.py", "")
                .file("app/module/worker.py", "")
                .file("app/requirements.txt", "celery==5.4.0")
                .file("app/Dockerfile", "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD [\"true\"]");
        tree.file(
                "compose.yaml",
                "services:",
                "  empty: {build: app, command: celery -A empty.worker worker}",
                "  holds: {build: app, command: celery -A holds.worker worker}",
                "  other: {build: app, command: celery -A other.worker worker}",
                "  module: {build: app, command: celery -A module.worker worker}",
                "  beat: {build: app, command: 'celery -A module.worker beat -S celery.beat:PersistentScheduler'}",
                "  beats: {build: app, command: 'celery -A holds beat -S django_celery_beat.schedulers:DatabaseScheduler'}");
        assertThat(tree.verdicts(new ComposeMissingModuleCheck()))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactly("fail compose.yaml#empty", "unknown compose.yaml#beats");
    }

    @Test
    void testsOfRustBindNothing() throws InterruptedException {
        String main = """
                #[tokio::main]
                async fn main() {
                    let listener = tokio::net::TcpListener::bind("0.0.0.0:3000").await.unwrap();
                }
                """;
        String tests = """
                #[cfg(test)]
                mod tests {
                    async fn listens() {
                        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                    }
                }
                """;
        String second = """
                async fn second() {
                    let listener = tokio::net::TcpListener::bind("127.0.0.1:4000").await.unwrap();
                }
                """;
        rust("a", main + tests);
        rust("b", main + tests + second);
        tree.file(
                "compose.yaml",
                "services:",
                "  a: {build: a, ports: ['3000:3001']}",
                "  b: {build: b, ports: ['4000:3001']}");
        assertThat(tree.verdicts(new PortMismatchComposeContainerCheck()))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactly("fail compose.yaml#a", "unknown compose.yaml#b");
    }

    private void rust(String folder, String main) {
        tree.file(folder + "/Cargo.toml", "[package]", "name = \"tiles\"", "[dependencies]", "axum = \"0.7\"")
                .file(folder + "/src/main.rs", main)
                .file(
                        folder + "/Dockerfile",
                        "FROM rust:1 AS build\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\n"
                                + "FROM debian:12\nCOPY --from=build /src/target/release/tiles /usr/bin/tiles\nCMD [\"tiles\"]");
    }

    @Test
    void aHostIsAskedInTheProtocolThatItsVariableIsCalledBy() throws InterruptedException {
        tree.file("ingest/requirements.txt", "qdrant-client").file("tiles/Cargo.toml", "[package]");
        tree.file(
                "compose.yaml",
                "services:",
                "  a: {image: x, environment: {AMQP_HOST: rabbit, AMQP_PORT: 15672}}",
                "  b: {image: x, environment: {AMQP_HOST: rabbit, AMQP_PORT: 5672}}",
                "  c: {image: x, environment: {RABBIT_HOST: rabbit, RABBIT_PORT: 15672}}",
                "  d: {image: x, environment: {MAIL_HOST: mailpit, MAIL_PORT: 8025}}",
                "  e: {image: x, environment: {MAIL_HOST: mailpit, MAIL_PORT: 1025}}",
                "  ingest: {build: ingest, environment: {QDRANT_URL: 'http://qdrant:6334'}}",
                "  tiles: {build: tiles, environment: {QDRANT_URL: 'http://qdrant:6334'}}",
                "  rabbit: {image: 'rabbitmq:3-management'}",
                "  mailpit: {image: axllent/mailpit}",
                "  qdrant: {image: qdrant/qdrant}");
        assertThat(tree.verdicts(new ComposeNeighbourCheck()))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#a-rabbit-15672",
                        "pass compose.yaml#b-rabbit-5672",
                        "pass compose.yaml#c-rabbit-15672",
                        "fail compose.yaml#d-mailpit-8025",
                        "pass compose.yaml#e-mailpit-1025",
                        "unknown compose.yaml#ingest-qdrant-6334",
                        "pass compose.yaml#tiles-qdrant-6334");
    }
}
