package dev.panoptes.integrity.observed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealthAnswerParserTest {
    private final HealthAnswerParser parser = new HealthAnswerParser();

    private ProbeAnswer parse(String body) {
        return parser.parse(
                new HttpAnswer.Whole(
                        200, Map.of("content-type", "application/json"), body.getBytes(StandardCharsets.UTF_8)),
                5);
    }

    private ProbeAnswer.Healthy healthy(String body) {
        assertThat(parse(body)).isInstanceOf(ProbeAnswer.Healthy.class);
        return (ProbeAnswer.Healthy) parse(body);
    }

    private static String reason(ProbeAnswer answer) {
        assertThat(answer).isInstanceOf(ProbeAnswer.Faulty.class);
        return ((ProbeAnswer.Faulty) answer).reason();
    }

    @Test
    void everyFieldIsTakenAsItIs() {
        assertThat(
                        parse(
                                "{\"agent\":\"HERMES\",\"port\":8014,\"version\":\"2.1\",\"status\":\"ok\",\"x\":{\"agent\":\"no\"}}"))
                .isEqualTo(new ProbeAnswer.Healthy(200, "HERMES", 8014, "2.1", "ok", 5));
        assertThat(parse("{}")).isEqualTo(new ProbeAnswer.Healthy(200, null, null, null, null, 5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{\"agent\":\"a\",\"service\":\"s\",\"name\":\"n\"} | a",
                "{\"name\":\"n\",\"service\":\"s\"}                 | s",
                "{\"name\":\" n \"}                                 | n",
                "{\"agent\":\"\",\"name\":\"n\"}                    | n",
                "{\"agent\":{\"name\":\"a\"},\"service\":7,\"name\":\"n\"} | n",
                "{\"agent\":null}                                   | -",
                "{\"status\":\"ok\"}                                | -"
            })
    void theIdentityIsAgentElseServiceElseName(String body, String identity) {
        assertThat(healthy(body).identity()).isEqualTo(identity);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{\"port\":\"8014\"}   | 8014 | -",
                "{\"port\":8014.0}     | -    | -",
                "{\"port\":-1}         | -    | -",
                "{\"port\":99999}      | 99999| -",
                "{\"port\":99999999999}| -    | -",
                "{\"port\":[8014]}     | -    | -",
                "{\"version\":1.10}    | -    | 1.10",
                "{\"version\":2}       | -    | 2",
                "{\"version\":true}    | -    | -"
            })
    void portsAndVersionsAreTakenAsWritten(String body, Integer port, String version) {
        assertThat(healthy(body).port()).isEqualTo(port);
        assertThat(healthy(body).version()).isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "\"ok\"", "1", "null", "{", "{\"a\":1", "{'a':1}", "{\"a\":1,}", "nope", "{\"a\":1}}"})
    void whatIsNoObjectIsFaulty(String body) {
        assertThat(parse(body)).isInstanceOf(ProbeAnswer.Faulty.class);
    }

    @Test
    void aFieldThatIsGivenTwiceIsFaulty() {
        assertThat(reason(parse("{\"agent\":\"a\",\"agent\":\"b\"}")))
                .isEqualTo("answers with a JSON object that holds the key 'agent' twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1, [2]]|a JSON array",
                "\"ok\"|a JSON text",
                "42|a JSON number",
                "true|JSON true or false",
                "null|JSON null",
                "{\"a\":1|malformed JSON",
                "[1|malformed JSON",
                "ok|malformed JSON"
            })
    void whatItIsInsteadIsSaid(String body, String kind) {
        assertThat(reason(parse(body))).isEqualTo("answers with " + kind + ", not with a JSON object");
    }

    @Test
    void aServerThatSpeaksTlsSaysSo() {
        assertThat(reason(parser.parse(
                        new HttpAnswer.Whole(
                                400,
                                Map.of(),
                                "Client sent an HTTP request to an HTTPS server.\n".getBytes(StandardCharsets.UTF_8)),
                        1)))
                .isEqualTo("answers that it speaks HTTPS: its URL should begin with https://");
    }

    @Test
    void twoValuesAreFaulty() {
        assertThat(reason(parse("{} {}"))).isEqualTo("answers with more than one JSON value");
    }

    @Test
    void depthIsBounded() {
        assertThat(parse("{\"a\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}"))
                .isInstanceOf(ProbeAnswer.Faulty.class);
    }

    @Test
    void otherAnswersAreNamed() {
        byte[] none = new byte[0];
        assertThat(reason(parser.parse(new HttpAnswer.Whole(500, Map.of(), none), 1)))
                .isEqualTo("answers with status 500");
        assertThat(reason(parser.parse(new HttpAnswer.Whole(302, Map.of("location", "http://u:p@x/\u0007"), none), 1)))
                .isEqualTo("redirects with status 302 to http://x/?");
        assertThat(reason(parser.parse(new HttpAnswer.Whole(204, Map.of(), none), 1)))
                .isEqualTo("answers with an empty body");
        assertThat(reason(parser.parse(
                        new HttpAnswer.Whole(200, Map.of(), " <html>".getBytes(StandardCharsets.UTF_8)), 1)))
                .isEqualTo("answers with HTML, not with a JSON object");
        assertThat(reason(parser.parse(new HttpAnswer.Whole(200, Map.of(), "ok".getBytes(StandardCharsets.UTF_8)), 1)))
                .isEqualTo("answers with something else, not with a JSON object");
    }

    @Test
    void textsAreCutAndHoldNoControlCharacters() {
        assertThat(healthy("{\"agent\":\"" + "x".repeat(60_000) + "\"}").identity())
                .hasSize(200);
        assertThat(healthy("{\"agent\":\"a\\u001b[31mb\"}").identity()).isEqualTo("a [31mb");
    }

    @Test
    void damagedJsonNeverThrows() {
        Random random = new Random(3);
        byte[] whole = "{\"agent\":\"H\\u00e9\",\"port\":8014,\"x\":[1,2.5e3,{\"y\":null}],\"version\":\"1\"}"
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = whole.clone();
            for (int hit = 0; hit < 3; hit++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(parser.parse(new HttpAnswer.Whole(200, Map.of(), bytes), 1))
                    .isNotNull();
        }
    }
}
