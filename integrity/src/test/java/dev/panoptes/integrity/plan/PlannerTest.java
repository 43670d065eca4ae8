package dev.panoptes.integrity.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every patch applies, removes its issue and adds none; what cannot be proven is by hand. */
final class PlannerTest {
    @TempDir
    private Path directory;

    private Fleet fleet;

    @BeforeEach
    void makeAFolder() throws IOException {
        fleet = new Fleet(Files.createDirectories(directory.resolve("fleet")));
    }

    private Fleet two(String registry) throws IOException {
        return fleet.write("agent-registry.yaml", registry)
                .write("agents/one/main.py", Fleet.server("one", 8704))
                .write("agents/two/main.py", Fleet.server("two", 8704));
    }

    @Test
    void aPortMovesInRegistryAndCode() throws IOException, InterruptedException {
        two("""
            agents:
              one: {connection: {url: 'http://one:8704'}, actions: {x: /x}}
              two: {description: 'moved from one:8704', connection: {url: "http://two:8704/api", timeout_ms: 8704}, actions: {x: /x}} # was :8704
            """).track();
        Fleet.Result result = fleet.planned();
        assertThat(result.before()).contains("port-conflict-8704", "code-port-conflict-8704");
        assertThat(result.after()).isEmpty();
        assertThat(fleet.read("agent-registry.yaml"))
                .contains("url: \"http://two:8705/api\", timeout_ms: 8704")
                .contains("'moved from one:8704'")
                .contains("# was :8704");
        assertThat(fleet.read("agents/two/main.py")).contains("PORT = 8705");
        assertThat(fleet.read("agents/one/main.py")).contains("PORT = 8704");
    }

    @Test
    void aPortMovesWhereSupervisordAProcfileOrAScriptPassesIt() throws IOException, InterruptedException {
        String agents = """
            agents:
              one: {connection: {url: 'http://localhost:8704'}, actions: {x: /x}}
              two: {connection: {url: 'http://localhost:8704'}, actions: {x: /x}}
            """;
        String reads = Fleet.server("x", 9000)
                .replace("PORT = 9000", "import os\nPORT = int(os.environ.get('PORT', '9000'))")
                .replace("{\"agent\": \"x\"}", "{}");
        for (Map.Entry<String, String> starter : Map.of(
                        "supervisord.conf",
                        "[program:one]\n"
                                + "command=python3 main.py\n"
                                + "directory=agents/one\n"
                                + "environment=PORT=\"8704\"\n\n"
                                + "[program:two]\n"
                                + "environment=PORT=\"8704\"\n"
                                + "command=python3 main.py\n"
                                + "directory=agents/two\n",
                        "Procfile",
                        "one: PORT=8704 python3 agents/one/main.py\r\ntwo: PORT=8704 python3 agents/two/main.py\r\n",
                        "start.sh",
                        "PORT=8704 python3 agents/one/main.py &\nPORT=8704 python3 agents/two/main.py &\nwait\n")
                .entrySet()) {
            Path own = Files.createDirectory(directory.resolve(starter.getKey() + ".d"));
            Fleet each = new Fleet(own)
                    .write("agent-registry.yaml", agents)
                    .write("agents/one/main.py", reads)
                    .write("agents/two/main.py", reads + "\nSECOND = True\n")
                    .write(starter.getKey(), starter.getValue())
                    .track();
            Fleet.Result result = each.planned();
            assertThat(result.before()).as(starter.getKey()).contains("port-conflict-8704", "code-port-conflict-8704");
            assertThat(result.after()).as(starter.getKey()).isEmpty();
            assertThat(each.read(starter.getKey())).contains("8704").contains("8705");
        }
    }

    @Test
    void aPublishedPortThatAnEnvironmentFileSetsMovesThereOrByHand() throws IOException, InterruptedException {
        String compose = """
            services:
              one: {image: x, ports: ["${ONE_PORT}:80"]}
              two: {image: x, ports: ["${TWO_PORT:-8704}:80"]}
            """;
        Fleet held = new Fleet(Files.createDirectory(directory.resolve("held")))
                .write("compose.yaml", compose)
                .write(".env", "ONE_PORT=8704\n# of the second\nTWO_PORT=8704\n")
                .write("agent-registry.yaml", "agents: {}\n")
                .track();
        Fleet.Result result = held.planned();
        assertThat(result.before()).hasSize(1);
        assertThat(result.after()).isEmpty();
        assertThat(held.read(".env")).isEqualTo("ONE_PORT=8704\n# of the second\nTWO_PORT=8705\n");
        Fleet ignored = new Fleet(Files.createDirectory(directory.resolve("ignored")))
                .write("compose.yaml", compose)
                .write("agent-registry.yaml", "agents: {}\n")
                .track()
                .write(".env", "ONE_PORT=8704\nTWO_PORT=8704\n");
        Fleet.Result byHand = ignored.planned();
        assertThat(byHand.outcome().patch()).isEmpty();
        assertThat(byHand.outcome().plans().getFirst().steps())
                .anyMatch(step -> step.what().contains("TWO_PORT"));
    }

    private static final String OTHER = """
        import os
        import socketserver


        class Echo(socketserver.StreamRequestHandler):
            def handle(self):
                for line in self.rfile:
                    self.wfile.write(line)


        with socketserver.TCPServer(("0.0.0.0", int(os.environ["PORT"])), Echo) as server:
            server.serve_forever()
        """;

    /** Python that takes its port from the environment. */
    private static String reader() {
        return Fleet.server("x", 9000)
                .replace("PORT = 9000", "import os\nPORT = int(os.environ.get('PORT', '9000'))")
                .replace("{\"agent\": \"x\"}", "{}");
    }

    @Test
    void aPortMovesInTheEnvironmentFileThatAUnitOrAServiceReads() throws IOException, InterruptedException {
        String unit = """
            [Service]
            WorkingDirectory=/opt/fleet/agents/%1$s
            EnvironmentFile=/opt/fleet/agents/%1$s/settings
            ExecStart=/usr/bin/python3 main.py
            [Install]
            WantedBy=multi-user.target
            """;
        fleet.write("agent-registry.yaml", """
            agents:
              one: {connection: {url: 'http://localhost:8704'}, actions: {x: /x}}
              two: {connection: {url: 'http://localhost:8704'}, actions: {x: /x}}
              three: {connection: {url: 'http://localhost:8704'}, actions: {x: /x}}
            """)
                .write("agents/one/main.py", reader())
                .write("agents/two/main.py", reader() + "\nSECOND = True\n")
                .write("agents/three/main.py", reader() + "\nTHIRD = True\n\n\ndef third():\n    return 3\n")
                .write("units/one.service", String.format(java.util.Locale.ROOT, unit, "one"))
                .write("agents/one/settings", "PORT=8704\n")
                .write("units/two.service", String.format(java.util.Locale.ROOT, unit, "two"))
                .write("agents/two/settings", "LIMIT=8704\n# PORT=8704\nPORT=8704\n")
                .write("agents/three/Dockerfile", "FROM python:3.12\nCOPY . .\nCMD [\"python\", \"main.py\"]\n")
                .write("compose.yaml", """
                    services:
                      three:
                        build: agents/three
                        network_mode: host
                        env_file: three.settings
                    """)
                .write("three.settings", "PORT=8704\n")
                .track();
        Fleet.Result result = fleet.planned();
        assertThat(result.before()).contains("port-conflict-8704");
        assertThat(result.after()).doesNotContain("port-conflict-8704");
        assertThat(fleet.read("agents/one/settings")).as("the first keeps it").isEqualTo("PORT=8704\n");
        assertThat(fleet.read("agents/two/settings")).isEqualTo("LIMIT=8704\n# PORT=8704\nPORT=8705\n");
        assertThat(fleet.read("three.settings")).isEqualTo("PORT=8706\n");
    }

    @Test
    void anEnvironmentFileThatGitDoesNotHoldIsLeftToAPerson() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              one: {connection: {url: 'http://localhost:8704'}, actions: {x: /x}}
              two: {connection: {url: 'http://localhost:8704'}, actions: {x: /x}}
            """)
                .write("agents/two/main.py", reader())
                .write("units/two.service", """
                    [Service]
                    WorkingDirectory=/opt/fleet/agents/two
                    EnvironmentFile=/opt/fleet/agents/two/settings
                    ExecStart=/usr/bin/python3 main.py
                    [Install]
                    WantedBy=multi-user.target
                    """)
                .track()
                .write("agents/two/settings", "PORT=8704\n");
        Fleet.Result result = fleet.planned();
        assertThat(result.outcome().patch()).isEmpty();
        assertThat(result.plan("port-conflict-8704").steps())
                .extracting(FixStep::what)
                .contains("Set the port to 8705 instead of 8704 in agents/two/settings");
    }

    @Test
    void aPublishedPortMovesInAQuadlet() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              one: {connection: {url: 'http://localhost:8704'}, actions: {x: /x}}
              two: {connection: {url: 'http://localhost:8704'}, actions: {x: /x}}
            """)
                .write("agents/one/main.py", Fleet.server("one", 8704))
                .write("quadlets/two.container", """
                    [Container]
                    Image=example/two:8704
                    PublishPort=8704:80
                    [Install]
                    WantedBy=default.target
                    """)
                .track();
        Fleet.Result result = fleet.planned();
        assertThat(fleet.read("quadlets/two.container")).contains("Image=example/two:8704\nPublishPort=8705:80\n");
        assertThat(result.after()).doesNotContain("port-conflict-8704");
    }

    @Test
    void ofAnUndeclaredDirectoryThePortMovesWhereItsProcessIsGivenIt() throws IOException, InterruptedException {
        fleet.write(
                        "agent-registry.yaml",
                        "agents: {one: {connection: {url: 'http://localhost:8704'}, actions: {x: /x}}}\n")
                .write("agents/one/main.py", reader())
                .write("agents/other/main.py", OTHER)
                .write("supervisord.conf", """
                    [program:one]
                    command=python3 main.py
                    directory=agents/one
                    environment=PORT="8704"

                    [program:other]
                    command=python3 main.py
                    directory=agents/other
                    environment=PORT="8704"

                    [program:third]
                    command=tail -f --peer 8704
                    environment=PEER="8704"
                    """)
                .track();
        Fleet.Result result = fleet.planned();
        assertThat(result.before()).contains("code-port-conflict-8704");
        assertThat(result.after()).doesNotContain("code-port-conflict-8704");
        assertThat(fleet.read("supervisord.conf")).isEqualTo("""
            [program:one]
            command=python3 main.py
            directory=agents/one
            environment=PORT="8704"

            [program:other]
            command=python3 main.py
            directory=agents/other
            environment=PORT="8705"

            [program:third]
            command=tail -f --peer 8704
            environment=PEER="8704"
            """);
    }

    @Test
    void ofAUnitAndAServiceOnlyTheLinesThatSetThePortMove() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              one: {connection: {url: 'http://localhost:8704'}, actions: {x: /x}}
              two: {connection: {url: 'http://localhost:8704'}, actions: {x: /x}}
              web: {connection: {url: 'http://localhost:8704'}, actions: {x: /x}}
            """)
                .write("agents/one/main.py", Fleet.server("one", 8704))
                .write("agents/two/main.py", reader() + "\nSECOND = True\n")
                .write("units/two.service", """
                    [Unit]
                    Description=was on 8704
                    [Service]
                    WorkingDirectory=/opt/fleet/agents/two
                    ExecStart=/usr/bin/env \\
                      PORT=8704 \\
                      python3 main.py
                    SyslogIdentifier=two-8704
                    TimeoutSec=8704
                    [Install]
                    WantedBy=multi-user.target
                    """)
                .write("compose.yaml", """
                    services:
                      first:
                        image: example/first:8704
                        mem_limit: 8704
                      web:
                        image: example/web:8704

                        ports:
                          # not 8704
                          - "8704:80"

                      zone:
                        image: example/zone
                        environment: {WEB_LIMIT: 8704}
                    """)
                .track();
        Fleet.Result result = fleet.planned();
        assertThat(result.after()).doesNotContain("port-conflict-8704");
        assertThat(fleet.read("units/two.service"))
                .contains("Description=was on 8704\n", "two-8704\nTimeoutSec=8704\n", "  PORT=8705 \\\n");
        assertThat(fleet.read("compose.yaml")).isEqualTo("""
            services:
              first:
                image: example/first:8704
                mem_limit: 8704
              web:
                image: example/web:8704

                ports:
                  # not 8704
                  - "8706:80"

              zone:
                image: example/zone
                environment: {WEB_LIMIT: 8704}
            """);
    }

    @Test
    void linesThatEndInCarriageReturnsAndAFileWithoutLastNewlineStaySo() throws IOException, InterruptedException {
        two("agents:\r\n  one:\r\n    connection: {url: 'http://one:8704'}\r\n    actions: {x: /x}\r\n"
                        + "  two:\r\n    connection:\r\n      url: http://two:8704\r\n    actions: {x: /x}")
                .track();
        Fleet.Result result = fleet.planned();
        assertThat(result.before()).contains("port-conflict-8704");
        assertThat(result.after()).isEmpty();
        assertThat(fleet.read("agent-registry.yaml")).endsWith("      url: http://two:8705\r\n    actions: {x: /x}");
    }

    @Test
    void aPortMovesInUnitImageAndServiceWithTheirHealthChecks() throws IOException, InterruptedException {
        two("""
            agents:
              one: {connection: {url: 'http://one:8704'}, actions: {x: /x}}
              two: {connection: {url: 'http://two:8704'}, actions: {x: /x}}
            """)
                .write("agents/two/Dockerfile", """
                    FROM python:3.12-slim
                    WORKDIR /app
                    COPY main.py .
                    EXPOSE 8704
                    HEALTHCHECK CMD python -c "import urllib.request as r; r.urlopen('http://localhost:8704/health')"
                    CMD ["python", "main.py"]
                    """)
                .write("units/two.service", """
                    [Service]
                    WorkingDirectory=/opt/fleet/agents/two
                    Environment=PORT=8704
                    ExecStart=/usr/bin/python3 main.py
                    ExecStartPost=/usr/bin/curl -f http://127.0.0.1:8704/health
                    [Install]
                    WantedBy=multi-user.target
                    """)
                .write("compose.yaml", """
                    services:
                      two:
                        build: ./agents/two
                        network_mode: host
                        environment:
                          ONE_URL: http://one:8704
                        healthcheck:
                          test: ["CMD", "python", "-c", "import urllib.request as r; r.urlopen('http://localhost:8704/health')"]
                    """)
                .track();
        Fleet.Result result = fleet.planned();
        assertThat(result.after()).doesNotContain("port-conflict-8704");
        assertThat(fleet.read("agents/two/Dockerfile")).contains("EXPOSE 8705").doesNotContain("8704");
        assertThat(fleet.read("units/two.service")).contains("PORT=8705").doesNotContain("8704");
        assertThat(fleet.read("compose.yaml"))
                .contains("http://localhost:8705/health")
                .as("another agent's port stays")
                .contains("ONE_URL: http://one:8704");
    }

    @Test
    void whatTwoAgentsShareIsNotMovedForOne() throws IOException, InterruptedException {
        two("""
            x-connection: &c {url: 'http://shared:8704'}
            agents:
              one: {connection: *c, actions: {x: /x}}
              two: {connection: *c, actions: {x: /x}}
            """).track();
        Fleet.Result result = fleet.planned();
        assertThat(result.plan("port-conflict-8704").patched()).isFalse();
        assertThat(fleet.read("agent-registry.yaml")).contains("'http://shared:8704'");
    }

    @Test
    void aMoveThatCannotReachEveryPlaceIsAbsent() throws IOException, InterruptedException {
        two("""
            agents:
              one: {connection: {url: 'http://one:8704'}, actions: {x: /x}}
              two: {connection: {url: 'http://two:8704'}, actions: {x: /x}}
            """)
                .write("agents/two/main.py", Fleet.server("two", 8704) + "\nLIMIT = 8704\n")
                .track();
        Fleet.Result result = fleet.planned();
        assertThat(result.outcome().patch()).isEmpty();
        assertThat(result.plan("port-conflict-8704").steps())
                .extracting(FixStep::what)
                .anyMatch(what -> what.contains("Let the code in agents/two bind 8705 instead of 8704"));
    }

    @Test
    void aLineWithAPasswordIsNeitherEditedNorPrinted() throws IOException, InterruptedException {
        two("""
            agents:
              one: {connection: {url: 'http://one:8704'}, actions: {x: /x}}
              two: {connection: {url: 'http://admin:hunter22@two:8704'}, actions: {x: /x}}
            """).track();
        Fleet.Result result = fleet.planned();
        assertThat(result.outcome().patch()).doesNotContain("hunter22");
        assertThat(fleet.read("agent-registry.yaml")).contains("admin:hunter22@two:8704");
    }

    @Test
    void aPublishedPortMovesOnTheHostsSideOnly() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", "agents: {}\n")
                .write("compose.yaml", """
                    services:
                      web:
                        image: example/web
                        ports: ["9100:80"]
                      other:
                        image: example/other
                        ports: ["9100:9100"]
                      third:
                        image: example/third
                        ports:
                          - target: 9100
                            published: "9100" # the host's
                    """)
                .track();
        Fleet.Result result = fleet.planned();
        assertThat(result.before()).anyMatch(id -> id.startsWith("compose-host-port-conflict"));
        assertThat(result.after()).isEmpty();
        assertThat(fleet.read("compose.yaml"))
                .as("the first by name keeps it")
                .contains("\"9100:9100\"")
                .contains("\"9102:80\"")
                .contains("target: 9100\n        published: \"9101\" # the host's");
    }

    @Test
    void onlyWhatGitHoldsIsDeleted() throws IOException, InterruptedException {
        String code = Fleet.server("one", 8704);
        fleet.write("agent-registry.yaml", "agents: {one: {connection: {url: 'http://one:8704'}, actions: {x: /x}}}\n")
                .write("agents/one/main.py", code)
                .write("agents/one-copy/main.py", code)
                .track()
                .write("agents/one-copy/.env", "API_TOKEN=x-secret-x\n");
        Fleet.Result result = fleet.planned();
        assertThat(result.before()).anyMatch(id -> id.startsWith("duplicate-dir"));
        assertThat(result.after()).noneMatch(id -> id.startsWith("duplicate-dir"));
        assertThat(result.outcome().patch()).contains("deleted file mode").doesNotContain("x-secret-x");
        assertThat(fleet.read("agents/one-copy/.env")).isEqualTo("API_TOKEN=x-secret-x\n");
    }

    @Test
    void withoutGitNothingIsDeleted() throws IOException, InterruptedException {
        String code = Fleet.server("one", 8704);
        fleet.write("agent-registry.yaml", "agents: {one: {connection: {url: 'http://one:8704'}, actions: {x: /x}}}\n")
                .write("agents/one/main.py", code)
                .write("agents/one-copy/main.py", code);
        Fleet.Result result = fleet.planned();
        assertThat(result.outcome().patch()).isEmpty();
        assertThat(result.outcome().plans())
                .filteredOn(plan -> plan.issue().startsWith("duplicate-dir"))
                .allMatch(plan -> !plan.patched());
    }

    @Test
    void aSimilarNameIsAHintAndNoMore() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              hermes: {connection: {url: 'http://hermes:8704'}, actions: {notify: /notify}}
            chains:
              tell: {steps: [{agent: hermos, action: notify}]}
            """).track();
        Fleet.Result result = fleet.planned();
        assertThat(result.outcome().patch()).isEmpty();
        assertThat(result.plan("invalid-chain-ref-tell-hermos")
                        .steps()
                        .getFirst()
                        .what())
                .isEqualTo("Correct hermos in chain tell, line 4; was hermes meant?");
    }

    @Test
    void aPlanForOneIssueIsAPartOfTheWhole() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              a: {connection: {url: 'http://a:9000'}, actions: {x: /x}}
              b: {connection: {url: 'http://b:9000'}, actions: {x: /x}}
              c: {connection: {url: 'http://c:9001'}, actions: {x: /x}}
              d: {connection: {url: 'http://d:9001'}, actions: {x: /x}}
            """).track();
        Fleet.Result part = fleet.planned("port-conflict-9001");
        assertThat(part.after()).containsExactly("port-conflict-9000");
        assertThat(fleet.read("agent-registry.yaml")).contains("http://d:9003").contains("http://b:9000");
        assertThat(part.outcome().plans()).hasSize(1);
    }

    @Test
    void pathsBeginAtTheTopOfTheWorkTree() throws IOException, InterruptedException {
        Fleet.git(directory, "init", "-q");
        fleet.write("agent-registry.yaml", """
            agents:
              a: {connection: {url: 'http://a:9000'}, actions: {x: /x}}
              b: {connection: {url: 'http://b:9000'}, actions: {x: /x}}
            """);
        Fleet.Result result = fleet.planned();
        assertThat(result.outcome().patch()).contains("+++ b/fleet/agent-registry.yaml");
        assertThat(result.after()).isEmpty();
    }

    @Test
    void theTreeIsNeverChangedByPlanning() throws IOException, InterruptedException {
        two("""
            agents:
              one: {connection: {url: 'http://one:8704'}, actions: {x: /x}}
              two: {connection: {url: 'http://two:8704'}, actions: {x: /x}}
            """);
        String registry = fleet.read("agent-registry.yaml");
        var scan = fleet.scan();
        Path folder = directory.resolve("fleet");
        try (TreeCopy copy = TreeCopy.of(folder)) {
            copy.bring(java.util.Map.of(
                    "agent-registry.yaml",
                    java.util.Optional.of("agents: {}\n"),
                    "agents/one/main.py",
                    java.util.Optional.empty()));
            assertThat(copy.root().resolve("agents/one/main.py")).doesNotExist();
            copy.bring(java.util.Map.of());
            assertThat(copy.root().resolve("agents/one/main.py")).exists();
            assertThat(Files.readString(copy.root().resolve("agent-registry.yaml")))
                    .isEqualTo(registry);
        }
        assertThat(fleet.read("agent-registry.yaml")).isEqualTo(registry);
        assertThat(scan.report().issues()).isNotEmpty();
    }

    @Test
    void theIndexIsReadInEveryVersionAndADamagedOneHoldsNothing() throws IOException, InterruptedException {
        Path folder = directory.resolve("fleet");
        fleet.write("a/one.txt", "one")
                .write("a/two.txt", "two")
                .write("b.txt", "b")
                .track();
        for (String version : new String[] {"2", "3", "4"}) {
            Fleet.git(folder, "update-index", "--index-version", version);
            GitFiles git = GitFiles.of(folder.resolve("a"));
            assertThat(git.top()).isEqualTo(folder);
            for (String file : new String[] {"a/one.txt", "a/two.txt", "b.txt"}) {
                byte[] content = Files.readAllBytes(folder.resolve(file));
                assertThat(git.holds(folder.resolve(file), content))
                        .as(version + " " + file)
                        .isTrue();
                assertThat(git.holds(folder.resolve(file), new byte[] {1})).isFalse();
            }
            assertThat(git.holds(folder.resolve("c.txt"), new byte[0])).isFalse();
        }
        // Flags that need two bytes more, of which the first entry has some.
        Fleet.git(folder, "update-index", "--index-version", "3");
        Fleet.git(folder, "update-index", "--skip-worktree", "a/one.txt");
        for (String file : new String[] {"a/one.txt", "a/two.txt", "b.txt"}) {
            assertThat(GitFiles.of(folder).holds(folder.resolve(file), Files.readAllBytes(folder.resolve(file))))
                    .as("with flags, " + file)
                    .isTrue();
        }
        byte[] index = Files.readAllBytes(folder.resolve(".git/index"));
        for (int length = 0; length < index.length; length += 7) {
            Files.write(folder.resolve(".git/index"), java.util.Arrays.copyOf(index, length));
            assertThat(GitFiles.of(folder).holds(folder.resolve("none"), new byte[0]))
                    .isFalse();
        }
    }
}
