package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All checks on compose files and Dockerfiles over trees that were made to break them. */
class HostileComposeTest {
    private static final List<Check> CHECKS = List.of(
            new ComposeHostPortConflictCheck(),
            new ComposeCrossFilePortConflictCheck(),
            new ComposeMissingContextCheck(),
            new ComposeMissingDockerfileCheck(),
            new PortMismatchRegistryComposeCheck(),
            new PortMismatchComposeContainerCheck(),
            new PortMismatchComposeHealthcheckCheck(),
            new DockerfileMissingModuleCheck());

    private static final String COMPOSE = """
            x-a: &a {restart: always, environment: {PORT: "${P:-8014}"}}
            services:
              hermes:
                <<: *a
                build: {context: ./agents/hermes, args: {PORT: 1}, target: prod}
                ports: ["${P:-8014}:8014", "127.0.0.1:8000-8003:9000-9003/udp", {target: 1, published: 2}]
                command: ["uvicorn", "main:app", "--port", "$$PORT"]
                volumes: ["./agents/hermes:/app"]
                healthcheck: {test: [CMD, curl, "http://localhost:$${PORT:-1}/x"]}
              varys:
                extends: hermes
                network_mode: host
                profiles: [x]
              cerberus:
                build: agents/cerberus
                ports: ["8014:80"]
            """;

    private static final String DOCKERFILE = """
            ARG V=3.12
            FROM python:${V} AS build
            WORKDIR /src
            COPY . .
            FROM python:3.12-slim AS prod
            WORKDIR /app
            ENV PORT=8014
            COPY --from=build /src/main.py ./
            ENTRYPOINT ["python"]
            CMD ["main.py", "--port", "8014"]
            """;

    private static final String ALPHABET = "\"'\\${}[]<>:-=#/ \n\t&*!|?,%@`.~0aé\u0000";

    @TempDir
    private Path root;

    @Test
    @Timeout(60)
    void mutatedTreesNeverThrowAndAlwaysShowEvidence() throws IOException, InterruptedException {
        Random random = new Random(5);
        Files.createDirectories(root.resolve("agents/hermes"));
        Files.createDirectories(root.resolve("agents/cerberus"));
        Files.writeString(root.resolve("agents/hermes/main.py"), "x = 1\n");
        int failures = 0;
        for (int i = 0; i < 300; i++) {
            Files.writeString(root.resolve("docker-compose.yml"), mutated(COMPOSE, random));
            Files.writeString(root.resolve("docker-compose.override.yml"), mutated(COMPOSE, random));
            Files.writeString(root.resolve("agents/compose.dev.yaml"), mutated(COMPOSE, random));
            Files.writeString(root.resolve("agents/hermes/Dockerfile"), mutated(DOCKERFILE, random));
            Files.writeString(root.resolve("agents/cerberus/Dockerfile"), mutated(DOCKERFILE, random));
            failures += judged(new WorldBuilder()
                    .in(root)
                    .agent("hermes", "HERMES", 8014)
                    .agent("varys", "VARYS", 8020)
                    .build());
        }
        assertThat(failures).isPositive();
    }

    @Test
    void withEveryVariableUnsetNobodyIsAccused() throws IOException, InterruptedException {
        Files.writeString(root.resolve("compose.yml"), """
                services:
                  hermes:
                    image: ${REGISTRY}/${IMAGE}:${TAG}
                    build: {context: "${CONTEXT}", dockerfile: "${DOCKERFILE}", target: "${TARGET}"}
                    ports: ["${HOST}:${PORT}:${CONTAINER}", "${RANGE}-${END}:80", "${ALL}", "${H}:80/${PROTOCOL}"]
                    command: ${COMMAND}
                    network_mode: ${NETWORK}
                    profiles: ["${PROFILE}"]
                    environment: {PORT: "${P}"}
                    env_file: ${FILE}
                    volumes: ["${FROM}:${TO}"]
                    healthcheck: {test: "curl http://localhost:${PORT}/"}
                  varys:
                    image: ${X?must be set}
                    ports: ["${HOST}:${PORT}:${CONTAINER}"]
                """);
        World world =
                new WorldBuilder().in(root).agent("hermes", "HERMES", 8014).build();
        assertThat(world.declarations().problems()).isEmpty();
        assertThat(judged(world)).isZero();
        assertThat(new PortMismatchRegistryComposeCheck().run(world)).hasOnlyElementsOfType(CheckResult.Unknown.class);
    }

    /** The number of failures, each of which is whole. */
    private static int judged(World world) throws InterruptedException {
        int failures = 0;
        for (Check check : CHECKS) {
            for (CheckResult result : check.run(world)) {
                assertThat(result.subject()).isNotBlank();
                if (result instanceof CheckResult.Fail(Failure failure)) {
                    failures++;
                    assertThat(failure.evidence()).allMatch(evidence -> evidence.line() > 0 && evidence.file() != null);
                    assertThat(failure.affected()).isNotEmpty().doesNotContain("");
                }
            }
        }
        return failures;
    }

    private static String mutated(String seed, Random random) {
        StringBuilder text = new StringBuilder(seed);
        int edits = random.nextInt(5);
        for (int edit = 0; edit < edits; edit++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                case 1 -> text.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                default -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(15)));
            }
        }
        return text.toString();
    }
}
