package dev.panoptes.integrity.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.kubernetes.ClusterView.Look;
import dev.panoptes.integrity.kubernetes.ClusterView.Pod;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cluster is listed and watched; what cannot be seen says why; nothing but GET is sent. */
class ClusterSourceTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final CollectionWatch.Settings QUICK = new CollectionWatch.Settings(
            Duration.ofMinutes(4),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofMillis(5),
            Duration.ofMillis(20));

    private final RecordedApi api = new RecordedApi();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));

    @AfterEach
    void end() {
        assertThat(api.requests()).allMatch(request -> request.startsWith("GET "));
        api.close();
    }

    private Look once() throws InterruptedException {
        return new ClusterReader(api.access()).look(Set.of("shop"), DEADLINE).look("shop");
    }

    private ClusterWatcher watcher() {
        return new ClusterWatcher(api.access(), now::get, QUICK, Duration.ofSeconds(5));
    }

    private static Look look(ClusterWatcher watcher) {
        try {
            return watcher.look(Set.of("shop"), DEADLINE).look("shop");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> pods(Look look) {
        return look instanceof Look.Seen seen
                ? new java.util.TreeSet<>(seen.pods().stream().map(Pod::name).toList())
                : Set.of();
    }

    private static String unseen(Look look) {
        return look instanceof Look.Unseen(String reason) ? reason : "";
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it takes too long").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void whatARealApiServerAnswersIsRead() throws InterruptedException {
        Look.Seen seen = (Look.Seen) once();
        assertThat(seen.services()).singleElement().satisfies(service -> {
            assertThat(service.name()).isEqualTo("web");
            assertThat(service.selector()).containsEntry("app", "web");
            assertThat(service.ports()).containsExactly(new ClusterView.Port("http", 80, "TCP", "http"));
        });
        assertThat(seen.slices()).singleElement().satisfies(slice -> {
            assertThat(slice.service()).isEqualTo("web");
            assertThat(slice.endpoints())
                    .containsExactly(
                            new ClusterView.Endpoint("10.1.0.1", true, "web-0"),
                            new ClusterView.Endpoint("10.1.0.2", true, "web-1"));
        });
        assertThat(seen.deployments()).singleElement().satisfies(deployment -> {
            assertThat(deployment.wanted()).isEqualTo(2);
            assertThat(deployment.settled()).isTrue();
            assertThat(deployment.images()).containsExactly("example/web:1.4");
        });
        assertThat(seen.pods()).hasSize(2).allSatisfy(pod -> {
            assertThat(pod.ready()).isTrue();
            assertThat(pod.containers().getFirst().digest()).isEqualTo("sha256:" + "a1".repeat(32));
        });
        assertThat(api.requests()).as("lists only").hasSize(4).allMatch(request -> request.endsWith("?limit=500"));
    }

    @Test
    void aLongListIsReadPageByPage() throws InterruptedException {
        api.list(
                KeptObjects.PODS,
                exchange -> RecordedApi.send(
                        exchange,
                        200,
                        RecordedApi.recorded(
                                exchange.getRequestURI().getQuery().contains("continue=")
                                        ? "pods-page-2.json"
                                        : "pods-page-1.json")));
        assertThat(pods(once())).containsExactly("web-0", "web-1");
    }

    @Test
    void aPageThatIsTooOldBeginsAgain() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        api.list(KeptObjects.PODS, exchange -> {
            boolean next = exchange.getRequestURI().getQuery().contains("continue=");
            if (next && calls.getAndIncrement() == 0) {
                RecordedApi.send(exchange, 410, "{\"kind\":\"Status\",\"code\":410,\"message\":\"expired\"}");
            } else {
                RecordedApi.send(exchange, 200, RecordedApi.recorded(next ? "pods-page-2.json" : "pods-page-1.json"));
            }
        });
        assertThat(pods(once())).containsExactly("web-0", "web-1");
        assertThat(calls).hasValue(2);
    }

    @Test
    void pagesWithoutEndAreGivenUp() throws InterruptedException {
        api.list(KeptObjects.PODS, 200, "{\"items\":[],\"metadata\":{\"continue\":\"again\"}}");
        assertThat(unseen(once())).contains("more pods of namespace shop than are kept");
    }

    @Test
    void whatCannotBeSeenSaysWhy() throws InterruptedException {
        api.list(KeptObjects.SLICES, 403, RecordedApi.recorded("forbidden.json"));
        assertThat(unseen(once()))
                .contains("forbids to read endpointslices of namespace shop (403)", "cannot list resource");
        api.list(KeptObjects.SLICES, 200, "{\"items\": 7}");
        assertThat(unseen(once())).contains("no list of Kubernetes");
        api.list(KeptObjects.SLICES, 200, "<html>");
        assertThat(unseen(once())).contains("not readable JSON");
        api.list(KeptObjects.SLICES, exchange -> {
            exchange.sendResponseHeaders(200, 5000);
            exchange.getResponseBody().write("{\"items\":[".getBytes(StandardCharsets.UTF_8));
        });
        assertThat(unseen(once())).contains("broke off");
        api.list(KeptObjects.SLICES, 302, "");
        assertThat(unseen(once())).contains("status 302");
        ClusterAccess wrong =
                new ClusterAccess("w", api.access().server(), api.access().tls(), () -> "other");
        assertThat(unseen(
                        new ClusterReader(wrong).look(Set.of("shop"), DEADLINE).look("shop")))
                .contains("does not know the token")
                .doesNotContain("other");
        ClusterAccess closed = new ClusterAccess(
                "w", URI.create("http://127.0.0.1:1"), api.access().tls(), () -> "other");
        assertThat(unseen(
                        new ClusterReader(closed).look(Set.of("shop"), DEADLINE).look("shop")))
                .contains("cannot be reached");
        ClusterAccess unreadable =
                new ClusterAccess("w", api.access().server(), api.access().tls(), () -> {
                    throw new java.nio.file.AccessDeniedException("/token");
                });
        assertThat(unseen(new ClusterReader(unreadable)
                        .look(Set.of("shop"), DEADLINE)
                        .look("shop")))
                .contains("token file cannot be read: permission denied");
    }

    @Test
    void aRecordedWatchIsFollowed() throws InterruptedException {
        AtomicInteger watches = new AtomicInteger();
        String events = RecordedApi.recorded("pods-watch.ndjson");
        String deleted = events.lines()
                .filter(line -> line.contains("DELETED"))
                .findFirst()
                .orElseThrow();
        api.watch(KeptObjects.PODS, exchange -> {
            if (watches.getAndIncrement() == 0) {
                // all but the last event, then the server ends the watch
                RecordedApi.stream(exchange, events.substring(0, events.indexOf(deleted)));
            } else if (watches.get() == 2) {
                RecordedApi.stream(exchange, deleted + "\n" + RecordedApi.recorded("pods-bookmark.json"));
            } else {
                hold(exchange);
            }
        });
        try (ClusterWatcher watcher = watcher()) {
            look(watcher);
            until(() -> api.count("resourceVersion=305") > 0);
            assertThat(pods(look(watcher))).containsExactly("web-0", "web-1");
            assertThat(api.count("/pods?limit"))
                    .as("listed once, however often it is asked")
                    .isEqualTo(1);
            assertThat(api.requests())
                    .filteredOn(request -> request.contains("watch=1"))
                    .allMatch(request ->
                            request.contains("allowWatchBookmarks=true") && request.contains("timeoutSeconds="));
        }
    }

    @Test
    void aVersionThatIsTooOldIsListedAgain() throws InterruptedException {
        AtomicInteger watches = new AtomicInteger();
        api.watch(KeptObjects.PODS, exchange -> {
            switch (watches.getAndIncrement()) {
                case 0 -> RecordedApi.stream(exchange, RecordedApi.recorded("gone.json"));
                case 1 -> RecordedApi.send(exchange, 410, "{\"code\":410,\"message\":\"too old\"}");
                default -> hold(exchange);
            }
        });
        try (ClusterWatcher watcher = watcher()) {
            look(watcher);
            until(() -> watches.get() > 2);
            assertThat(api.count("/pods?limit")).isEqualTo(3);
            assertThat(pods(look(watcher))).containsExactly("web-0", "web-1");
        }
    }

    @Test
    void cutsGarbageAndTooLongEventsAreListedAgain() throws InterruptedException {
        AtomicInteger watches = new AtomicInteger();
        String events = RecordedApi.recorded("pods-watch.ndjson");
        api.watch(KeptObjects.PODS, exchange -> {
            switch (watches.getAndIncrement()) {
                case 0 -> RecordedApi.stream(exchange, events.substring(0, events.indexOf('\n') / 2));
                case 1 -> RecordedApi.stream(exchange, "no json\n");
                case 2 -> RecordedApi.stream(exchange, "{\"type\":\"STRANGE\",\"object\":{}}\n");
                case 3 -> RecordedApi.stream(exchange, "x".repeat(5 << 20));
                case 4 -> {
                    exchange.sendResponseHeaders(200, 5000);
                    exchange.getResponseBody().write(events.substring(0, 100).getBytes(StandardCharsets.UTF_8));
                }
                default -> hold(exchange);
            }
        });
        try (ClusterWatcher watcher = watcher()) {
            look(watcher);
            until(() -> watches.get() > 5);
            assertThat(pods(look(watcher))).containsExactly("web-0", "web-1");
        }
    }

    @Test
    void aServerThatGoesAwayIsTrustedForAWhileAndThenUnknown() throws InterruptedException {
        try (ClusterWatcher watcher = watcher()) {
            api.watch(KeptObjects.PODS, exchange -> RecordedApi.send(exchange, 500, ""));
            assertThat(pods(look(watcher))).hasSize(2);
            api.list(KeptObjects.PODS, 403, RecordedApi.recorded("forbidden.json"));
            until(() -> api.count("/pods?limit") > 3);
            assertThat(pods(look(watcher)))
                    .as("what was seen is told for a while")
                    .hasSize(2);
            now.set(now.get().plus(Duration.ofMinutes(6)));
            until(() -> unseen(look(watcher)).contains("forbids"));
            api.list(KeptObjects.PODS, 200, RecordedApi.recorded("pods.json"));
            until(() -> pods(look(watcher)).size() == 2);
        }
    }

    @Test
    void anAnswerThatNeverEndsIsGivenUp() throws InterruptedException {
        AtomicInteger watches = new AtomicInteger();
        api.watch(KeptObjects.PODS, exchange -> {
            watches.incrementAndGet();
            hold(exchange);
        });
        CollectionWatch.Settings impatient = new CollectionWatch.Settings(
                Duration.ofMinutes(4),
                Duration.ofMillis(200),
                Duration.ofMinutes(5),
                Duration.ofMillis(5),
                Duration.ofMillis(20));
        try (ClusterWatcher watcher = new ClusterWatcher(api.access(), now::get, impatient, Duration.ofSeconds(5))) {
            assertThat(pods(look(watcher))).hasSize(2);
            until(() -> watches.get() == 1);
            // The clock runs on more slowly than what was seen becomes too old: it may take as long as all of until().
            AtomicLong moved = new AtomicLong(System.nanoTime());
            until(() -> {
                if (System.nanoTime() - moved.get() > Duration.ofMillis(100).toNanos()) {
                    now.set(now.get().plus(Duration.ofSeconds(1)));
                    moved.set(System.nanoTime());
                }
                return watches.get() > 1;
            });
            assertThat(pods(look(watcher))).hasSize(2);
        }
    }

    @Test
    void namespacesThatNobodyAsksForAreLetGo() throws InterruptedException {
        try (ClusterWatcher watcher = watcher()) {
            look(watcher);
            until(() -> api.count("watch=1") >= 4);
            ClusterView other = watcher.look(Set.of("other"), DEADLINE);
            assertThat(unseen(other.look("other"))).contains("does not know services of namespace other (404)");
            assertThat(unseen(other.look("shop"))).contains("was not asked for");
        }
    }

    /** A watch that is open and silent until the test ends. */
    private static void hold(com.sun.net.httpserver.HttpExchange exchange) throws IOException {
        RecordedApi.stream(exchange, "");
        try {
            Thread.sleep(Duration.ofMinutes(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
