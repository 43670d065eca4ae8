package dev.panoptes.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
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
        StringBuilder line = new StringBuilder("> ");
        builder.json(line);
        assertThat(line.toString()).isEqualTo("> " + builder.build().json());
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

    @Test
    void aBuilderOfAnEventDoesNotChangeIt() {
        Event event = Event.builder().put("a.b", 1L).build();
        Event other = event.toBuilder().put("a.c", 2L).build();
        assertThat(event.json()).isEqualTo("{\"a\":{\"b\":1}}");
        assertThat(other.json()).isEqualTo("{\"a\":{\"b\":1,\"c\":2}}");
    }
}
