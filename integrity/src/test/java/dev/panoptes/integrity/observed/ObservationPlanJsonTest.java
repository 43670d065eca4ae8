package dev.panoptes.integrity.observed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.Protocol;
import dev.panoptes.integrity.observed.ObservationPlanJson.Result;
import dev.panoptes.integrity.observed.ProbeTarget.Destination;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ObservationPlanJsonTest {
    private final JsonMapper json = new JsonMapper();
    private final ObservationPlanJson plans = new ObservationPlanJson(Map.of());

    private static ProbeTarget target(String host, Destination destination) {
        return new ProbeTarget(
                "hermes",
                Protocol.HTTP,
                "http",
                host + ":8014",
                host,
                8014,
                "/health",
                destination,
                Duration.ofSeconds(5));
    }

    private ObservationPlan sent(ObservationPlanJson reader, ProbeTarget... targets) {
        ObservationPlan plan =
                new ObservationPlan("web-1", 2, Duration.ofMinutes(3), List.of(targets), List.of("hermes.service"));
        return ((Result.Read) reader.read(json.readTree(plans.write(plan)))).plan();
    }

    @Test
    void aPlanArrivesAsItWasMade() {
        ProbeTarget[] targets = {
            target("hermes", new Destination.Addresses(List.of("127.0.0.1", "::1"))),
            target("127.0.0.7", new Destination.Addresses(List.of("127.0.0.7"))),
            target("10.0.0.5", new Destination.Name("10.0.0.5")),
            target("x", new Destination.None("why not"))
        };

        assertThat(sent(plans, targets))
                .isEqualTo(new ObservationPlan(
                        "web-1", 2, Duration.ofMinutes(3), List.of(targets), List.of("hermes.service")));
    }

    /** An observer that knows no gRPC reads {@code probes} only, and refuses a plan with a protocol there that it does not know. */
    @Test
    void agentsThatSpeakGrpcStandApart() {
        ProbeTarget grpc = new ProbeTarget(
                "argus",
                Protocol.GRPC,
                "http",
                "argus:9000",
                "argus",
                9000,
                "/a.B",
                new Destination.Name("argus"),
                Duration.ofSeconds(5),
                "ed25519:AAAA");
        ProbeTarget plain = target("10.0.0.5", new Destination.Name("10.0.0.5"));
        assertThat(sent(plans, grpc, plain).probes()).containsExactly(plain, grpc);
        assertThat(json.readTree(plans.write(new ObservationPlan(
                                "web-1", 2, Duration.ofMinutes(3), List.of(grpc, plain), List.of())))
                        .path("probes")
                        .findValuesAsString("protocol"))
                .containsExactly("http");
    }

    /** An address becomes a name, which the policy judges; only loopback is taken as it is. */
    @Test
    void aPlanLeadsNobodyPastThePolicyOfAddresses() {
        ProbeTarget sent = sent(plans, target("x", new Destination.Addresses(List.of("169.254.169.254"))))
                .probes()
                .getFirst();

        assertThat(sent.destination()).isEqualTo(new Destination.Name("169.254.169.254"));
    }

    @Test
    void whatIsResolvedByHandCounts() {
        ObservationPlanJson configured = new ObservationPlanJson(Map.of("local", "10.9.9.9", "far", "10.8.8.8"));

        assertThat(sent(configured, target("hermes", new Destination.Addresses(List.of("127.0.0.1", "::1"))))
                        .probes()
                        .getFirst()
                        .destination())
                .isEqualTo(new Destination.Addresses(List.of("10.9.9.9")));
        assertThat(sent(configured, target("far", new Destination.Name("far.example")))
                        .probes()
                        .getFirst()
                        .destination())
                .isEqualTo(new Destination.Addresses(List.of("10.8.8.8")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "{}",
                "{'host': 'a', 'stale_after_seconds': 0, 'probes': []}",
                "{'host': 'a\\nb', 'stale_after_seconds': 9, 'probes': []}",
                "{'host': 'a', 'stale_after_seconds': 9, 'probes': [{}]}",
                "{'host': 'a', 'stale_after_seconds': 9, 'probes': [{'agent': 'x', 'scheme': 'ftp', 'authority': 'x:1',"
                        + " 'host': 'x', 'port': 1, 'path': '/', 'timeout_ms': 1}]}",
                "{'host': 'a', 'stale_after_seconds': 9, 'probes': [{'agent': 'x', 'scheme': 'http', 'authority':"
                        + " 'x:1', 'host': 'x', 'port': 70000, 'path': '/', 'timeout_ms': 1}]}",
                "{'host': 'a', 'stale_after_seconds': 9, 'probes': [{'agent': 'x', 'scheme': 'http', 'authority':"
                        + " 'x:1', 'host': 'x', 'port': 1, 'path': '/ HTTP/1.1\\r\\nX: y', 'timeout_ms': 1}]}",
                "{'host': 'a', 'stale_after_seconds': 9, 'probes': [{'agent': 'x', 'scheme': 'http', 'authority':"
                        + " 'x:1\\r\\nX: y', 'host': 'x', 'port': 1, 'path': '/', 'timeout_ms': 1}]}",
                "{'host': 'a', 'stale_after_seconds': 9, 'probes': [{'agent': 'x', 'scheme': 'http', 'authority':"
                        + " 'x:1', 'host': 'x', 'port': 1, 'path': '/', 'timeout_ms': 99999999}]}"
            })
    void whatIsNoPlanIsRefused(String text) {
        assertThat(plans.read(json.readTree(text.replace('\'', '"')))).isInstanceOf(Result.Refused.class);
    }
}
