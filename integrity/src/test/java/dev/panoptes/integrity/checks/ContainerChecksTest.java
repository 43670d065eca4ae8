package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Seen.box;
import static dev.panoptes.integrity.world.Seen.program;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.Seen.Box;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerChecksTest {
    private static final String FILE = "compose.yaml";

    private static WorldBuilder shop() {
        return new WorldBuilder()
                .agent("web", "WEB", 8080)
                .agent("api", "API", 8081)
                .exists(FILE, false)
                .compose(Worlds.compose(
                        FILE,
                        Worlds.service("web").image("shop/web:1.4").publishes(8080, 80),
                        Worlds.service("api").image("shop/api:2.0").publishes(8081, 8000),
                        Worlds.service("debug").image("busybox").profile("debug")));
    }

    private static Box web() {
        return box("shop-web-1", "shop/web:1.4")
                .compose(FILE, "web")
                .publishes(8080, 80)
                .listens("0.0.0.0", 80);
    }

    private static Box api() {
        return box("shop-api-1", "shop/api:2.0")
                .compose(FILE, "api")
                .publishes(8081, 8000)
                .listens("::", 8000);
    }

    private static Seen.Process proxy() {
        return program("/usr/bin/docker-proxy");
    }

    private static List<String> verdicts(Check check, Seen seen) throws InterruptedException {
        return Verdicts.of(check, shop().snapshot(seen.build()).build());
    }

    @Test
    void whatTheEngineStartedFromTheAgentsServiceIsTheAgent() throws InterruptedException {
        assertThat(verdicts(
                        new ListenerOwnerCheck(),
                        Seen.here()
                                .listener(8080, proxy())
                                .listener(8081, program("/app/api").container(Box.id("shop-api-1")))
                                .container(web())
                                .container(api())))
                .containsExactly("pass api", "pass web");
    }

    @Test
    void aContainerOfAnotherServiceOrAnotherImageIsAnotherProgram() throws InterruptedException {
        Seen seen = Seen.here()
                .listener(8080, proxy())
                .listener(8081, proxy())
                .container(
                        box("shop-api-1", "shop/api:2.0").compose(FILE, "api").publishes(8080, 8000))
                .container(box("intruder", "nginx").publishes(8081, 80));
        assertThat(verdicts(new ListenerOwnerCheck(), seen))
                .containsExactly("fail api [api, compose.yaml#api]", "fail web [web, api, compose.yaml#api]");
        assertThat(Verdicts.failure(
                                new ListenerOwnerCheck(),
                                shop().snapshot(seen.build()).build(),
                                "api")
                        .description())
                .endsWith("is container intruder (image nginx), while compose service compose.yaml#api of api runs"
                        + " shop/api:2.0.");
    }

    @Test
    void anImageOfTheSameNameIsTheAgentAndAnotherVersionIsNotKnown() throws InterruptedException {
        assertThat(verdicts(
                        new ListenerOwnerCheck(),
                        Seen.here()
                                .listener(8080, proxy())
                                .listener(8081, proxy())
                                .container(box("w", "docker.io/shop/web:1.4").publishes(8080, 80))
                                .container(box("a", "shop/api:2.1").publishes(8081, 8000))))
                .containsExactly(
                        "pass web",
                        "unknown api: it is container a (image shop/api:2.1), another version of the declared shop/api:2.0,"
                                + " and was started from no compose file of the scanned tree");
    }

    @Test
    void withoutTheEngineNothingIsSaidOfAContainer() throws InterruptedException {
        assertThat(verdicts(
                        new ListenerOwnerCheck(),
                        Seen.here()
                                .denied(
                                        Source.CONTAINERS,
                                        "the container engine's socket /run/docker.sock may not be opened by uid 1000")
                                .listener(8080, proxy())
                                .listener(8081, program("/app/api").container(Box.id("x")))))
                .containsExactly(
                        "unknown api: the process runs in a container, and the container engine's socket /run/docker.sock"
                                + " may not be opened by uid 1000",
                        "unknown web: a container engine holds the port for a container, and the container engine's socket"
                                + " /run/docker.sock may not be opened by uid 1000");
    }

    @Test
    void twoContainersThatPublishOnePortOnTwoAddressesAreNotToldApart() throws InterruptedException {
        assertThat(verdicts(
                        new ListenerOwnerCheck(),
                        Seen.here()
                                .listener(8080, proxy())
                                .container(web())
                                .container(box("other", "nginx").publishes(8080, 80))))
                .containsExactly(
                        "unknown web: a container engine holds the port for a container that the engine does not list");
    }

    @Test
    void aContainerThatIsStartedOverAndOverFails() throws InterruptedException {
        assertThat(verdicts(
                        new ContainerFailingCheck(),
                        Seen.here().container(web().state("restarting", 1)).container(api().health("unhealthy"))))
                .containsExactly(
                        "fail compose.yaml#api [compose.yaml#api, api]",
                        "fail compose.yaml#web [compose.yaml#web, web]");
        assertThat(verdicts(
                        new ContainerFailingCheck(),
                        Seen.here()
                                .container(web().restarts(3, Duration.ofMinutes(2)))
                                .container(api().state("exited", 3))))
                .containsExactly(
                        "fail compose.yaml#api [compose.yaml#api, api]",
                        "fail compose.yaml#web [compose.yaml#web, web]");
    }

    @Test
    void oldRestartsAHealthCheckUnderWayAndWhatSomebodyStoppedDoNotFail() throws InterruptedException {
        assertThat(verdicts(
                        new ContainerFailingCheck(),
                        Seen.here()
                                .container(
                                        web().restarts(40, Duration.ofHours(20)).health("starting"))
                                .container(api().state("exited", 143))))
                .containsExactly("pass compose.yaml#api", "pass compose.yaml#web");
        assertThat(verdicts(
                        new ContainerFailingCheck(),
                        Seen.here().denied(Source.CONTAINERS, "hidden").container(web().state("restarting", 1))))
                .isEmpty();
    }

    @Test
    void aServiceOfARunningProjectWithoutAContainerIsMissing() throws InterruptedException {
        assertThat(verdicts(new ContainerMissingCheck(), Seen.here().container(web())))
                .containsExactly("fail compose.yaml#api [compose.yaml#api, api]", "pass compose.yaml#web");
        assertThat(verdicts(
                        new ContainerMissingCheck(),
                        Seen.here().container(web()).container(api().state("exited", 143))))
                .containsExactly("fail compose.yaml#api [compose.yaml#api, api]", "pass compose.yaml#web");
    }

    @Test
    void aJobThatIsDoneAndAProjectThatDoesNotRunHereAreNotMissing() throws InterruptedException {
        assertThat(verdicts(
                        new ContainerMissingCheck(),
                        Seen.here()
                                .container(web())
                                .container(api().state("exited", 0).policy("no"))))
                .containsExactly("pass compose.yaml#api", "pass compose.yaml#web");
        assertThat(verdicts(
                        new ContainerMissingCheck(),
                        Seen.here().container(box("x", "shop/web:1.4")).container(web().oneOff())))
                .isEmpty();
    }

    @Test
    void anotherImageThanTheFileNamesIsTold() throws InterruptedException {
        assertThat(verdicts(
                        new ContainerImageDiffersCheck(),
                        Seen.here()
                                .container(box("old", "shop/web:1.3").compose(FILE, "web"))
                                .container(box("same", "index.docker.io/shop/api:2.0")
                                        .compose(FILE, "api"))
                                .container(box("id", "sha256:" + "b".repeat(64)).compose(FILE, "api"))))
                .containsExactly(
                        "fail compose.yaml#web old [compose.yaml#web, web]",
                        "pass compose.yaml#api same",
                        "unknown compose.yaml#api id: the engine knows the image of id by its id only");
    }

    @Test
    void aContainerOfAServiceThatTheFileDoesNotHaveIsExtra() throws InterruptedException {
        assertThat(verdicts(
                        new ContainerExtraCheck(),
                        Seen.here()
                                .container(web())
                                .container(box("left", "shop/mail:1").compose(FILE, "mail"))))
                .containsExactly("fail compose.yaml#mail [compose.yaml]");
        assertThat(verdicts(
                        new ContainerExtraCheck(), Seen.here().container(web()).container(api())))
                .containsExactly("pass compose.yaml");
    }

    @Test
    void aPublishedPortBehindWhichNothingListensIsSilent() throws InterruptedException {
        assertThat(verdicts(
                        new ContainerPortSilentCheck(),
                        Seen.here()
                                .container(box("w", "shop/web:1.4")
                                        .compose(FILE, "web")
                                        .publishes(8080, 80)
                                        .listens("0.0.0.0", 3000))
                                .container(box("a", "shop/api:2.0")
                                        .compose(FILE, "api")
                                        .publishes(8081, 8000)
                                        .listens("127.0.0.1", 8000))))
                .containsExactly(
                        "fail compose.yaml#api 8081 [compose.yaml#api, api]",
                        "fail compose.yaml#web 8080 [compose.yaml#web, web]");
    }

    @Test
    void aPortThatListensPassesAndOneThatCannotBeSeenOrHasJustStartedIsNotKnown() throws InterruptedException {
        assertThat(verdicts(
                        new ContainerPortSilentCheck(),
                        Seen.here().container(web()).container(api().unseen())))
                .containsExactly(
                        "pass compose.yaml#web 8080",
                        "unknown compose.yaml#api 8081: what listens in shop-api-1 could not be seen");
        assertThat(verdicts(
                        new ContainerPortSilentCheck(),
                        Seen.here()
                                .container(box("w", "shop/web:1.4")
                                        .compose(FILE, "web")
                                        .publishes(8080, 80)
                                        .restarts(0, Duration.ofSeconds(5)))
                                .container(box("h", "shop/api:2.0")
                                        .compose(FILE, "api")
                                        .publishes(8081, 8000)
                                        .onHostNetwork())))
                .containsExactly("unknown compose.yaml#web 8080: w has just been started");
    }

    @Test
    void imagesAreTheSameInEverySpelling() {
        assertThat(ImageName.normal("nginx")).isEqualTo("docker.io/library/nginx:latest");
        assertThat(ImageName.normal("shop/web:1")).isEqualTo("docker.io/shop/web:1");
        assertThat(ImageName.normal("reg.example:5000/web")).isEqualTo("reg.example:5000/web:latest");
        assertThat(ImageName.normal("nginx:1@sha256:ab")).isEqualTo("docker.io/library/nginx@sha256:ab");
        assertThat(ImageName.isSame("localhost/web:1", "web:1")).isTrue();
        assertThat(ImageName.isSame("web:1", "web:2")).isFalse();
        assertThat(ImageName.repository("reg.example:5000/web:3")).isEqualTo("reg.example:5000/web");
    }

    @Test
    void aContainerIsToldWithItsStateAndItsPorts() {
        Seen.Box box = web().health("unhealthy")
                .restarts(2, java.time.Duration.ofHours(1))
                .publishes(8080, 80);
        assertThat(ContainerView.evidence(
                                Seen.here().container(box).build().containers().getFirst())
                        .text())
                .isEqualTo("container shop-web-1 (image shop/web:1.4): running, unhealthy, started again 2 times,"
                        + " 0.0.0.0:8080->80/tcp, :::8080->80/tcp, compose service web");
        assertThat(ContainerView.evidence(Seen.here()
                                .container(box("x", "y").state("exited", 3))
                                .build()
                                .containers()
                                .getFirst())
                        .text())
                .isEqualTo("container x (image y): exited, exit code 3");
    }
}
