package dev.panoptes.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventTest {
    @Test
    void fieldsAreNestedAndKeepTheirOrder() {
        Event event = Event.builder()
                .put("@timestamp", Instant.parse("2026-01-02T03:04:05.000000006Z"))
                .put("process.pid", 7)
                .put("process.parent.pid", 1L)
                .put("process.args", List.of("sh", "-c", "a\n\"b\""))
                .build();
        assertThat(event.json())
                .isEqualTo(
                        "{\"@timestamp\":\"2026-01-02T03:04:05.000000006Z\",\"process\":{\"pid\":7,\"parent\":{\"pid\":1},\"args\":[\"sh\",\"-c\",\"a\\n"
                                + "\\\"b\\\"\"]}}");
        assertThat(event.number("process.parent.pid")).isEqualTo(1);
        assertThat(event.timestamp()).isEqualTo(Instant.parse("2026-01-02T03:04:05.000000006Z"));
    }

    @Test
    void aBuilderWritesWhatItsEventWrites() {
        Event.Builder builder = Event.builder()
                .put("a.b", 7)
                .put("a.c", java.util.Arrays.asList("x", null, 2.5f))
                .put("d", java.util.Collections.singletonMap("e", null))
                .put("f", Map.of("g", "\"\u0001"));
        EventLine line = new EventLine();
        line.append('>');
        builder.json(line);
        assertThat(line).hasToString(">" + builder.build().json());
        line.clear();
        builder.json(line);
        assertThat(line).hasToString(builder.build().json());
    }

    @Test
    void whatIsNotToldIsAbsent() {
        Event event = Event.builder()
                .put("user.name", null)
                .put("related.ip", List.of())
                .put("x", Map.of())
                .build();
        assertThat(event.json()).isEqualTo("{}");
        assertThat(event.value("user.name")).isEmpty();
        assertThat(event.timestamp()).isNull();
    }

    @Test
    void bothSpellingsOfAPathAreFoundAndListsAreLookedThrough() {
        Event event =
                Event.of(Map.of("process.name", "sh", "dns", Map.of("answers", List.of(Map.of("data", "1.2.3.4")))));
        assertThat(event.text("process.name")).isEqualTo("sh");
        assertThat(event.values("dns.answers.data")).containsExactly("1.2.3.4");
    }

    @Test
    void brokenTextIsWrittenAsValidUnicode() {
        assertThat(Event.builder().put("a", "\ud800x\u0000\u2028").build().json())
                .isEqualTo("{\"a\":\"\ufffdx\\u0000\\u2028\"}");
    }

    /** As RFC 8259 asks, character by character. */
    private static String expected(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", c));
                    } else {
                        out.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
                    }
                }
            }
        });
        return out.append('"').toString();
    }

    @Test
    void everyTextIsWrittenAsJson() {
        Random random = new Random(3);
        String[] alphabets = {
            "abc /.=x",
            "ab\"\\",
            "ab?",
            "a\u0000\u001f\u007f\n\r\t",
            "a\u00e4?",
            "a\u20ac?",
            "?\ud83d\ude00",
            "a?\ud800\udc00\udfff\u2028\u2029"
        };
        for (int i = 0; i < 4_000; i++) {
            String of = alphabets[i % alphabets.length];
            StringBuilder text = new StringBuilder("plain ".repeat(random.nextInt(4)));
            for (int length = random.nextInt(40); length > 0; length--) {
                text.append(random.nextInt(4) == 0 ? of.charAt(random.nextInt(of.length())) : 'p');
            }
            String value = text + "x".repeat(random.nextInt(9));
            assertThat(Event.builder().put("a", value).build().json()).isEqualTo("{\"a\":" + expected(value) + "}");
        }
        for (long number : new long[] {0, 9, 10, 99, 100, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1_000_000_000_000L}) {
            assertThat(Event.builder().put("a", number).build().json()).isEqualTo("{\"a\":" + number + "}");
        }
    }

    @Test
    void aBuilderOfAnEventDoesNotChangeIt() {
        Event event = Event.builder().put("a.b", 1L).build();
        Event other = event.toBuilder().put("a.c", 2L).build();
        assertThat(event.json()).isEqualTo("{\"a\":{\"b\":1}}");
        assertThat(other.json()).isEqualTo("{\"a\":{\"b\":1,\"c\":2}}");
    }

    @Test
    void writesTimesAsInstantDoes() {
        java.util.Random random = new java.util.Random(11);
        java.util.List<Instant> times = new java.util.ArrayList<>(java.util.List.of(
                Instant.EPOCH,
                Instant.MIN,
                Instant.MAX,
                Instant.parse("0000-12-31T23:59:59.999999999Z"),
                Instant.parse("0001-01-01T00:00:00Z"),
                Instant.parse("9999-12-31T23:59:59.999Z"),
                Instant.parse("+10000-01-01T00:00:00Z"),
                Instant.parse("1600-02-29T01:02:03.000004Z"),
                Instant.parse("1900-03-01T00:00:00.1Z"),
                Instant.parse("2000-02-29T12:00:00.000000001Z")));
        for (int i = 0; i < 20_000; i++) {
            int[] nanos = {
                0, random.nextInt(1000) * 1_000_000, random.nextInt(1_000_000) * 1000, random.nextInt(1_000_000_000)
            };
            times.add(Instant.ofEpochSecond(random.nextLong(-62_200_000_000L, 253_500_000_000L), nanos[i % 4]));
        }
        for (Instant time : times) {
            assertThat(Event.text(time)).isEqualTo(time.toString());
        }
    }

    @Test
    void pathsThatShareAPlaceAreNotMixedUp() {
        // More paths than are kept, each filled and looked for twice.
        for (int turn = 0; turn < 2; turn++) {
            for (int i = 0; i < 5000; i++) {
                String path = "a" + i % 7 + ".b" + i + ".c";
                Event.Builder builder = Event.builder().put(path, (long) i).put("a" + i % 7 + ".other", "x");
                assertThat(builder.value(path)).isEqualTo((long) i);
                assertThat(builder.has("a" + i % 7 + ".b" + (i + 1) + ".c")).isFalse();
                assertThat(builder.build().number(path)).isEqualTo((long) i);
            }
        }
    }

    @Test
    void aBuilderOfAnEventWithDotsInItsNamesFindsThem() {
        Event.Builder builder =
                Event.of(java.util.Map.of("event.id", "x", "host", java.util.Map.of("ip.v4", "192.0.2.1"))).toBuilder();

        assertThat(builder.value("event.id")).isEqualTo("x");
        assertThat(builder.value("host.ip.v4")).isEqualTo("192.0.2.1");
        assertThat(builder.has("event.kind")).isFalse();
    }
}
