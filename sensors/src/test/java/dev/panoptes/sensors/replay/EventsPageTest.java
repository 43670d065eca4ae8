package dev.panoptes.sensors.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.Sensors;
import dev.panoptes.sensors.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** docs/events.md names every field that is emitted, with the sensor that emits it. */
class EventsPageTest {
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"auth", "dns", "kernel_audit", "peripheral", "snmp", "flow"})
    void namesEveryFieldThatIsEmitted(String sensor) throws IOException, InterruptedException {
        Set<String> documented = new HashSet<>(documented("Every sensor"));
        documented.addAll(documented(sensor));
        Set<String> emitted = new TreeSet<>();
        int number = 0;
        for (byte[] seed : ParserFuzzTest.seeds().toList()) {
            Path file = Files.write(folder.resolve("capture-" + number++), seed);
            Replay replay = new Replay(List.of(file), ZoneOffset.UTC, 2023, Settings.none());
            Sensors.find(sensor).orElseThrow().replay(replay, new Fields(emitted));
        }

        assertThat(emitted).isNotEmpty();
        assertThat(emitted.stream().filter(field -> !isDocumented(field, documented)))
                .isEmpty();
    }

    private static boolean isDocumented(String field, Set<String> documented) {
        if (documented.contains(field)) {
            return true;
        }
        for (int dot = field.lastIndexOf('.'); dot > 0; dot = field.lastIndexOf('.', dot - 1)) {
            if (documented.contains(field.substring(0, dot) + ".*")) {
                return true;
            }
        }
        return false;
    }

    /** {@code `a.b[].c`, `.d`} is a.b.c and a.b.d; {@code a.*} is everything below. */
    private static Set<String> documented(String section) throws IOException {
        Set<String> fields = new HashSet<>();
        List<String> lines = Files.readString(Path.of("..", "docs", "events.md"))
                .lines()
                .dropWhile(line -> !line.equals("## " + section))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .toList();
        for (String line : lines) {
            String parent = "";
            Matcher quoted = QUOTED.matcher(line);
            while (quoted.find()) {
                String name = quoted.group(1).replace("[]", "");
                if (!name.startsWith(".")) {
                    parent = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
                }
                fields.add(name.startsWith(".") ? parent + name : name);
            }
        }
        return fields;
    }

    private record Fields(Set<String> emitted) implements EventSink {
        @Override
        public void event(Event.Builder event) {
            flatten(JsonMapper.shared().readValue(event.build().json(), Object.class), "");
        }

        private void flatten(Object value, String path) {
            switch (value) {
                case Map<?, ?> map ->
                    map.forEach((name, inner) -> flatten(inner, path.isEmpty() ? name.toString() : path + "." + name));
                case List<?> list
                when !list.isEmpty() && list.getFirst() instanceof Map -> list.forEach(inner -> flatten(inner, path));
                default -> emitted.add(path);
            }
        }

        @Override
        public void lost(Loss reason, String provider, long count) {}

        @Override
        public void malformed(String provider, long count) {}

        @Override
        public void position(String source, String position) {}

        @Override
        public void flush() {}
    }
}
