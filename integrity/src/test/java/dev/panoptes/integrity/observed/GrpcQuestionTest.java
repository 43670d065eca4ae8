package dev.panoptes.integrity.observed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.Protocol;
import dev.panoptes.integrity.observed.ProbeTarget.Destination;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers of gRPC on real ports, which speak HTTP/2 with prior knowledge. */
class GrpcQuestionTest {
    private static final String CHECK = "/grpc.health.v1.Health/Check";
    private static final String REFLECT = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    private static final String OLDER = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
    private static final byte[] SERVING = {8, 1};

    private static ProbeAnswer ask(int port, String service, Duration timeout) throws InterruptedException {
        ProbeTarget target = new ProbeTarget(
                "hermes",
                Protocol.GRPC,
                "http",
                "hermes:" + port,
                "hermes",
                port,
                "/" + service,
                new Destination.Addresses(List.of("127.0.0.1")),
                timeout);
        return new HealthProbe()
                .ask(List.of(target), 1, Duration.ofMinutes(2))
                .getFirst()
                .answer();
    }

    private static ProbeAnswer ask(FakeHttp2 agent, String service) throws InterruptedException {
        return ask(agent.port(), service, Duration.ofSeconds(20));
    }

    private static FakeHttp2 server(Map<String, List<byte[]>> answers) throws IOException {
        return new FakeHttp2((path, messages) -> answers.getOrDefault(path, FakeHttp2.refusal(12)));
    }

    /** A field that holds a message. */
    private static byte[] field(int number, byte[]... parts) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            inner.writeBytes(part);
        }
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        field.write(number << 3 | 2);
        int length = inner.size();
        for (; length > 0x7f; length >>>= 7) {
            field.write((length & 0x7f) | 0x80);
        }
        field.write(length);
        field.writeBytes(inner.toByteArray());
        return field.toByteArray();
    }

    private static byte[] text(int number, String text) {
        return field(number, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] listed(String... services) {
        List<byte[]> each = new ArrayList<>();
        for (String service : services) {
            each.add(field(1, text(1, service)));
        }
        return field(6, each.toArray(byte[][]::new));
    }

    private static byte[] described() {
        byte[] service = field(6, text(1, "Hermes"), field(2, text(1, "Notify")), field(2, text(1, "List")));
        return field(4, field(1, text(1, "hermes.proto"), text(2, "hermes.v1"), service));
    }

    @Test
    void aServingServerTellsItsServicesAndMethods() throws IOException, InterruptedException {
        try (FakeHttp2 agent = new FakeHttp2((path, messages) -> {
            if (path.equals(CHECK)) {
                return new String(messages.getFirst(), StandardCharsets.UTF_8).contains("hermes.v1.Hermes")
                        ? FakeHttp2.answer(SERVING)
                        : FakeHttp2.refusal(5);
            }
            boolean list = messages.getFirst()[0] == (7 << 3 | 2);
            return path.equals(REFLECT)
                    ? FakeHttp2.answer(list ? listed("hermes.v1.Hermes", "grpc.health.v1.Health") : described())
                    : FakeHttp2.refusal(12);
        })) {
            assertThat(ask(agent, "hermes.v1.Hermes")).isInstanceOfSatisfying(ProbeAnswer.Healthy.class, healthy -> {
                assertThat(healthy.identity()).isNull();
                assertThat(healthy.state()).isEqualTo("SERVING");
                assertThat(healthy.offers())
                        .containsExactly("hermes.v1.Hermes", "hermes.v1.Hermes/Notify", "hermes.v1.Hermes/List");
            });
            assertThat(ask(agent, "other.Service"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Faulty.class,
                            faulty -> assertThat(faulty.reason()).contains("knows no service other.Service"));
        }
    }

    @Test
    void theOlderReflectionIsAskedWhereTheNewerIsNotThere() throws IOException, InterruptedException {
        try (FakeHttp2 agent = server(Map.of(OLDER, FakeHttp2.answer(listed("a.B"))))) {
            assertThat(ask(agent, "a.B"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Healthy.class,
                            healthy -> assertThat(healthy.offers()).containsExactly("a.B"));
            assertThat(ask(agent, "a.C"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Faulty.class,
                            faulty -> assertThat(faulty.reason()).isEqualTo("offers no service a.C"));
        }
    }

    @ParameterizedTest
    @CsvSource({"2,NOT_SERVING", "0,UNKNOWN", "3,SERVICE_UNKNOWN", "9,in no known state"})
    void anotherStateThanServingIsAWrongAnswer(byte state, String told) throws IOException, InterruptedException {
        try (FakeHttp2 agent = server(Map.of(CHECK, FakeHttp2.answer(new byte[] {8, state})))) {
            assertThat(ask(agent, ""))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Faulty.class,
                            faulty -> assertThat(faulty.reason()).endsWith(told));
        }
    }

    @ParameterizedTest
    @CsvSource({"7,only to whom it knows", "16,only to whom it knows", "12,neither its health service nor"})
    void whatTellsNothingIsNotJudged(int status, String reason) throws IOException, InterruptedException {
        try (FakeHttp2 agent = server(Map.of(CHECK, FakeHttp2.refusal(status)))) {
            assertThat(ask(agent, ""))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.NotAsked.class,
                            unasked -> assertThat(unasked.reason()).contains(reason));
        }
    }

    @Test
    void whatSpeaksHttp1OrNothingOfTheKindIsNoServer() throws IOException, InterruptedException {
        for (String answer :
                List.of("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "SSH-2.0-OpenSSH_9.9\r\n")) {
            try (FakeAgent agent = FakeAgent.raw(answer)) {
                assertThat(ask(agent.port(), "", Duration.ofSeconds(20)))
                        .isInstanceOfSatisfying(
                                ProbeAnswer.Faulty.class,
                                faulty -> assertThat(faulty.reason()).contains("so it is no server of gRPC"));
            }
        }
    }

    @Test
    void hostileFramesEndTheConversation() throws IOException, InterruptedException {
        byte[] ping = FakeHttp2.frame(6, 0, 0, new byte[8]);
        byte[] open = FakeHttp2.frame(1, 0, 1, new byte[] {(byte) 0x88});
        for (List<byte[]> frames : List.of(
                Collections.nCopies(5_000, ping),
                List.of(open, ping),
                List.of(FakeHttp2.frame(1, 4, 1, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff})),
                List.of(FakeHttp2.head(false), FakeHttp2.frame(0, 9, 1, new byte[] {50, 1})),
                List.of(FakeHttp2.frame(5, 4, 1, new byte[8])),
                List.of(FakeHttp2.frame(3, 0, 1, new byte[] {0, 0, 0, 2})),
                List.of(FakeHttp2.frame(7, 0, 0, new byte[8])),
                Collections.nCopies(100, FakeHttp2.frame(0, 0, 1, new byte[16_384])),
                List.of(FakeHttp2.frame(0, 0, 1, new byte[20_000])))) {
            try (FakeHttp2 agent = server(Map.of(CHECK, frames))) {
                assertThat(ask(agent, ""))
                        .isInstanceOfSatisfying(
                                ProbeAnswer.Faulty.class,
                                faulty -> assertThat(faulty.reason()).isNotBlank());
            }
        }
    }

    @Test
    void messagesThatAreNoneAreNoAnswer() throws IOException, InterruptedException {
        byte[] broken = {8, (byte) 0x80};
        byte[] longer = {10, 127, 1};
        for (byte[] message : List.of(broken, longer, new byte[] {0}, new byte[] {7})) {
            try (FakeHttp2 agent =
                    server(Map.of(CHECK, FakeHttp2.answer(message), REFLECT, FakeHttp2.answer(message)))) {
                assertThat(ask(agent, "")).isInstanceOf(ProbeAnswer.Faulty.class);
            }
        }
    }

    @Test
    void aServerThatNeverAnswersIsLate() throws IOException, InterruptedException {
        try (FakeHttp2 agent = server(Map.of(CHECK, List.of(FakeHttp2.head(false))))) {
            assertThat(ask(agent.port(), "", Duration.ofSeconds(1)))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Faulty.class,
                            faulty -> assertThat(faulty.reason()).contains("does not answer within"));
        }
    }

    @Test
    void aRequestOfHttp1IsAnsweredInHttp2() throws IOException, InterruptedException {
        try (FakeAgent agent = new FakeAgent((connection, out) -> out.write(FakeHttp2.frame(4, 0, 0, new byte[12])))) {
            ProbeTarget target = new ProbeTarget(
                    "hermes",
                    Protocol.HTTP,
                    "http",
                    "hermes:" + agent.port(),
                    "hermes",
                    agent.port(),
                    "/health",
                    new Destination.Addresses(List.of("127.0.0.1")),
                    Duration.ofSeconds(20));
            assertThat(new HealthProbe()
                            .ask(List.of(target), 1, Duration.ofMinutes(2))
                            .getFirst()
                            .answer())
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Faulty.class,
                            faulty -> assertThat(faulty.speaksHttp2()).isTrue());
        }
    }
}
