package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.adopt.TreeAdoption;
import dev.panoptes.integrity.declared.Manifests;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.Failure;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kubernetes manifests: what must fail, what must not, and what is not known. */
class ManifestChecksTest {
    private static final List<Check> ALL = List.of(
            new ManifestPortConflictCheck(),
            new ManifestProbePortCheck(),
            new ManifestTargetPortCheck(),
            new ManifestServiceWithoutPodsCheck(),
            new ManifestIngressBackendCheck(),
            new ManifestNodePortConflictCheck());

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    private static String deployment(String name, String container) {
        return workload("Deployment", name, "", container);
    }

    /** @param spec further lines of the pod's spec @param container lines of one container */
    private static String workload(String kind, String name, String spec, String container) {
        return """
            apiVersion: apps/v1
            kind: %s
            metadata: {name: %s}
            spec:
              selector: {matchLabels: {app: %s}}
              template:
                metadata: {labels: {app: %s}}
                spec:
            %s      containers:
                  - name: %s
                    image: example/%s:1
            %s\
            """.formatted(kind, name, name, name, indented(spec, 6), name, name, indented(container, 8));
    }

    private static String service(String name, String selector, String ports) {
        return """
            apiVersion: v1
            kind: Service
            metadata: {name: %s}
            spec:
              selector: {%s}
              ports:
            %s\
            """.formatted(name, selector, indented(ports, 2));
    }

    private static String indented(String text, int by) {
        return text.isEmpty() ? "" : text.indent(by);
    }

    private List<String> told() throws InterruptedException {
        List<String> told = new java.util.ArrayList<>();
        for (Check check : ALL) {
            for (String line : tree.verdicts(check)) {
                if (!line.startsWith("pass")) {
                    told.add(check.info().id().substring("manifest-".length()) + " " + line);
                }
            }
        }
        return told;
    }

    @Test
    void whatFitsIsPassed() throws InterruptedException {
        tree.file(
                "k8s/web.yaml",
                deployment("web", """
                    ports: [{name: http, containerPort: 8080}]
                    readinessProbe: {httpGet: {path: /ready, port: http}}
                    livenessProbe: {tcpSocket: {port: 8080}}
                    """)
                        + "---\n" + service("web", "app: web", "- {name: http, port: 80, targetPort: http}")
                        + """
                        ---
                        apiVersion: networking.k8s.io/v1
                        kind: Ingress
                        metadata: {name: web}
                        spec:
                          rules:
                          - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
                        """);
        assertThat(told()).isEmpty();
        assertThat(tree.verdicts(new ManifestTargetPortCheck())).containsExactly("pass k8s/web.yaml#web http");
        assertThat(tree.verdicts(new ManifestProbePortCheck())).hasSize(2);
        assertThat(tree.verdicts(new ManifestIngressBackendCheck())).containsExactly("pass k8s/web.yaml#web web:80");
    }

    @Test
    void anIngressThatLeadsToAServiceOfNobodyIsUnknown() throws InterruptedException {
        tree.file("k8s/ingress.yaml", """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec:
              defaultBackend: {service: {name: gone, port: {number: 80}}}
            """);
        assertThat(tree.verdicts(new ManifestIngressBackendCheck()))
                .containsExactly(
                        "unknown k8s/ingress.yaml#web gone:80: No manifest beside the Ingress declares the Service that"
                                + " it leads to: whether the cluster has it is not known");
    }

    @Test
    void aPodThatListensOnItsLoopbackIsReachedByNoService() throws InterruptedException {
        String app = "from fastapi import FastAPI\napp = FastAPI()\n";
        String service = "apiVersion: v1\nkind: Service\nmetadata: {name: %1$s}\nspec:\n  selector: {app: %1$s}\n"
                + "  ports: [{port: 80, targetPort: %2$s}]\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %1$s}\n"
                + "spec:\n  selector: {matchLabels: {app: %1$s}}\n  template:\n    metadata: {labels: {app: %1$s}}\n    spec:\n"
                + "      containers:\n        - name: %1$s\n          image: registry.example.org/reviews\n"
                + "          ports: [{name: http, containerPort: 8000}]\n%3$s";
        tree.file("compose.yaml", "services:", "  reviews: {build: reviews, image: registry.example.org/reviews}")
                .file("reviews/main.py", app)
                .file(
                        "reviews/Dockerfile",
                        "FROM python:3.12-slim",
                        "COPY . .",
                        "CMD [\"uvicorn\", \"main:app\", \"--port\", \"8000\"]")
                .file("k8s/number.yaml", service.formatted("number", "8000", ""))
                .file("k8s/name.yaml", service.formatted("name", "http", ""))
                .file(
                        "k8s/said.yaml",
                        service.formatted(
                                "said",
                                "8000",
                                "          args: [uvicorn, 'main:app', --host, 0.0.0.0, --port, '8000']\n"))
                .file(
                        "k8s/beside.yaml",
                        service.formatted(
                                "beside", "8000", "        - {name: proxy, image: 'envoyproxy/envoy:v1.30'}\n"));
        assertThat(tree.verdicts(new ManifestTargetPortCheck()))
                .containsExactlyInAnyOrder(
                        "fail k8s/number.yaml#number 8000 [k8s/number.yaml#number]",
                        "fail k8s/name.yaml#name http [k8s/name.yaml#name]",
                        "pass k8s/said.yaml#said 8000",
                        "pass k8s/beside.yaml#beside 8000");
    }

    @Test
    void aTargetPortThatNoContainerHasIsTold() throws InterruptedException {
        tree.file("k8s/web.yaml", deployment("web", "ports: [{name: http, containerPort: 8080}]"));
        tree.file(
                "k8s/svc.yaml",
                service(
                        "web",
                        "app: web",
                        "- {name: a, port: 80, targetPort: 80}\n- {name: b, port: 81, targetPort: web}"));
        assertThat(told())
                .containsExactly(
                        "target-port fail k8s/svc.yaml#web a [k8s/web.yaml#web, k8s/svc.yaml#web]",
                        "target-port fail k8s/svc.yaml#web b [k8s/web.yaml#web, k8s/svc.yaml#web]");
    }

    @Test
    void aTargetPortIsToldWithWhatItsPodsHave() throws InterruptedException {
        ManifestTargetPortCheck check = new ManifestTargetPortCheck();
        tree.file(
                        "k8s/web.yaml",
                        deployment(
                                "web", "ports: [{name: http, containerPort: 8080}, {name: more, containerPort: 8081}]"))
                .file("k8s/bare.yaml", deployment("bare", "ports: [{containerPort: 8080}]"))
                .file("k8s/svc.yaml", service("web", "app: web", "- {name: a, port: 80, targetPort: 90}"))
                .file("k8s/named.yaml", service("named", "app: web", "- {name: b, port: 81, targetPort: metrics}"))
                .file("k8s/one.yaml", service("one", "app: bare", "- {name: c, port: 82, targetPort: 90}"))
                .file("k8s/none.yaml", service("none", "app: bare", "- {name: d, port: 83, targetPort: http}"));

        Failure byNumber = Verdicts.failure(check, tree.world(), "k8s/svc.yaml#web a");
        assertThat(byNumber.title()).isEqualTo("Service web leads to port 90, which Deployment web does not have");
        assertThat(byNumber.description())
                .isEqualTo("The pods of Deployment web have 8080 and 8081, so nobody answers behind the Service.");
        assertThat(byNumber.recommendation()).isEqualTo("Set targetPort to one of 8080 and 8081");
        assertThat(byNumber.port()).isEqualTo(80);
        assertThat(places(byNumber))
                .containsExactly("k8s/svc.yaml:7", "k8s/web.yaml:12", "k8s/web.yaml:12", "k8s/web.yaml:3");

        Failure byName = Verdicts.failure(check, tree.world(), "k8s/named.yaml#named b");
        assertThat(byName.title())
                .isEqualTo("Service named leads to the port called metrics, which Deployment web does not have");
        assertThat(byName.description())
                .isEqualTo("The pods of Deployment web have http and more, so nobody answers behind the Service.");
        assertThat(byName.recommendation()).isEqualTo("Set targetPort to one of http and more");
        assertThat(places(byName)).containsExactly("k8s/named.yaml:7", "k8s/web.yaml:3");

        Failure one = Verdicts.failure(check, tree.world(), "k8s/one.yaml#one c");
        assertThat(one.description())
                .isEqualTo("The pods of Deployment bare have 8080, so nobody answers behind the Service.");
        assertThat(one.recommendation()).isEqualTo("Set targetPort to 8080");

        Failure none = Verdicts.failure(check, tree.world(), "k8s/none.yaml#none d");
        assertThat(none.description())
                .isEqualTo("The pods of Deployment bare name no port, so nobody answers behind the Service.");
        assertThat(none.recommendation()).isEqualTo("Name a containerPort http in the pod template");
    }

    private static List<String> places(Failure failure) {
        return failure.evidence().stream()
                .map(evidence -> evidence.file() + ":" + evidence.line())
                .toList();
    }

    @Test
    void aContainerThatDeclaresNoPortMayOpenAny() throws InterruptedException {
        tree.file("k8s/web.yaml", deployment("web", "env: []") + "---\n" + service("web", "app: web", "- {port: 80}"));
        assertThat(told())
                .containsExactly(
                        "target-port unknown k8s/web.yaml#web 80: only the image of k8s/web.yaml#web knows what it"
                                + " opens");
    }

    @Test
    void theCommandAndItsVariablesTellWhatIsOpened() throws InterruptedException {
        tree.file(
                "k8s/web.yaml",
                deployment("web", """
                    command: [uvicorn, "main:app", --host, 0.0.0.0, --port, $(PORT)]
                    envFrom: [{configMapRef: {name: web}}]
                    readinessProbe: {httpGet: {port: 9000}}
                    """)
                        + "---\n" + service("web", "app: web", "- {port: 80, targetPort: 8000}")
                        + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {PORT: '8000'}\n");
        assertThat(told()).containsExactly("probe-port fail k8s/web.yaml#web readinessProbe [k8s/web.yaml#web]");
    }

    @Test
    void aSecretMayHoldThePort() throws InterruptedException {
        tree.file("k8s/web.yaml", deployment("web", """
            command: [uvicorn, "main:app", --host, 0.0.0.0, --port, $(PORT)]
            env: [{name: PORT, valueFrom: {secretKeyRef: {name: s, key: port}}}]
            readinessProbe: {httpGet: {port: 9000}}
            """));
        assertThat(told()).singleElement().asString().startsWith("probe-port unknown k8s/web.yaml#web readinessProbe");
    }

    @Test
    void aProbeMayNameOnlyItsOwnContainersPorts() throws InterruptedException {
        tree.file(
                "k8s/web.yaml",
                deployment("web", """
                    ports: [{name: http, containerPort: 8080}]
                    livenessProbe: {httpGet: {port: metrics}}
                    """)
                        + "      - name: exporter\n"
                        + "        image: e\n"
                        + "        ports: [{name: metrics, containerPort: 9100}]\n"
                        + "        readinessProbe: {httpGet: {port: 8080}}\n");
        assertThat(told()).containsExactly("probe-port fail k8s/web.yaml#web/web livenessProbe [k8s/web.yaml#web]");
    }

    @Test
    void twoContainersOfOnePodCannotOpenOnePort() throws InterruptedException {
        tree.file(
                "k8s/web.yaml",
                deployment("web", "ports: [{containerPort: 8080}, {containerPort: 8080, protocol: UDP}]")
                        + "      - name: proxy\n        image: p\n        ports: [{containerPort: 8080}]\n"
                        + "      initContainers:\n      - {name: once, image: i, ports: [{containerPort: 8080}]}\n");
        assertThat(told()).containsExactly("port-conflict fail k8s/web.yaml#web 8080/TCP [k8s/web.yaml#web]");
    }

    @Test
    void aServiceWhoseNeighbourIsMeantSelectsNothing() throws InterruptedException {
        tree.file("k8s/web.yaml", deployment("web", "ports: [{containerPort: 8080}]"));
        tree.file("k8s/svc.yaml", service("web", "app: wep", "- {port: 8080}"));
        tree.file("k8s/other.yaml", service("db", "app.kubernetes.io/name: postgres", "- {port: 5432}"));
        assertThat(told())
                .containsExactly(
                        "service-without-pods fail k8s/svc.yaml#web [k8s/web.yaml#web, k8s/svc.yaml#web]",
                        "service-without-pods unknown k8s/other.yaml#db: No pod of the tree has the labels that it"
                                + " selects; another place may declare it");
    }

    @Test
    void aWorkloadOfAnotherFolderOrNamespaceIsAnotherWorld() throws InterruptedException {
        tree.file("apps/web.yaml", deployment("web", "ports: [{containerPort: 8080}]"));
        tree.file("services/web.yaml", service("web", "app: web", "- {port: 8080}"));
        assertThat(told()).isEmpty();
        tree.file(
                "services/web.yaml",
                service("web", "app: web", "- {port: 1}").replace("{name: web}", "{name: web, namespace: b}"));
        tree.file(
                "apps/web.yaml",
                deployment("web", "ports: [{containerPort: 8080}]")
                        .replaceFirst("\\{name: web}", "{name: web, namespace: a}"));
        assertThat(told())
                .containsExactly("service-without-pods unknown services/web.yaml#web: No pod of the tree has the labels"
                        + " that it selects; another place may declare it");
    }

    @Test
    void nodePortsAndPortsOfNodesAreTakenOnce() throws InterruptedException {
        tree.file(
                "k8s/all.yaml",
                workload("DaemonSet", "agent", "hostNetwork: true\n", "ports: [{containerPort: 9100}]") + "---\n"
                        + workload(
                                "DaemonSet",
                                "apart",
                                "nodeSelector: {gpu: 'true'}\n",
                                "ports: [{containerPort: 1, hostPort: 9100}]")
                        + "---\n"
                        + workload("Deployment", "other", "", "ports: [{containerPort: 2, hostPort: 9100}]") + "---\n"
                        + service("a", "app: agent", "- {port: 9100, nodePort: 30000}") + "---\n"
                        + service("b", "app: agent", "- {port: 9100, nodePort: 30000}"));
        assertThat(told())
                .containsExactly(
                        "node-port-conflict fail k8s hostPort 9100/TCP [k8s/all.yaml#agent, k8s/all.yaml#other]",
                        "node-port-conflict fail k8s nodePort 30000/TCP [k8s/all.yaml#a, k8s/all.yaml#b]");
    }

    @Test
    void twoDeploymentsWithOneHostPortRunOnTwoNodes() throws InterruptedException {
        tree.file(
                "k8s/all.yaml",
                workload("Deployment", "a", "", "ports: [{containerPort: 1, hostPort: 9100}]") + "---\n"
                        + workload("Deployment", "b", "", "ports: [{containerPort: 1, hostPort: 9100}]"));
        assertThat(told()).isEmpty();
    }

    @Test
    void anIngressNeedsAPortOfItsService() throws InterruptedException {
        tree.file("k8s/web.yaml", service("web", "", "- {name: http, port: 80}").replace("  selector: {}\n", "") + """
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec:
              defaultBackend: {service: {name: web, port: {number: 8080}}}
              rules:
              - http: {paths: [{path: /, backend: {service: {name: elsewhere, port: {number: 1}}}}]}
            """);
        assertThat(told())
                .containsExactly(
                        "ingress-backend fail k8s/web.yaml#web web:8080 [k8s/web.yaml#web]",
                        "ingress-backend unknown k8s/web.yaml#web elsewhere:1: No manifest beside the Ingress declares"
                                + " the Service that it leads to: whether the cluster has it is not known");
    }

    @Test
    void overlaysAreAlternativesAndPatchedObjectsAreUnknown() throws InterruptedException {
        tree.file("base/web.yaml", deployment("web", "ports: [{name: http, containerPort: 8080}]"));
        tree.file("base/svc.yaml", service("web", "app: web", "- {port: 80, targetPort: 9, nodePort: 30001}"));
        tree.file("base/kustomization.yaml", "resources: [web.yaml, svc.yaml]");
        tree.file("overlays/a/kustomization.yaml", "resources: [../../base]", "namespace: a");
        tree.file("overlays/b/kustomization.yaml", "resources: [../../base]", "namespace: b");
        assertThat(told())
                .as("wrong in both, told once; one node port in two overlays is no conflict")
                .containsExactly("target-port fail base/svc.yaml#web 9 [base/web.yaml#web, base/svc.yaml#web]");
        String patch = "resources: [../../base]\npatches: [{path: patch.yaml}]";
        tree.file("overlays/a/kustomization.yaml", patch).file("overlays/b/kustomization.yaml", patch);
        tree.file("overlays/a/patch.yaml", deployment("web", "ports: [{containerPort: 9}]"));
        tree.file("overlays/b/patch.yaml", deployment("web", "ports: [{containerPort: 9}]"));
        assertThat(told())
                .containsExactly("target-port unknown base/svc.yaml#web 9: overlays/a/kustomization.yaml patches it");
    }

    @Test
    void whatAToolFillsInIsUnknown() throws InterruptedException {
        tree.file("chart/Chart.yaml", "apiVersion: v2", "name: shop");
        tree.file("chart/templates/web.yaml", service("web", "app: web", "- {port: {{ .Values.port }}}"));
        tree.file("deploy/t.yaml", "apiVersion: v1\nkind: Service\n{% if x %}\nspec: {ports: [{port: 1}]}\n");
        tree.file("k8s/web.yaml", deployment("web", "ports: [{containerPort: 8080}]"));
        tree.file("k8s/svc.yaml", service("web", "app: web", "- {port: 80, targetPort: '${PORT}'}"));
        assertThat(tree.verdicts(new ManifestTargetPortCheck()))
                .containsExactly(
                        "unknown chart/Chart.yaml: It is a Helm chart, and what its templates render depends on values",
                        "unknown deploy/t.yaml: It is a template that a tool has to fill in",
                        "unknown k8s/svc.yaml#web ${PORT}: a tool fills in the target port");
    }

    @Test
    void otherObjectsThatAreCalledSoAreNone() throws InterruptedException {
        tree.file(
                "k8s/x.yaml",
                service("web", "app: x", "- {port: 1}")
                        .replace("apiVersion: v1", "apiVersion: serving.knative.dev/v1"));
        tree.file("k8s/broken.yaml", "apiVersion: v1", "kind: [Service", "a: b: c");
        tree.file("k8s/null.yaml", "apiVersion: apps/v1", "kind: Deployment", "metadata:", "spec:");
        tree.file(
                "k8s/odd.yaml",
                "apiVersion: v1",
                "kind: Service",
                "metadata: {name: [a]}",
                "spec: {ports: 7, selector: []}");
        tree.file(
                "k8s/odd2.yaml",
                "apiVersion: v1",
                "kind: Pod",
                "metadata: {name: p}",
                "spec: {containers: [1, {ports: [x]}]}");
        Manifests manifests = tree.world().declarations().manifests();
        assertThat(manifests.sets()).singleElement().satisfies(set -> {
            assertThat(set.services()).isEmpty();
            assertThat(set.workloads()).hasSize(1);
        });
        assertThat(tree.world().declarations().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.file()).isEqualTo("k8s/broken.yaml"));
        assertThat(told()).isEmpty();
    }

    @Test
    void theUrlOfAnAgentNamesAPortOfItsService() throws InterruptedException {
        tree.file(
                "k8s/web.yaml",
                deployment("web", "ports: [{containerPort: 8080}]") + "---\n"
                        + service("web", "app: web", "- {port: 80, targetPort: 8080}")
                                .replace("{name: web}", "{name: web, namespace: shop}"));
        tree.agents("web", "http://web.shop.svc:8080", "other", "http://web.else.svc:1");
        assertThat(tree.verdicts(new PortMismatchRegistryManifestCheck()))
                .containsExactly("fail web [web, k8s/web.yaml#web]");
        tree.agents("web", "http://web.shop.svc.cluster.local:80");
        assertThat(tree.verdicts(new PortMismatchRegistryManifestCheck())).containsExactly("pass web");
    }

    @Test
    void aPodIsALaunchOfItsAgentAndAccusesNobodyByThePortOfAService() throws InterruptedException {
        tree.file(
                "agents/web/main.py",
                "from fastapi import FastAPI",
                "import uvicorn",
                "app = FastAPI()",
                "uvicorn.run(app, host='0.0.0.0', port=8080)");
        tree.file(
                "k8s/web.yaml",
                deployment("web", "ports: [{containerPort: 8080}]") + "---\n"
                        + service("web", "app: web", "- {port: 80, targetPort: 8080}"));
        tree.agents("web", "http://web:80");
        assertThat(tree.accusations().stream().filter(line -> line.contains("port")))
                .isEmpty();
        assertThat(tree.world().links().launches().all())
                .anyMatch(launch -> launch.id().equals("k8s/web.yaml#web") && launch.serves(80));
    }

    @Test
    void aTreeIsAdoptedWithItsPodsButNotWithThoseOfExamples() throws InterruptedException {
        tree.file("k8s/web.yaml", deployment("web", "ports: [{containerPort: 8080}]"));
        tree.file("examples/demo.yaml", deployment("demo", "ports: [{containerPort: 8080}]"));
        var world = tree.world();
        TreeAdoption.Found found =
                TreeAdoption.of(world.declarations(), world.links().launches().all());
        assertThat(found.agents()).singleElement().satisfies(agent -> {
            assertThat(agent.key()).isEqualTo("web");
            assertThat(agent.port()).isEqualTo(8080);
        });
    }

    @Test
    void aKustomizationNamesOnlyWhatIsThere() throws InterruptedException {
        tree.file(".gitignore", "secret.yaml")
                .file(
                        "prod/kustomization.yaml",
                        "resources:",
                        "  - ../base",
                        "  - https://example.org/x.yaml",
                        "  - secret.yaml",
                        "commonLabels:",
                        "  - gone.yaml")
                .file("base/kustomization.yaml", "resources:", "- here.yaml", "- ingress.yaml # later")
                .file("base/here.yaml", deployment("a", "ports: [{containerPort: 80}]"));
        assertThat(tree.verdicts(new KustomizationMissingFileCheck()))
                .containsExactly(
                        "fail base/kustomization.yaml [base/kustomization.yaml]", "pass prod/kustomization.yaml");
    }
}
