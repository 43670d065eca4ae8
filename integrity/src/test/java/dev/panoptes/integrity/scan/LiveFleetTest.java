package dev.panoptes.integrity.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.host.Host;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.observed.FakeAgent;
import dev.panoptes.integrity.observed.LocalObserver;
import dev.panoptes.integrity.observed.ObserveRequest;
import dev.panoptes.integrity.observed.ProbeTargets;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A live fleet on loopback: observed, probed and judged as a scan does it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LiveFleetTest {
    /** A free address of 127/8, so that nothing else of this machine is in the way. */
    private static final String ADDRESS = "127.83.7.1";

    private final List<FakeAgent> agents = new ArrayList<>();
    private final WorldBuilder declared = new WorldBuilder();

    @AfterEach
    void stop() throws IOException {
        for (FakeAgent agent : agents) {
            agent.close();
        }
    }

    private int start(FakeAgent.Behaviour behaviour) throws IOException {
        FakeAgent agent = new FakeAgent(new ServerSocket(0, 50, InetAddress.ofLiteral(ADDRESS)), behaviour);
        agents.add(agent);
        return agent.port();
    }

    private static FakeAgent.Behaviour raw(String answer) {
        return (connection, out) -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static FakeAgent.Behaviour json(String body) {
        return raw("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private void agent(String key, FakeAgent.Behaviour behaviour) throws IOException {
        declared.agent(key, key.toUpperCase(java.util.Locale.ROOT), start(behaviour));
    }

    /** The failures of the checks on what is observed: {@code check subject}. */
    private List<String> failures(Duration timeout) throws InterruptedException {
        World before = declared.build();
        Snapshot snapshot = new LocalObserver(Host.live(), InstantSource.fixed(WorldBuilder.NOW), "test")
                .observe(new ObserveRequest(
                        "local",
                        new ProbeTargets(before.registry(), "local", Map.of("local", ADDRESS), timeout).all(),
                        ObserveRequest.DEFAULT_CONCURRENCY,
                        Duration.ofSeconds(60)));
        World world = declared.snapshot(snapshot).build();
        List<String> failures = new ArrayList<>();
        for (Check check : Checks.all()) {
            if (check.info().group() == CheckGroup.HOST || check.info().group() == CheckGroup.PROBE) {
                for (CheckResult result : check.run(world)) {
                    if (result instanceof CheckResult.Fail(Failure failure)) {
                        failures.add(check.info().id() + " " + failure.subject());
                    }
                }
            }
        }
        return failures.stream()
                // Whatever else listens on this machine lies in between by chance.
                .filter(failure -> !failure.startsWith("undeclared-listener"))
                .sorted()
                .toList();
    }

    @Test
    void everyLiarIsFoundInLittleMoreThanTheLongestTimeout() throws IOException, InterruptedException {
        agent("honest", json("{\"agent\":\"Honest\"}"));
        agent("name", json("{\"agent\":\"somebody else\"}"));
        agent("port", json("{\"agent\":\"port\",\"port\":1}"));
        agent("version", json("{\"agent\":\"version\",\"version\":\"9.9\"}"));
        agent("error", raw("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"));
        agent("page", raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html></html>"));
        agent("huge", raw("HTTP/1.1 200 OK\r\n\r\n{\"agent\":\"huge\",\"x\":\"" + "x".repeat(20 << 20) + "\"}"));
        agent("redirect", raw("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"));
        agent("slow", (connection, out) -> FakeAgent.linger(connection, 8_000));
        declared.agent("gone", "GONE", 1);
        long start = System.nanoTime();

        List<String> failures = failures(Duration.ofSeconds(1));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
        assertThat(failures)
                .containsExactly(
                        "agent-unresponsive slow",
                        "health-check-error error",
                        "health-check-error huge",
                        "health-check-error page",
                        "health-check-error redirect",
                        "identity-mismatch name",
                        "port-mismatch port",
                        "port-not-listening 1",
                        "version-mismatch version");
    }

    /** Some hundred here; {@code -Dpanoptes.live.agents=10000} for the whole number. */
    @Test
    void healthyAgentsAreAllLeftAlone() throws IOException, InterruptedException {
        for (int i = 0; i < Integer.getInteger("panoptes.live.agents", 200); i++) {
            agent("agent-" + i, json("{\"agent\":\"AGENT-" + i + "\",\"version\":\"1.0.0\"}"));
        }

        assertThat(failures(Duration.ofSeconds(10))).isEmpty();
    }
}
