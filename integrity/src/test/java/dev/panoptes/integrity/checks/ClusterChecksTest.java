package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.Placement;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.kubernetes.ClusterView;
import dev.panoptes.integrity.kubernetes.ClusterView.Deployment;
import dev.panoptes.integrity.kubernetes.ClusterView.Endpoint;
import dev.panoptes.integrity.kubernetes.ClusterView.Look;
import dev.panoptes.integrity.kubernetes.ClusterView.Pod;
import dev.panoptes.integrity.kubernetes.ClusterView.Port;
import dev.panoptes.integrity.kubernetes.ClusterView.Running;
import dev.panoptes.integrity.kubernetes.ClusterView.Service;
import dev.panoptes.integrity.kubernetes.ClusterView.Slice;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Agents that run behind a Service of a cluster: what must fail, what must not, and what is not known. */
class ClusterChecksTest {
    private static final List<Check> ALL = List.of(
            new ClusterServiceMissingCheck(),
            new ClusterNotReadyCheck(),
            new ClusterReplicasCheck(),
            new ClusterPortDiffersCheck(),
            new ClusterImageDiffersCheck());
    private static final Map<String, String> WEB = Map.of("app", "web");
    private static final String ONE = "sha256:" + "1".repeat(64);
    private static final String TWO = "sha256:" + "2".repeat(64);

    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Deployment> deployments = new ArrayList<>();
    private final List<Pod> pods = new ArrayList<>();
    private Service service = new Service("web", WEB, false, List.of(new Port("http", 80, "TCP", "http")));
    private Worlds.Agent agent = agent(null);

    private static Worlds.Agent agent(String image) {
        return Worlds.agent("web").url("http://web.shop.svc:80").kubernetes("shop", "web", image);
    }

    private static Pod pod(String name, String image, String digest) {
        return new Pod(name, WEB, "Running", true, false, List.of(new Running("web", image, digest, true, 0, "")));
    }

    private List<String> told(Look look) throws InterruptedException {
        List<String> told = new ArrayList<>();
        var world = new WorldBuilder()
                .agent(agent)
                .cluster(new ClusterView("prod", Map.of("shop", look)))
                .build();
        for (Check check : ALL) {
            Verdicts.of(check, world).stream()
                    .filter(line -> !line.startsWith("pass"))
                    .forEach(line -> told.add(check.info().id().substring("cluster-".length()) + " " + line));
        }
        return told;
    }

    private List<String> told() throws InterruptedException {
        return told(new Look.Seen(
                List.of(service), List.of(new Slice("web-1", "web", endpoints, List.of())), deployments, pods));
    }

    private void two() {
        endpoints.add(new Endpoint("10.0.0.1", true, "web-0"));
        endpoints.add(new Endpoint("10.0.0.2", true, "web-1"));
        pods.add(pod("web-0", "web:1", ONE));
        pods.add(pod("web-1", "web:1", ONE));
    }

    @Test
    void whatIsAsDeclaredIsPassed() throws InterruptedException {
        two();
        deployments.add(new Deployment("web", WEB, 2, 2, true, List.of("web:1")));
        assertThat(told()).isEmpty();
        agent = agent("docker.io/library/web:1").placement(new Placement(List.of(), Map.of(), 1, 2));
        assertThat(told()).isEmpty();
        agent = agent("web@" + ONE);
        assertThat(told()).isEmpty();
    }

    @Test
    void anAgentThatNamesNoServiceIsNotLookedForInTheCluster() throws InterruptedException {
        agent = Worlds.agent("web").url("http://web.shop.svc:1");
        assertThat(told()).isEmpty();
    }

    @Test
    void aServiceThatIsNotThere() throws InterruptedException {
        service = new Service("wep", WEB, false, List.of());
        assertThat(told()).containsExactly("service-missing fail web [web, shop/web]");
    }

    @Test
    void nothingReady() throws InterruptedException {
        assertThat(told()).containsExactly("not-ready fail web [web, shop/web]");
        endpoints.add(new Endpoint("10.0.0.1", false, "web-0"));
        assertThat(told()).containsExactly("not-ready fail web [web, shop/web]");
        agent = agent(null).placement(new Placement(List.of(), Map.of(), 0, 0));
        assertThat(told()).as("it is to run nowhere").isEmpty();
    }

    @Test
    void otherNumbersOfCopies() throws InterruptedException {
        two();
        agent = agent(null).placement(new Placement(List.of(), Map.of(), 3, 3));
        assertThat(told()).containsExactly("replicas fail web [web, shop/web]");
        agent = agent(null).placement(new Placement(List.of(), Map.of(), 1, 1));
        assertThat(told())
                .as("nobody says how many: a registry without placement is the same")
                .isEmpty();
        deployments.add(new Deployment("web", WEB, 3, 2, true, List.of("web:1")));
        assertThat(told()).containsExactly("replicas fail web [web, shop/web]");
        deployments.set(0, new Deployment("web", WEB, 3, 2, false, List.of("web:1")));
        assertThat(told()).containsExactly("replicas unknown web: A Deployment behind its Service is being rolled out");
    }

    @Test
    void anEndpointInTwoSlicesIsOne() throws InterruptedException {
        two();
        endpoints.add(endpoints.getFirst());
        agent = agent(null).placement(new Placement(List.of(), Map.of(), 2, 2));
        assertThat(told()).isEmpty();
    }

    @Test
    void anotherPort() throws InterruptedException {
        two();
        agent = Worlds.agent("web").url("http://web.shop:8080").kubernetes("shop", "web", null);
        assertThat(told()).containsExactly("port-differs fail web [web, shop/web]");
        agent = Worlds.agent("web").url("https://shop.example:8443").kubernetes("shop", "web", null);
        assertThat(told()).as("an Ingress may lead there").isEmpty();
        agent = Worlds.agent("web").url("http://web:8080").kubernetes("shop", "web", null);
        service = new Service("web", WEB, true, List.of(new Port("", 80, "TCP", "80")));
        assertThat(told()).as("its name leads to the pods").isEmpty();
    }

    @Test
    void anotherImage() throws InterruptedException {
        two();
        agent = agent("web:2");
        assertThat(told()).containsExactly("image-differs fail web [web, shop/web]");
        agent = agent("web@" + TWO);
        assertThat(told()).containsExactly("image-differs fail web [web, shop/web]");
        agent = agent("other:1");
        assertThat(told()).containsExactly("image-differs fail web [web, shop/web]");
        pods.set(1, pod("web-1", "web:1", ""));
        pods.set(0, pod("web-0", "web:1", ONE));
        agent = agent("web@" + ONE);
        assertThat(told())
                .containsExactly("image-differs unknown web: The kubelet has not told yet which build pod web-1 runs");
    }

    @Test
    void aTagThatWasMoved() throws InterruptedException {
        two();
        pods.set(1, pod("web-1", "web:1", TWO));
        assertThat(told()).containsExactly("image-differs fail web [web, shop/web]");
        pods.set(1, new Pod("web-1", WEB, "Running", true, true, pods.get(1).containers()));
        assertThat(told()).as("one that ends no longer counts").isEmpty();
        pods.set(1, pod("web-1", "web:2", TWO));
        assertThat(told()).as("a roll-out under two names is none").isEmpty();
    }

    @Test
    void whatCouldNotBeSeenIsUnknown() throws InterruptedException {
        assertThat(told(new Look.Unseen("It is forbidden")))
                .hasSize(ALL.size())
                .allMatch(line -> line.endsWith("unknown web: It is forbidden"));
    }

    private List<String> words(int index) throws InterruptedException {
        var failure = Verdicts.failure(
                ALL.get(index),
                new WorldBuilder()
                        .agent(agent)
                        .cluster(new ClusterView(
                                "prod",
                                Map.of(
                                        "shop",
                                        new Look.Seen(
                                                List.of(service),
                                                List.of(new Slice("web-1", "web", endpoints, List.of())),
                                                deployments,
                                                pods))))
                        .build(),
                "web");
        return List.of(failure.title(), failure.description());
    }

    @Test
    void aDifferentImageIsToldAsTheRegistryNamesIt() throws InterruptedException {
        two();
        agent = agent("web:2");
        assertThat(words(4))
                .containsExactly(
                        "Pods of web run web:1, and not web:2",
                        "The registry says that web runs web:2. Seen behind Service shop/web of prod.");
        agent = agent("web@" + TWO);
        assertThat(words(4).getFirst()).isEqualTo("Pods of web run web:1 sha256:111111111111, and not web@" + TWO);
        agent = agent(null);
        pods.set(1, pod("web-1", "web:1", TWO));
        assertThat(words(4))
                .containsExactly(
                        "Pods of web run 2 builds under the name web:1",
                        "Copies of one agent answer differently: the tag was moved between two starts. The builds are"
                                + " sha256:111111111111 and sha256:222222222222. Seen behind Service shop/web of prod.");
    }

    @Test
    void onlyPodsThatRunAndContainersOfTheImageAreCompared() throws InterruptedException {
        two();
        agent = agent("web:1");
        pods.add(new Pod(
                "web-2", WEB, "Pending", false, false, List.of(new Running("web", "other:1", "", false, 0, ""))));
        pods.set(
                0,
                new Pod(
                        "web-0",
                        WEB,
                        "Running",
                        true,
                        false,
                        List.of(
                                new Running("web", "web:1", ONE, true, 0, ""),
                                new Running("proxy", "proxy:3", TWO, true, 0, ""))));
        assertThat(told()).isEmpty();
        pods.set(0, pod("web-0", "web@" + ONE, ONE));
        assertThat(told())
                .containsExactly("image-differs unknown web: Pod web-0 names its image by digest, the registry by tag");
    }

    @Test
    void theServiceAndItsPodsAreTheEvidence() throws InterruptedException {
        two();
        endpoints.set(1, new Endpoint("10.0.0.2", false, "web-1"));
        pods.set(
                1,
                new Pod(
                        "web-1",
                        WEB,
                        "Running",
                        false,
                        false,
                        List.of(
                                new Running("web", "web:1", "", false, 3, "CrashLoopBackOff"),
                                new Running("proxy", "proxy:3", "sha256:short", true, 0, ""))));
        pods.add(new Pod("db-0", Map.of("app", "db"), "Running", true, false, List.of()));
        agent = agent("web:2");
        var world = new WorldBuilder()
                .agent(agent)
                .cluster(new ClusterView(
                        "prod",
                        Map.of(
                                "shop",
                                new Look.Seen(
                                        List.of(service),
                                        List.of(
                                                new Slice("web-1", "web", endpoints, List.of()),
                                                new Slice(
                                                        "db-1",
                                                        "db",
                                                        List.of(new Endpoint("10.0.0.9", true, "db-0")),
                                                        List.of())),
                                        deployments,
                                        pods))))
                .build();
        assertThat(Verdicts.failure(new ClusterImageDiffersCheck(), world, "web")
                        .evidence())
                .extracting(evidence -> evidence.source() + ": " + evidence.text())
                .containsExactly(
                        "cluster: service shop/web of prod: 80->http, 1 of 2 endpoints ready",
                        "cluster: pod web-0: Running, ready; web web:1 sha256:111111111111",
                        "cluster: pod web-1: Running, not ready; web web:1, CrashLoopBackOff, started again 3 times;"
                                + " proxy proxy:3 sha256:short");
    }

    @Test
    void aDeploymentOfAnotherServiceSaysNothing() throws InterruptedException {
        two();
        deployments.add(new Deployment("db", Map.of("app", "db"), 3, 2, false, List.of("db:1")));
        assertThat(told()).isEmpty();
    }

    /** Ready copies, the fewest and most that the registry places, the copies of the Deployment, and what is told. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | 3 | 3 | 3 | 2 ready copies of web in the cluster, and not 3 | 2 endpoints are ready, and the"
                        + " registry's placement says 3.",
                "1 | 2 | 4 | 2 | 1 ready copies of web in the cluster, and not at least 2 | 1 endpoint is ready, and"
                        + " the registry's placement says at least 2.",
                "2 | 0 | 1 | 2 | 2 ready copies of web in the cluster, and not at most 1 | 2 endpoints are ready, and"
                        + " the registry's placement says at most 1.",
                "2 | 1 | 1 | 3 | 2 ready copies of web in the cluster, and not 3 | 2 endpoints are ready, and the"
                        + " Deployment is to keep 3.",
            })
    void aNumberOfCopiesIsToldWithWhoWantsAnother(
            int ready, int least, int most, int wanted, String title, String counts) throws InterruptedException {
        two();
        if (ready == 1) {
            endpoints.removeLast();
        }
        agent = agent(null).placement(new Placement(List.of(), Map.of(), least, most));
        deployments.add(new Deployment("web", WEB, wanted, ready, true, List.of("web:1")));

        assertThat(words(2)).containsExactly(title, "Behind Service shop/web of prod " + counts);
        assertThat(told()).containsExactly("replicas fail web [web, shop/web]");
    }

    @Test
    void asManyAsAreWantedPass() throws InterruptedException {
        two();
        for (int[] bounds : new int[][] {{2, 2}, {1, 2}, {2, 3}, {0, 2}}) {
            agent = agent(null).placement(new Placement(List.of(), Map.of(), bounds[0], bounds[1]));
            assertThat(told()).as(bounds[0] + " to " + bounds[1]).isEmpty();
        }
    }

    @Test
    void whatNamesAnImageByDigestAndTheRegistryByTagIsUnknown() throws InterruptedException {
        endpoints.add(new Endpoint("10.0.0.1", true, "web-0"));
        pods.add(pod("web-0", "web@" + ONE, ONE));
        agent = agent("web:1");
        assertThat(told())
                .containsExactly("image-differs unknown web: Pod web-0 names its image by digest, the registry by tag");
        agent = agent("web@" + ONE);
        assertThat(told()).isEmpty();
        agent = agent("registry.example/web:1");
        assertThat(told()).containsExactly("image-differs fail web [web, shop/web]");
    }

    /** Endpoints that are not ready, pods, and why nothing is. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0 | no pod has the labels that it selects",
                "0 | 1 | it has no endpoint, of 1 pod",
                "0 | 2 | it has no endpoint, of 2 pods",
                "1 | 0 | none of its 1 endpoint is ready",
                "2 | 2 | none of its 2 endpoints is ready",
            })
    void whyNothingIsReadyIsTold(int unready, int ofPods, String why) throws InterruptedException {
        for (int i = 0; i < unready; i++) {
            endpoints.add(new Endpoint("10.0.0." + i, false, "web-" + i));
        }
        for (int i = 0; i < ofPods; i++) {
            pods.add(pod("web-" + i, "web:1", ONE));
        }
        assertThat(words(1))
                .containsExactly(
                        "Nothing is ready behind Service shop/web of web",
                        "Service shop/web of prod leads nowhere: " + why + ". Who calls web gets no answer.");
    }

    @Test
    void aServiceThatIsTheNameOfAnotherHostIsNotLookedAt() throws InterruptedException {
        service = new Service("web", Map.of(), true, List.of());
        assertThat(told())
                .contains("not-ready unknown web: Its Service is the name of another host, which the cluster does not"
                        + " look at");
        service = new Service("web", Map.of(), false, List.of(new Port("http", 80, "TCP", "http")));
        assertThat(told()).containsExactly("not-ready fail web [web, shop/web]");
        service = new Service("web", WEB, true, List.of(new Port("http", 80, "TCP", "http")));
        assertThat(told()).containsExactly("not-ready fail web [web, shop/web]");
        service = new Service("web", Map.of(), true, List.of(new Port("http", 80, "TCP", "http")));
        endpoints.add(new Endpoint("10.0.0.1", false, null));
        assertThat(told()).containsExactly("not-ready fail web [web, shop/web]");
    }
}
