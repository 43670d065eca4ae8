package dev.panoptes.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a batch may be. */
class BatchReaderTest {
    /** The one event; empty where it is refused. */
    private static Optional<SentEvent> read(String event) {
        String text =
                "{\"stream\":\"7d7b4c3a-9e5f-4b2c-8d4e-5f606a1f2c9e\",\"sensor\":\"auth\",\"first\":1,\"count\":1,"
                        + "\"lost\":[]}\n" + event + "\n";
        BatchReader.Result.Opened opened =
                (BatchReader.Result.Opened) BatchReader.open(text.getBytes(StandardCharsets.UTF_8), false);
        List<SentEvent> events = new ArrayList<>();
        String refused = opened.batch().each(events::add);
        return refused == null ? Optional.of(events.getFirst()) : Optional.empty();
    }

    @Test
    void anEventIsWhatItsTextSays() {
        assertThat(
                        read(
                                "{\"a\":{\"b.c\":[1,null,\"x\",{\"d\":1.5}]},\"n\":null,\"t\":true,\"big\":12345678901234567890}"))
                .hasValueSatisfying(sent -> assertThat(sent.event().fields())
                        .isEqualTo(Map.of(
                                "a",
                                Map.of("b.c", List.of(1L, "x", Map.of("d", 1.5))),
                                "t",
                                true,
                                "big",
                                new BigInteger("12345678901234567890"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "1",
                "{\"a\":1,\"a\":2}",
                "{\"a\":null,\"a\":2}",
                "{\"a\":2,\"a\":null}",
                "{\"x\":[{\"a\":{\"b\":1,\"b\":1}}]}",
                "{} {}",
                "{\"a\":1",
                "{'a':1}",
                "{\"@timestamp\":\"yesterday\"}"
            })
    void whatIsNoStrictObjectIsRefused(String event) {
        assertThat(read(event)).isEmpty();
    }

    @Test
    void whatIsNestedTooDeeplyIsRefused() {
        assertThat(read("{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}")).isEmpty();
        assertThat(read("{\"a\":" + "[".repeat(100_000) + "}")).isEmpty();
    }

    private static @Nullable String refused(String lines) {
        byte[] bytes = ("{\"stream\":\"7d7b4c3a-9e5f-4b2c-8d4e-5f606a1f2c9e\",\"sensor\":\"auth\",\"first\":7,"
                        + "\"count\":2,\"lost\":[]}\n" + lines)
                .getBytes(StandardCharsets.UTF_8);
        return ((BatchReader.Result.Opened) BatchReader.open(bytes, false))
                .batch()
                .each(_ -> {});
    }

    @Test
    void asManyEventsAsTheHeaderSays() {
        assertThat(refused("{}\n\n{\"a\":1}")).isNull();
        assertThat(refused("{}\n")).isEqualTo("fewer events follow than count says");
        assertThat(refused("{}\n{}\n{}\n")).isEqualTo("more events follow than count says");
        assertThat(refused("{}\n[]\n")).isEqualTo("event 2 is no event");
    }

    @Test
    void eventsAreNumberedFromTheHeadersFirstAndKeepTheirBytes() {
        String lines = "{\"a\":1}\n\n{\"b\":\"\u00fc\"}";
        byte[] bytes = ("{\"stream\":\"7d7b4c3a-9e5f-4b2c-8d4e-5f606a1f2c9e\",\"sensor\":\"auth\",\"first\":7,"
                        + "\"count\":2,\"lost\":[]}\n" + lines)
                .getBytes(StandardCharsets.UTF_8);
        List<String> seen = new ArrayList<>();
        ((BatchReader.Result.Opened) BatchReader.open(bytes, false))
                .batch()
                .each(sent -> seen.add(sent.number() + " "
                        + new String(sent.batch(), sent.from(), sent.to() - sent.from(), StandardCharsets.UTF_8)));

        assertThat(seen).containsExactly("7 {\"a\":1}", "8 {\"b\":\"\u00fc\"}");
    }
}
