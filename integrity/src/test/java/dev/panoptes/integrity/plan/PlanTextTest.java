package dev.panoptes.integrity.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.report.Golden;
import dev.panoptes.integrity.report.PlanText;
import dev.panoptes.integrity.report.TextStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every word of the plans and every line of their patches, one fleet for each kind of fix. */
final class PlanTextTest {
    @TempDir
    private Path directory;

    private Fleet fleet;

    @BeforeEach
    void makeAFolder() throws IOException {
        fleet = new Fleet(Files.createDirectories(directory.resolve("fleet")));
    }

    private void golden(String name) throws IOException, InterruptedException {
        Fleet.Result result = fleet.planned();
        String text = new PlanText(TextStyle.PLAIN).write(result.outcome().plans())
                + "\n" + result.outcome().patch()
                + "\nstill there: " + String.join(" ", result.after()) + "\n";
        Golden.check("plan-" + name + ".txt", text);
    }

    private static String unit(String directory, String command) {
        return """
            [Unit]
            Description=one of ours
            [Service]
            User=fleet
            Group=fleet
            WorkingDirectory=%s
            ExecStart=%s
            [Install]
            WantedBy=multi-user.target
            """.formatted(directory, command);
    }

    @Test
    void chains() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              hermes:
                connection: {url: 'http://hermes:8704'}
                actions: {notify: /notify, recall: /recall}
            chains:
              several:
                steps:
                  - id: first
                    agent: hermes
                    action: notify
                  - id: second
                    agent: somebody-else
                    action: notify
                    params:
                      - a
                  - id: third
                    agent: hermes
                    action: something-else
              near:
                steps:
                  - {agent: herme, action: notify}
                  - {agent: hermes, action: notifi}
              only:
                steps:
                  - agent: nobody-at-all
                    action: notify
              inline: {steps: [{agent: nobody-here, action: notify}]}
              nested:
                steps:
                  - parallel:
                      - agent: hermes
                        action: notify
                      - agent: nobody-below
                        action: notify

                  - agent: hermes
                    action: recall
            """).track();
        golden("chains");
    }

    @Test
    void units() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              one: {core: true, unit: one, connection: {url: 'http://one:8701'}, actions: {x: /x}}
              two: {core: true, name: '100% Two', connection: {url: 'http://two:8702'}, actions: {x: /x}}
              three: {core: true, unit: third, connection: {url: 'http://three:8703'}, actions: {x: /x}}
              four: {core: true, connection: {url: 'http://four:8704'}, actions: {x: /x}}
              five: {core: true, connection: {url: 'http://five:8705'}, actions: {x: /x}}
            """)
                .write("agents/one/main.py", Fleet.server("one", 8701))
                .write("agents/two/main.py", Fleet.server("100% Two", 8702))
                .write("agents/three/server.js", """
                    const http = require('http');
                    http.createServer((q, r) => r.end(JSON.stringify({agent: 'three'}))).listen(8703);
                    """)
                .write("agents/four/readme.txt", "nothing that runs\n")
                .write("agents/five/my main.py", Fleet.server("five", 8705))
                .write("units/one.service", unit("/opt/fleet/agents/one", "/usr/bin/python3.12 main.py"))
                .write("units/moved.service", unit("/opt/fleet/agents/moved-away", "/usr/bin/python3 main.py"))
                .track();
        golden("units");
    }

    @Test
    void workingDirectories() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              one: {connection: {url: 'http://one:8701'}, actions: {x: /x}}
              two: {connection: {url: 'http://two:8702'}, actions: {x: /x}}
              three: {connection: {url: 'http://three:8703'}, actions: {x: /x}}
            """)
                .write("agents/one/main.py", Fleet.server("one", 8701))
                .write("agents/two/main.py", Fleet.server("two", 8702))
                .write("units/one.service", unit("/opt/fleet/agents/one", "/usr/bin/python3 main.py"))
                .write("units/two.service", unit("/opt/fleet/agents/too", "/usr/bin/python3 main.py"))
                .write("agents/three/main.py", Fleet.server("three", 8703))
                .write("units/three.service", unit("/opt/fleet/agents/three", "/usr/bin/python3 main.py"))
                .track();
        golden("working-directories");
    }

    @Test
    void namesAndPorts() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              one: {name: ONE, connection: {url: 'http://one:8701'}, actions: {x: /x}}
              two: {name: TWO, connection: {url: 'http://two:8702'}, actions: {x: /x}}
              three: {name: THREE, connection: {url: 'http://three:8703'}, actions: {x: /x}}
              four: {name: FOUR, connection: {url: 'http://four:8704'}, actions: {x: /x}}
              five: {name: FIVE, connection: {url: 'http://five:8705'}, actions: {x: /x}}
            """)
                .write("agents/one/main.py", Fleet.server("Uno", 8701))
                .write("agents/two/main.py", Fleet.server("Due", 8702) + "# Due is not Tre\n")
                .write("agents/three/main.py", Fleet.server("FOUR", 8703))
                .write("agents/four/main.py", Fleet.server("THREE", 8704))
                .write("agents/five/main.py", Fleet.server("FIVE", 8795))
                .track();
        golden("names-and-ports");
    }

    @Test
    void undeclaredDirectories() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              one: {connection: {url: 'http://one:8701'}, actions: {x: /x}}
              gone: {connection: {url: 'http://gone:8709'}, actions: {x: /x}}
            """)
                .write("agents/one/main.py", Fleet.server("one", 8701))
                .write("agents/newcomer/main.py", Fleet.server("newcomer", 8702))
                .write("agents/portless/main.py", "import sys\n\nif __name__ == '__main__':\n    print(sys.argv)\n")
                .write("agents/clash/main.py", Fleet.server("clash", 8701))
                .track();
        golden("undeclared");
    }

    @Test
    void publishedPortsOfAgents() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              one: {connection: {url: 'http://one:8701'}, actions: {x: /x}}
              two: {connection: {url: 'http://two:8701'}, actions: {x: /x}}
            """)
                .write("agents/one/main.py", Fleet.server("one", 8701))
                .write("agents/two/main.py", Fleet.server("two", 8701))
                .write("compose.yaml", """
                    services:
                      one:
                        image: example/one
                        ports: ["8701:8701"]
                      two:
                        image: example/two
                        ports:
                          - "127.0.0.1:8701:8701"
                      zed:
                        image: example/zed
                        ports: ["8701-8702:80-81"]
                    """)
                .track();
        golden("published");
    }

    @Test
    void copies() throws IOException, InterruptedException {
        String code = Fleet.server("one", 8701);
        fleet.write("agent-registry.yaml", """
            agents:
              one: {connection: {url: 'http://one:8701'}, actions: {x: /x}}
              two: {connection: {url: 'http://two:8702'}, actions: {x: /x}}
            """)
                .write("agents/one/main.py", code)
                .write("agents/two/main.py", code)
                .write("agents/spare/main.py", code)
                .track();
        golden("copies");
    }

    @Test
    void threeAgentsOnOnePort() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              one: {connection: {url: 'http://one:8701'}, actions: {x: /x}}
              two: {connection: {url: 'http://two:8701'}, actions: {x: /x}}
              three: {connection: {url: 'http://three:8701'}, actions: {x: /x}}
              four: {connection: {url: 'http://four:8702'}, actions: {x: /x}}
            """)
                .write("agents/one/main.py", Fleet.server("one", 8701))
                .write("agents/two/main.py", """
                    import os
                    from http.server import BaseHTTPRequestHandler, HTTPServer

                    PORT = int(os.getenv("PORT", "8701"))

                    if __name__ == "__main__":
                        HTTPServer(("127.0.0.1", PORT), BaseHTTPRequestHandler).serve_forever()
                    """)
                .write("units/two.service", unit("/opt/fleet/agents/two", "/usr/bin/python3 main.py"))
                .write(".env", "TWO_URL=http://two:8701\n")
                .track();
        golden("three-on-one-port");
    }

    @Test
    void theNextFreePortIsNobodys() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              one: {connection: {url: 'http://one:8701'}, actions: {x: /x}}
              two: {connection: {url: 'http://two:8701'}, actions: {x: /x}}
              last: {connection: {url: 'http://last:65535'}, actions: {x: /x}}
              least: {connection: {url: 'http://least:65535'}, actions: {x: /x}}
              lone: {connection: {url: 'http://lone:65534'}, actions: {x: /x}}
            """)
                .write("agents/one/main.py", Fleet.server("one", 8701))
                .write("agents/other/main.py", Fleet.server("other", 8703))
                .write(
                        "agents/other/Dockerfile",
                        "FROM python:3.12\nCOPY . .\nCMD [\"uvicorn\", \"main:app\", \"--port\", \"8705\"]\n")
                .write("units/third.service", unit("/opt/fleet/agents/one", "/usr/bin/uvicorn main:app --port 8702"))
                .write("compose.yaml", "services:\n  web: {image: example/web, ports: ['8704:80']}\n")
                .track();
        golden("next-free-port");
    }

    @Test
    void aUrlIsEditedHoweverItIsWritten() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              a:
                connection:
                  url: http://a:8701
                actions: {x: /x}
              b:
                connection:
                  url: http://b:8701/base # not :8701
                actions: {x: /x}
              c:
                connection:
                  url: "http://c:8701"
                actions: {x: /x}
              d:
                connection: {timeout_ms: 8701, url: http://d:8701, health_endpoint: /8701}
                actions: {x: /x}
              e:
                connection: {url: 'http://8701.example.org:8701'}
                host: local
                actions: {x: /x}
              k:
                connection:
                  url: >-
                    http://k:9100
                actions: {x: /x}
              g: {"connection": {"url": "http://g:87010"}, "actions": {"x": "/x"}}
              h: {"connection": {"url": "http://h:87010"}, "actions": {"x": "/x"}}
              f: {connection: {url: 'http://f:9100'}, actions: {x: /x}}
              i: {connection: {url: 'http://i:9000'}, actions: {x: /x}}
              j: {connection: {url: http://j:9000}, actions: {x: /x}}
            """).track();
        golden("urls");
    }

    @Test
    void codeMovesToThePortThatItsAgentIsDeclaredOn() throws IOException, InterruptedException {
        fleet.write("agent-registry.yaml", """
            agents:
              one: {connection: {url: 'http://one:8701'}, actions: {x: /x}}
              two: {connection: {url: 'http://two:8702'}, actions: {x: /x}}
            """)
                .write("agents/one/main.py", Fleet.server("one", 8701))
                .write("agents/two/main.py", Fleet.server("two", 8701) + "\n# two was on 8701 before\n")
                .write("agents/two/run.sh", "#!/bin/sh\nexec python3 main.py --note 8701\n")
                .write("units/two.service", unit("/opt/fleet/agents/two", "/usr/bin/python3 main.py"))
                .write("agents/two/Dockerfile", """
                    FROM python:3.12
                    COPY . .
                    EXPOSE 8701 \\
                      8799
                    HEALTHCHECK --interval=5s \\
                      CMD curl -f http://localhost:8701/health || exit 1
                    CMD ["python", "main.py"]
                    """)
                .write("compose.yaml", """
                    services:
                      two:
                        build: agents/two
                        ports:
                          - "8701:8701"

                        environment:
                          - OTHER=8701
                      three:
                        image: example/three
                        environment: {TWO_URL: "http://two:8701"}
                    """)
                .track();
        golden("code-to-declared");
    }

    @Test
    void nothingToPlan() {
        assertThat(new PlanText(TextStyle.PLAIN).write(java.util.List.of()))
                .isEqualTo("Nothing to plan: the scan found no issue.\n");
    }
}
