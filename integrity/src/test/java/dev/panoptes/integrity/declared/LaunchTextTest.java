package dev.panoptes.integrity.declared;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.report.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that a launch says, of small trees that start programs in many ways, read with the real readers. */
class LaunchTextTest {
    private static final String FROM_ENVIRONMENT = """
        import os, uvicorn
        from fastapi import FastAPI
        app = FastAPI()
        if __name__ == '__main__':
            uvicorn.run(app, host=os.getenv('HOST', '0.0.0.0'), port=int(os.getenv('PORT', '8000')))
        """;
    private static final String FROM_ARGUMENTS = """
        import argparse, uvicorn
        from fastapi import FastAPI
        app = FastAPI()
        if __name__ == '__main__':
            p = argparse.ArgumentParser()
            p.add_argument('--port', '-p', type=int, default=8000)
            uvicorn.run(app, host='0.0.0.0', port=p.parse_args().port)
        """;
    private static final String NODE = """
        const http = require('http');
        http.createServer((q, r) => r.end('{}')).listen(process.env.PORT || 3000);
        """;

    @TempDir
    private Path root;

    private LaunchTextTest file(String path, String text) throws IOException {
        new DeclaredTree(root).file(path, text);
        return this;
    }

    private void golden(String name) throws IOException, InterruptedException {
        Declarations declarations = new DeclaredTree(root).read();
        Launches launches = DeclaredTree.launches(declarations);
        StringBuilder text = new StringBuilder();
        for (Launch launch : launches.all()) {
            text.append(launch.kind()).append(' ').append(launch.id()).append('\n');
            line(text, "program", launch.program());
            line(text, "directory", launch.directory());
            line(text, "space", launch.space() instanceof Launch.Space.Container(String owner) ? owner : "host");
            line(text, "names", String.join(", ", launch.names()));
            claims(text, "binds", launch.claims());
            claims(text, "publishes", launch.published());
            claims(text, "forwards", launch.forwarded());
            line(text, "unknown", launch.unknown());
            line(text, "host ports", launch.hostPorts().toString());
            line(text, "bound", launch.bound().toString());
            line(text, "serves 8000", Boolean.toString(launch.serves(8_000)));
            line(text, "image alone", Boolean.toString(launch.onlyItsImageKnows()));
            line(text, "evidence", Integer.toString(launch.evidence().size()));
        }
        declarations.code().directories().forEach(directory -> {
            text.append("code ").append(directory.path()).append(": started ").append(launches.starts(directory));
            directory
                    .programs()
                    .forEach(program ->
                            text.append(", ").append(program.path()).append(' ').append(launches.starts(program)));
            text.append('\n');
        });
        Golden.check("launches-" + name + ".txt", text.toString());
    }

    private static void line(StringBuilder text, String label, String value) {
        if (value != null && !value.isEmpty()) {
            text.append("    ").append(label).append(": ").append(value).append('\n');
        }
    }

    private static void claims(StringBuilder text, String label, List<Launch.Claim> claims) {
        for (Launch.Claim claim : claims) {
            Evidence evidence = claim.evidence();
            line(
                    text,
                    label,
                    claim.port() + (claim.address() == null ? "" : " on " + claim.address()) + " by "
                            + evidence.source() + " " + evidence.file() + ":" + evidence.line() + " "
                            + evidence.text());
        }
    }

    private static String unit(String directory, String... lines) {
        return "[Service]\nWorkingDirectory=/opt/fleet/agents/" + directory + "\n" + String.join("\n", lines) + "\n";
    }

    @Test
    void units() throws IOException, InterruptedException {
        file("agents/one/main.py", FROM_ARGUMENTS)
                .file("agents/two/main.py", FROM_ENVIRONMENT)
                .file("agents/three/server.js", NODE)
                .file("agents/three/package.json", "{\"scripts\": {\"start\": \"node server.js\"}}")
                .file("agents/four/main.py", FROM_ENVIRONMENT)
                .file("units/one.service", unit("one", "ExecStart=/usr/bin/python3 main.py -p 8001"))
                .file(
                        "units/two.service",
                        unit("two", "Environment=PORT=8002 HOST=127.0.0.1", "ExecStart=/usr/bin/python3 main.py"))
                .file("units/three.service", unit("three", "Environment=PORT=8003", "ExecStart=/usr/bin/npm start"))
                .file(
                        "units/four.service",
                        unit("four", "EnvironmentFile=/etc/four.env", "ExecStart=/usr/bin/python3 main.py"))
                .file("units/gone.service", unit("gone", "ExecStart=/usr/bin/python3 main.py"))
                .file("units/five@.service", unit("one", "ExecStart=/usr/bin/python3 main.py --port=80%i"))
                .file(
                        "units/six.service",
                        unit("two", "ExecStart=/opt/fleet/agents/two/.venv/bin/uvicorn main:app --port 8006"));
        golden("units");
    }

    @Test
    void services() throws IOException, InterruptedException {
        String image =
                "FROM python:3.12\nWORKDIR /app\nCOPY . .\nENV PORT=8100\nEXPOSE 8100\nCMD [\"python\", \"main.py\"]\n";
        file("agents/one/main.py", FROM_ENVIRONMENT)
                .file("agents/one/Dockerfile", image)
                .file("agents/two/main.py", FROM_ARGUMENTS)
                .file("agents/two/Dockerfile", image)
                .file("agents/three/main.py", FROM_ENVIRONMENT)
                .file(
                        "agents/three/Dockerfile",
                        "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD uvicorn main:app --port ${PORT:-8103}\n")
                .file("agents/three/three.env", "PORT=8303\n")
                .file("compose.yaml", """
                    services:
                      one:
                        build: agents/one
                        ports: ["9001:8100", "127.0.0.1:9011:8101/tcp", "53:53/udp"]
                      one-again:
                        build: agents/one
                        environment: {PORT: "8200", HOST: 127.0.0.1}
                        container_name: uno
                        hostname: first
                        networks: {default: {aliases: [eins]}}
                        ports: ["${PUBLISHED:-9002}:8200"]
                      two:
                        build: {context: agents/two}
                        command: ["python", "main.py", "--port", "8202"]
                        network_mode: host
                      beside:
                        build: agents/one
                        network_mode: service:one-again
                      three:
                        build: agents/three
                        env_file: agents/three/three.env
                        ports: ["9003:8303"]
                      three-default:
                        build: agents/three
                        expose: ["8103"]
                      database:
                        image: postgres:17
                        ports: ["5432:5432"]
                      shell:
                        build: agents/two
                        entrypoint: sh -c "python main.py -p 8222"
                      unset:
                        build: agents/one
                        ports: ["${NOWHERE}:8100"]
                      none:
                        build: agents/one
                        deploy: {replicas: 0}
                        ports: ["9009:8100"]
                    """);
        golden("services");
    }

    @Test
    void imagesAndProcesses() throws IOException, InterruptedException {
        file("agents/alone/main.py", FROM_ENVIRONMENT)
                .file(
                        "agents/alone/Dockerfile",
                        "FROM python:3.12\n"
                                + "COPY main.py /srv/\n"
                                + "ENV PORT=8400\n"
                                + "WORKDIR /srv\n"
                                + "ENTRYPOINT [\"python\"]\n"
                                + "CMD [\"main.py\"]\n")
                .file("agents/web/package.json", """
                    {"scripts": {"start": "node server.js", "dev": "vite --port 5200", "build": "vite build",
                     "all": "concurrently \\"npm run dev\\" \\"npm start\\"", "deep": "npm run deeper", "deeper": "npm start"}}
                    """)
                .file("agents/web/server.js", NODE)
                .file(
                        "agents/web/Dockerfile",
                        "FROM node:22\nWORKDIR /app\nCOPY . .\nENV PORT=3100\nCMD [\"npm\", \"run\", \"deep\"]\n")
                .file("agents/both/package.json", """
                    {"scripts": {"all": "concurrently \\"npm run a\\" \\"npm run b\\"", "a": "vite --port 5201", "b": "node server.js"}}
                    """)
                .file("agents/both/server.js", NODE)
                .file(
                        "agents/both/Dockerfile",
                        "FROM node:22\nWORKDIR /app\nCOPY . .\nCMD [\"npm\", \"run\", \"all\"]\n")
                .file("agents/page/index.html", "<html></html>\n")
                .file("agents/page/Dockerfile", "FROM nginx:1.27\nCOPY index.html /usr/share/nginx/html/\n")
                .file("agents/foreign/Dockerfile", "FROM example/own:1\n")
                .file("agents/flow/main.py", FROM_ARGUMENTS)
                .file("agents/flow/Procfile", "web: python main.py --port $PORT\nworker: python main.py -p 8501\n")
                .file("agents/flow/.env", "PORT=8500\n");
        golden("images-and-processes");
    }

    @Test
    void podsQuadletsAndJobs() throws IOException, InterruptedException {
        String image = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD [\"python\", \"main.py\"]\n";
        file("agents/api/main.py", FROM_ENVIRONMENT)
                .file("agents/api/Dockerfile", image)
                .file("agents/boxed/main.py", FROM_ENVIRONMENT)
                .file("agents/boxed/Dockerfile", image)
                .file("agents/task/main.py", FROM_ARGUMENTS)
                .file("k8s/api.yaml", """
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: api, namespace: fleet}
                    spec:
                      selector: {matchLabels: {app: api}}
                      template:
                        metadata: {labels: {app: api}}
                        spec:
                          containers:
                            - name: api
                              image: ghcr.io/example/api:1
                              env: [{name: PORT, value: "8100"}]
                            - name: metrics
                              image: example/metrics
                              ports: [{containerPort: 9100, hostPort: 9101}, {containerPort: 9102, hostPort: 9103, hostIP: 127.0.0.1}]
                    ---
                    apiVersion: v1
                    kind: Service
                    metadata: {name: front, namespace: fleet}
                    spec:
                      selector: {app: api}
                      type: NodePort
                      ports: [{port: 80, targetPort: 8100, nodePort: 30080}, {name: more, port: 81, targetPort: 9100}]
                    ---
                    apiVersion: batch/v1
                    kind: Job
                    metadata: {name: once, namespace: fleet}
                    spec:
                      template:
                        spec:
                          containers: [{name: once, image: example/once, ports: [{containerPort: 9200}]}]
                    """)
                .file("quadlets/boxed.build", "[Build]\nImageTag=localhost/boxed\nFile=../agents/boxed/Dockerfile\n")
                .file(
                        "quadlets/boxed.container",
                        "[Container]\nImage=boxed.build\nEnvironment=PORT=8200\nPublishPort=127.0.0.1:9300:8200\n")
                .file("quadlets/pair.pod", "[Pod]\nPublishPort=9500:8000\nPublishPort=9501:8600\nPublishPort=8601\n")
                .file("quadlets/left.container", "[Container]\nImage=boxed.build\nPod=pair.pod\n")
                .file(
                        "quadlets/right.container",
                        "[Container]\nImage=boxed.build\nPod=pair.pod\nEnvironment=PORT=8600\n")
                .file("quadlets/foreign.container", "[Container]\nImage=example/own\nPublishPort=8700\n")
                .file("jobs/one.nomad.hcl", """
                    job "one" {
                      group "app" {
                        network {
                          port "http" {
                            static = 9400
                            to     = 8000
                          }
                        }
                        task "boxed" {
                          driver = "docker"
                          config {
                            image   = "example/own"
                            ports   = ["http"]
                            command = "uvicorn"
                            args    = ["main:app", "--host", "0.0.0.0", "--port", "8000"]
                          }
                        }
                      }
                      group "raw" {
                        network {
                          mode = "bridge"
                          port "http" {
                            static = 9600
                            to     = 8500
                          }
                          port "other" {
                            static = 9601
                            to     = 8501
                          }
                        }
                        task "process" {
                          driver = "raw_exec"
                          config {
                            command = "python3"
                            args    = ["/opt/fleet/agents/task/main.py", "--port", "8500"]
                          }
                        }
                      }
                    }
                    """);
        golden("pods-quadlets-and-jobs");
    }
}
