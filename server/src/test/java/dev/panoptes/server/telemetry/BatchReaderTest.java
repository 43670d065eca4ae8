package dev.panoptes.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a batch may be. */
class BatchReaderTest {
    private static BatchReader.Result read(String event) {
        String text =
                "{\"stream\":\"7d7b4c3a-9e5f-4b2c-8d4e-5f606a1f2c9e\",\"sensor\":\"auth\",\"first\":1,\"count\":1,"
                        + "\"lost\":[]}\n" + event + "\n";
        return BatchReader.read(text.getBytes(StandardCharsets.UTF_8), false);
    }

    @Test
    void anEventIsWhatItsTextSays() {
        assertThat(
                        read(
                                "{\"a\":{\"b.c\":[1,null,\"x\",{\"d\":1.5}]},\"n\":null,\"t\":true,\"big\":12345678901234567890}"))
                .isInstanceOfSatisfying(
                        BatchReader.Result.Read.class,
                        read -> assertThat(read.events().getFirst().event().fields())
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
        assertThat(read(event)).isInstanceOf(BatchReader.Result.Refused.class);
    }

    @Test
    void whatIsNestedTooDeeplyIsRefused() {
        assertThat(read("{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}"))
                .isInstanceOf(BatchReader.Result.Refused.class);
        assertThat(read("{\"a\":" + "[".repeat(100_000) + "}")).isInstanceOf(BatchReader.Result.Refused.class);
    }
}
