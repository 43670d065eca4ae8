package dev.panoptes.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields are as a table of the language's would have them. */
class FieldMapTest {
    @Test
    void whatIsPutAndTakenAwayInAnyOrderIsWhatATableWouldHold() {
        Random random = new Random(11);
        for (int round = 0; round < 300; round++) {
            FieldMap.Filling filling = new FieldMap.Filling();
            Map<String, Object> expected = new LinkedHashMap<>();
            int steps = random.nextInt(60);
            for (int i = 0; i < steps; i++) {
                String name = "n" + random.nextInt(40);
                if (random.nextInt(5) == 0) {
                    filling.remove(name);
                    expected.remove(name);
                } else {
                    assertThat(filling.put(name, i)).isEqualTo(expected.put(name, i) != null);
                }
                assertThat(filling.has(name)).isEqualTo(expected.containsKey(name));
            }
            Map<String, Object> made = filling.map();
            assertThat(made).isEqualTo(expected).hasSameHashCodeAs(expected);
            assertThat(new ArrayList<>(made.keySet())).isEqualTo(new ArrayList<>(expected.keySet()));
            expected.forEach((name, value) -> assertThat(made.get(name)).isEqualTo(value));
            assertThat(made.get("other")).isNull();
            assertThatThrownBy(() -> made.put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void whatIsFilledIsThereInItsOrderHoweverMuchItIs() {
        Random random = new Random(13);
        for (int round = 0; round < 200; round++) {
            Event.Builder builder = Event.builder();
            Map<String, Object> expected = new LinkedHashMap<>();
            Map<String, Object> inner = new LinkedHashMap<>();
            int steps = random.nextInt(80);
            for (int i = 0; i < steps; i++) {
                String name = "n" + random.nextInt(50);
                builder.put("deep.er." + name, (long) i).put(name, "v" + i);
                expected.putIfAbsent("deep", Map.of("er", inner));
                inner.put(name, (long) i);
                expected.put(name, "v" + i);
                assertThat(builder.value("deep.er." + name)).isEqualTo((long) i);
                assertThat(builder.has("deep." + name)).isFalse();
            }
            Event made = builder.build();
            EventLine line = new EventLine();
            builder.json(line);
            assertThat(made.fields()).isEqualTo(expected);
            assertThat(new ArrayList<>(made.fields().keySet())).isEqualTo(new ArrayList<>(expected.keySet()));
            assertThat(line).hasToString(made.json());
            assertThat(made.toBuilder().put("deep.more", 1L).build().fields().get("deep"))
                    .isEqualTo(steps == 0 ? Map.of("more", 1L) : Map.of("er", inner, "more", 1L));
        }
    }

    @Test
    void pathsLeadThroughIt() {
        FieldMap.Filling inner = new FieldMap.Filling();
        inner.put("pid", 7L);
        inner.put("args", List.of("a"));
        FieldMap.Filling outer = new FieldMap.Filling();
        outer.put("process", inner.map());
        outer.put("list", List.of(Map.of("name", "x"), Map.of("name", "y"), Map.of()));
        outer.put("proc", "short");
        Event event = Event.owning(outer.map(), false);

        assertThat(event.number("process.pid")).isEqualTo(7L);
        assertThat(event.value("process.args")).contains(List.of("a"));
        assertThat(event.value("list.name")).contains(List.of("x", "y"));
        assertThat(event.text("proc")).isEqualTo("short");
        assertThat(event.value("proc.pid")).isEmpty();
        assertThat(event.value("process.pid.more")).isEmpty();
        assertThat(event.value("process.")).isEmpty();
        assertThat(event.value("list.none")).isEmpty();
        assertThat(event.value("absent.pid")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-01T06:00:00Z",
                "2026-03-01T06:00:00.1Z",
                "2024-02-29T23:59:59.123456789Z",
                "2000-02-29T00:00:00.000001Z",
                "1969-12-31T23:59:59.5Z",
                "0001-01-01T00:00:00Z",
                "2026-12-31T06:00:00+02:00",
                "2026-03-01T24:00:00Z",
                "+12026-03-01T06:00:00Z"
            })
    void timesAreReadAsTheGeneralParserReadsThem(String text) {
        assertThat(EventTime.parse(text)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-02-29T06:00:00Z",
                "2026-13-01T06:00:00Z",
                "2026-03-01T06:00:61Z",
                "2026-03-01T06:00:00.1234567890Z",
                "2026-03-01 06:00:00Z",
                "2026-03-0aT06:00:00Z",
                "2026-03-01T06:00:00.Z.",
                "2026-03-01T06:00:00"
            })
    void whatIsNoTimeIsNone(String text) {
        assertThatThrownBy(() -> EventTime.parse(text)).isInstanceOf(DateTimeParseException.class);
    }
}
