package dev.panoptes.sensors.secondhand;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import dev.panoptes.sensors.Sensors;
import dev.panoptes.sensors.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Reads the samples beside this package, replays them through a sensor, and compares events with what is expected of them. */
final class Samples {
    private Samples() {}

    /** A part of a sample file: what follows a line {@code ## title} up to the next one, without empty lines. */
    record Section(String title, List<String> lines) {}

    /** What a replay gave; events that tell of a loss are left out, their number is in {@code result}. */
    record Told(List<Event> events, ReplayResult result) {}

    static byte[] bytes(String name) throws IOException {
        try (InputStream in = Samples.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no sample " + name);
            }
            return in.readAllBytes();
        }
    }

    static List<Section> sections(String name) throws IOException {
        List<Section> sections = new ArrayList<>();
        for (String line : new String(bytes(name), StandardCharsets.UTF_8).split("\n")) {
            if (line.startsWith("## ")) {
                sections.add(new Section(line.substring(3), new ArrayList<>()));
            } else if (!line.isEmpty() && !sections.isEmpty()) {
                sections.getLast().lines().add(line);
            }
        }
        return sections;
    }

    /** Replays one file in UTC; a log without a year begins in 2024. */
    static Told replay(String sensor, Path file) throws IOException, InterruptedException {
        return replay(sensor, file, Settings.none());
    }

    /** The same with settings of the sensor's own. */
    static Told replay(String sensor, Path file, Settings settings) throws IOException, InterruptedException {
        List<Event> events = new ArrayList<>();
        Replay replay = new Replay(List.of(file), ZoneOffset.UTC, 2024, settings);
        ReplayResult result = Sensors.find(sensor).orElseThrow().replay(replay, new Counting(events));
        return new Told(events, result);
    }

    /** The expected values of a line of JSON, by dotted path; null where the field must be absent. */
    static Map<String, @Nullable Object> expected(String json) {
        Map<String, @Nullable Object> expected = new LinkedHashMap<>();
        JsonMapper.shared()
                .readTree(json)
                .properties()
                .forEach(field ->
                        expected.put(field.getKey(), JsonMapper.shared().treeToValue(field.getValue(), Object.class)));
        return expected;
    }

    /** Fields in which an event differs: {@code path: expected X, got Y}. */
    static List<String> differences(Map<String, @Nullable Object> expected, Event event) {
        Object tree = JsonMapper.shared().readValue(event.json(), Object.class);
        List<String> differences = new ArrayList<>();
        expected.forEach((path, value) -> {
            Object got = at(tree, path).orElse(null);
            if (!text(value).equals(text(got))) {
                differences.add(path + ": expected " + text(value) + ", got " + text(got));
            }
        });
        return differences;
    }

    /** Numbers of one value are equal whatever they are kept in. */
    private static String text(@Nullable Object value) {
        return value == null ? "nothing" : JsonMapper.shared().writeValueAsString(value);
    }

    /** The value at {@code a.b[0].c}; keys may hold dots themselves. */
    private static Optional<Object> at(@Nullable Object tree, String path) {
        if (path.isEmpty()) {
            return Optional.ofNullable(tree);
        }
        if (path.startsWith("[")) {
            int end = path.indexOf(']');
            int index = Integer.parseInt(path.substring(1, end));
            String rest = path.substring(end + 1);
            return tree instanceof List<?> list && index < list.size()
                    ? at(list.get(index), rest.startsWith(".") ? rest.substring(1) : rest)
                    : Optional.empty();
        }
        if (!(tree instanceof Map<?, ?> map)) {
            return Optional.empty();
        }
        for (int end = path.length(); end > 0; end = border(path, end)) {
            Object below = map.get(path.substring(0, end));
            if (below != null) {
                String rest = path.substring(end);
                return at(below, rest.startsWith(".") ? rest.substring(1) : rest);
            }
        }
        return Optional.empty();
    }

    private static int border(String path, int before) {
        return Math.max(path.lastIndexOf('.', before - 1), path.lastIndexOf('[', before - 1));
    }

    record Counting(List<Event> events) implements EventSink {
        @Override
        public void event(Event.Builder event) {
            events.add(event.build());
        }

        @Override
        public void lost(Loss reason, String provider, long count) {
            // ReplayResult counts it
        }

        @Override
        public void malformed(String provider, long count) {
            // ReplayResult counts it
        }

        @Override
        public void position(String source, String position) {
            // whoever looks again keeps what it needs in memory here
        }

        @Override
        public void flush() {
            // nothing waits
        }
    }
}
