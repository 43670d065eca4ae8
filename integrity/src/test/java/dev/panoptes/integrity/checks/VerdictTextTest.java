package dev.panoptes.integrity.checks;

import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.report.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every word that checks say of small trees, of which each has one thing wrong in several ways. */
class VerdictTextTest {
    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    private void golden(String name, Check... checks) throws IOException, InterruptedException {
        Golden.check("verdicts-" + name + ".txt", Verdicts.text(tree.world(), checks));
    }

    private static String workload(String kind, String name, String labels, String... containers) {
        return """
            apiVersion: apps/v1
            kind: %s
            metadata: {name: %s}
            spec:
              selector: {matchLabels: {app: %s}}
              template:
                metadata: {labels: %s}
                spec:
                  containers:
                  - %s
            """.formatted(kind, name, name, labels, String.join("\n      - ", containers));
    }

    private static String service(String name, String selector, String ports) {
        return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name
                + ", namespace: fleet}\nspec: {type: NodePort, selector: " + selector + ", ports: [" + ports + "]}\n";
    }

    private static String ingress(String name, String service, String port) {
        return "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: " + name
                + "}\nspec: {rules: [{http: {paths: [{path: /," + " backend: {service: {name: " + service + ", port: "
                + port + "}}}]}}]}\n";
    }

    @Test
    void manifests() throws IOException, InterruptedException {
        tree.agents(
                        "web",
                        "http://web.fleet.svc:8080",
                        "bare",
                        "http://bare.fleet:80",
                        "none",
                        "http://none.fleet.svc:81")
                .file(
                        "k8s/web.yaml",
                        workload(
                                "Deployment",
                                "web",
                                "{app: web, tier: front}",
                                "{name: one, image: x, ports: [{containerPort: 8080}, {containerPort: 53, protocol:"
                                        + " UDP}]}",
                                "{name: two, image: x, ports: [{containerPort: 8080}, {containerPort: 53}]}"))
                .file(
                        "k8s/pair.yaml",
                        workload(
                                "Deployment",
                                "pair",
                                "{app: pair}",
                                "{name: one, image: x, ports: [{containerPort: 8080}]}",
                                "{name: two, image: x, ports: [{containerPort: 8081}]}"))
                .file(
                        "k8s/agent.yaml",
                        workload(
                                "DaemonSet",
                                "agent",
                                "{app: agent}",
                                "{name: agent, image: x, ports: [{containerPort: 80, hostPort: 9100}]}"))
                .file(
                        "k8s/other.yaml",
                        workload(
                                "Deployment",
                                "other",
                                "{app: other}",
                                "{name: other, image: x, ports: [{containerPort: 80, hostPort: 9100}, {containerPort:"
                                        + " 81, hostPort: 9101}]}"))
                .file("k8s/bare.yaml", workload("Deployment", "bare", "{}", "{name: bare, image: x}"))
                .file(
                        "k8s/probed.yaml",
                        workload(
                                "Deployment",
                                "probed",
                                "{app: probed}",
                                "{name: one, image: x, ports: [{name: http, containerPort: 8080}, {containerPort:"
                                        + " 8081}], readinessProbe: {httpGet: {port: web}}, livenessProbe: {httpGet:"
                                        + " {port: 9000}}, startupProbe: {tcpSocket: {port: http}}}",
                                "{name: two, image: x, ports: [{containerPort: 8082}], readinessProbe: {httpGet:"
                                        + " {port: web}}, livenessProbe: {httpGet: {port: 8081}}}"))
                .file(
                        "k8s/single.yaml",
                        workload(
                                "Deployment",
                                "single",
                                "{app: single}",
                                "{name: one, image: x, ports: [{containerPort: 8080}], livenessProbe: {httpGet: {port:"
                                        + " 9000}}}"))
                .file(
                        "k8s/lost.yaml",
                        workload("Deployment", "lost", "{app: lost, tier: back}", "{name: lost, image: x}"))
                .file(
                        "k8s/svc-web.yaml",
                        service(
                                "web",
                                "{app: web, tier: front}",
                                "{name: http, port: 80, targetPort: 8080, nodePort: 30080}, {port: 443, targetPort:"
                                        + " 8080}"))
                .file(
                        "k8s/svc-two.yaml",
                        service("two", "{app: pair}", "{port: 80, targetPort: 8081, nodePort: 30080}"))
                .file(
                        "k8s/svc-three.yaml",
                        service("three", "{app: agent}", "{port: 80, targetPort: 80, nodePort: 30081}"))
                .file("k8s/svc-bare.yaml", service("bare", "{app: bare}", "{port: 80, targetPort: 80}"))
                .file("k8s/svc-lost.yaml", service("missing", "{app: lost, tier: front}", "{port: 80, targetPort: 80}"))
                .file("k8s/svc-far.yaml", service("far", "{role: nobody}", "{port: 80, targetPort: 80}"))
                .file(
                        "k8s/svc-none.yaml",
                        "apiVersion: v1\n"
                                + "kind: Service\n"
                                + "metadata: {name: none, namespace: fleet}\n"
                                + "spec: {clusterIP: None, selector: {app: other}}\n")
                .file("k8s/in-number.yaml", ingress("by-number", "web", "{number: 81}"))
                .file("k8s/in-name.yaml", ingress("by-name", "web", "{name: https}"))
                .file("k8s/in-right.yaml", ingress("right", "web", "{number: 443}"))
                .file("k8s/in-none.yaml", ingress("to-none", "none", "{number: 80}"));
        golden(
                "manifests",
                new ManifestPortConflictCheck(),
                new ManifestNodePortConflictCheck(),
                new ManifestServiceWithoutPodsCheck(),
                new ManifestIngressBackendCheck(),
                new ManifestTargetPortCheck(),
                new ManifestProbePortCheck(),
                new PortMismatchRegistryManifestCheck());
    }

    private static final String[] SERVES = {"import os, uvicorn", "uvicorn.run('main:app', host='127.0.0.1', port=8000)"
    };

    @Test
    void images() throws IOException, InterruptedException {
        String starts = "CMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"8000\"]";
        for (String name : List.of("gone", "kept", "stage", "both", "asks", "alone", "dollar", "tool")) {
            tree.file("agents/" + name + "/main.py", "from fastapi import FastAPI", "app = FastAPI()");
        }
        tree.agents("gone", "http://localhost:8001", "asks", "http://localhost:8002")
                .file(
                        "agents/gone/Dockerfile",
                        "FROM python:3.12",
                        "COPY gone.txt lost.txt /",
                        "COPY main.py /",
                        starts)
                .file("agents/kept/Dockerfile", "FROM python:3.12", "COPY kept.txt /", starts)
                .file("agents/kept/kept.txt", "kept")
                .file("agents/kept/.dockerignore", "kept.txt")
                .file(
                        "agents/stage/Dockerfile",
                        "FROM python:3.12 AS base",
                        "FROM base AS last",
                        "COPY --from=build /a /b",
                        starts)
                .file(
                        "agents/both/Dockerfile",
                        "FROM python:3.12",
                        "COPY --from=build /a /b",
                        "COPY gone.txt /",
                        starts)
                .file(
                        "agents/asks/Dockerfile",
                        "FROM python:3.12",
                        "RUN apt-get install -y curl",
                        "COPY . .",
                        "HEALTHCHECK CMD curl -f http://localhost:8001/",
                        starts)
                .file(
                        "agents/alone/Dockerfile",
                        "FROM python:3.12",
                        "COPY . .",
                        "HEALTHCHECK CMD curl -f http://localhost:8001/",
                        starts)
                .file(
                        "agents/dollar/Dockerfile",
                        "FROM python:3.12",
                        "COPY . .",
                        "HEALTHCHECK CMD [\"curl\", \"http://localhost:${PORT:-8001}/\"]",
                        starts)
                .file(
                        "agents/tool/Dockerfile",
                        "FROM python:3.12-slim",
                        "COPY . .",
                        "HEALTHCHECK CMD wget http://localhost:8000/" + "x".repeat(300),
                        starts)
                .file(
                        "compose.yaml",
                        "services:",
                        "  gone: {build: agents/gone}",
                        "  kept: {build: agents/kept}",
                        "  stage: {build: agents/stage}",
                        "  both: {build: agents/both}",
                        "  asks: {build: agents/asks}",
                        "  target: {build: {context: agents/stage, target: none}}",
                        "  targetless: {build: {context: agents/gone, target: none}}",
                        "  tool: {image: 'postgres:16-alpine', healthcheck: {test: [CMD, curl, 'http://localhost:1']}}",
                        "  shell: {image: 'postgres:16-alpine', healthcheck: {test: [CMD-SHELL, 'pg_isready']}}");
        golden(
                "images",
                new CopyMissingSourceCheck(),
                new HealthcheckPortCheck(),
                new HealthcheckToolCheck(),
                new ComposeRefusedCheck());
    }

    @Test
    void neighbours() throws IOException, InterruptedException {
        String starts = "CMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"8000\"]";
        tree.agents("api", "http://localhost:8000", "web", "http://localhost:8001")
                .file("agents/api/main.py", "from fastapi import FastAPI", "app = FastAPI()")
                .file("agents/api/Dockerfile", "FROM python:3.12", "COPY . .", starts)
                .file("agents/web/main.py", "from fastapi import FastAPI", "app = FastAPI()")
                .file("agents/web/Dockerfile", "FROM python:3.12", "COPY . .", starts.replace("8000", "9000"))
                .file(
                        "compose.yaml",
                        "services:",
                        "  api: {build: agents/api, ports: ['8080:8000']}",
                        "  web:",
                        "    build: agents/web",
                        "    ports: ['9000:9000']",
                        "    environment: {API_URL: 'http://api:8080', OLD_URL: 'http://old-api:8000', SELF_URL:"
                                + " 'http://me:9000'}",
                        "  front:",
                        "    image: node:22",
                        "    environment: {VITE_API_URL: 'http://localhost:8000', VITE_SELF_URL:"
                                + " 'http://localhost:3000', NEXT_PUBLIC_WEB: 'http://localhost:9000'}",
                        "    ports: ['3001:3000']",
                        "  led: {build: agents/api, labels: ['traefik.enable=true',"
                                + " 'traefik.http.services.led.loadbalancer.server.port=8888']}",
                        "  cache: {image: 'redis:7'}",
                        "  store: {image: x, environment: {REDIS_URL: 'redis://redis-main:6379'}}",
                        "  job: {image: x, environment: {CACHE_URL: 'http://cache:6379', REDIS_URL:"
                                + " 'redis://redis-main:6379'}}");
        golden("neighbours", new ComposeNeighbourCheck());
    }

    @Test
    void processesAndUnits() throws IOException, InterruptedException {
        String[] reads = {
            "import os, uvicorn", "uvicorn.run('main:app', host='127.0.0.1', port=int(os.getenv('PORT', '8000')))"
        };
        tree.agents(
                        "fixed",
                        "http://fixed.example.org:8000",
                        "reads",
                        "http://localhost:8005",
                        "boxed",
                        "http://boxed.example.org:8000")
                .file("agents/fixed/main.py", SERVES)
                .file("agents/reads/main.py", reads)
                .file("agents/spaced/main.py", reads)
                .file("agents/flow/main.py", reads)
                .file("agents/boxed/main.py", SERVES)
                .file("agents/boxed/Dockerfile", "FROM python:3.12", "COPY . .", "CMD [\"python\", \"main.py\"]")
                .file("compose.yaml", "services: {boxed: {build: agents/boxed, ports: ['8000:8000']}}")
                .file(
                        "units/fixed.service",
                        "[Service]",
                        "WorkingDirectory=/opt/fleet/agents/fixed",
                        "Environment=PORT=8009",
                        "ExecStart=/usr/bin/python3 main.py")
                .file(
                        "units/reads.service",
                        "[Service]",
                        "WorkingDirectory=/opt/fleet/agents/reads/",
                        "ExecStart=/usr/bin/python3 main.py")
                .file(
                        "units/spaced.service",
                        "[Service]",
                        "WorkingDirectory=/opt/fleet//agents/spaced",
                        "Environment=PORT=x8009",
                        "ExecStart=/usr/bin/python3 main.py")
                .file(
                        "Procfile",
                        "one: python3 agents/fixed/main.py",
                        "two: python3 agents/flow/main.py",
                        "three: PORT=8011 python3 agents/flow/main.py")
                .file(
                        "ops/supervisord.conf",
                        "[program:one]",
                        "command=uvicorn main:app --port 8020",
                        "[program:two]",
                        "command=uvicorn main:app --port 8020",
                        "[program:three]",
                        "command=uvicorn main:app --port 8021");
        golden(
                "processes-and-units",
                new ProcessPortConflictCheck(),
                new PortMismatchSystemdCodeCheck(),
                new SystemdPortConflictCheck(),
                new LoopbackButDeclaredCheck(),
                new LoopbackBehindPublishCheck(),
                new PortMismatchRegistryCodeCheck());
    }

    @Test
    void environmentFiles() throws IOException, InterruptedException {
        String[] none = {"A=1"};
        tree.file(
                        "compose.yaml",
                        "services:",
                        "  a: {image: x, env_file: a.env}",
                        "  b: {image: x, env_file: b.env}",
                        "  c: {image: x, env_file: conf/.env}",
                        "  d: {image: x, env_file: .env.d}",
                        "  e: {image: x, env_file: e}",
                        "  f: {image: x, env_file: f.env}",
                        "  g: {image: x, env_file: g.env}",
                        "  h: {image: x, env_file: h.env}",
                        "  there: {image: x, env_file: there.env}")
                .file("a.example.env", none)
                .file("b-sample.env", none)
                .file("conf/env.example", none)
                .file("example.env.d", none)
                .file("e.dist", none)
                .file("README.md", "Write f.env first.")
                .file("h.env.example/file", none)
                .file("there.env", none)
                .file(
                        "units/a.service",
                        "[Service]",
                        "EnvironmentFile=/opt/fleet/units/a.env",
                        "ExecStart=/usr/bin/python3 /opt/fleet/main.py")
                .file("main.py", "print(1)")
                .file(
                        "units/b.service",
                        "[Service]",
                        "EnvironmentFile=-/opt/fleet/units/b.env",
                        "ExecStart=/usr/bin/python3 /opt/fleet/main.py");
        golden("environment-files", new ComposeMissingEnvFileCheck(), new UnitMissingEnvFileCheck());
    }

    @Test
    void directories() throws IOException, InterruptedException {
        String[] server = {"import uvicorn", "uvicorn.run('main:app', host='0.0.0.0', port=8000)"};
        tree.agents(
                        "api",
                        "http://localhost:8000",
                        "gone",
                        "http://localhost:8001",
                        "pulled",
                        "http://localhost:8002",
                        "job",
                        "http://localhost:8003",
                        "hermes",
                        "http://localhost:8004")
                .file("agents/api/main.py", server)
                .file("agents/stray/main.py", server)
                .file("agents/app/main.py", "from fastapi import FastAPI", "app = FastAPI()")
                .file(
                        "agents/old/main.py",
                        "from fastapi import FastAPI",
                        "app = FastAPI()",
                        "@app.get('/health')",
                        "def health():",
                        "    return {'agent': 'hermes'}")
                .file(
                        "agents/again/main.py",
                        "from fastapi import FastAPI",
                        "app = FastAPI()",
                        "@app.get('/health')",
                        "def health():",
                        "    return {'agent': 'api'}")
                .file("agents/worker/worker.py", "import time", "if __name__ == '__main__':", "    time.sleep(1)")
                .file("agents/notes/notes.txt", "nothing")
                .file("compose.yaml", "services: {pulled: {image: 'example/pulled', ports: ['8002:80']}}")
                .file("q/job.container", "[Container]", "Image=example/job", "PublishPort=8009:80");
        golden(
                "directories",
                new DirWithoutRegistryCheck(),
                new RegistryWithoutDirCheck(),
                new PortMismatchRegistryWorkloadCheck(),
                new PortMismatchRegistryComposeCheck());
    }
}
