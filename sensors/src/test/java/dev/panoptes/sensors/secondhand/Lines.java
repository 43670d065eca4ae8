package dev.panoptes.sensors.secondhand;

import dev.panoptes.core.event.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** A file of log lines, below each of them {@code > what its event says} or {@code > none}; a section is a log of its own. */
final class Lines {
    private final String sensor;
    private final Function<Event, String> text;
    private final Path scratch;
    private int samples;

    /** @param text what is compared of an event */
    Lines(String sensor, Function<Event, String> text, Path scratch) {
        this.sensor = sensor;
        this.text = text;
        this.scratch = scratch;
    }

    /** How many lines were read so far. */
    int samples() {
        return samples;
    }

    /** Replays each log. @return lines that are read otherwise than expected, with what was read */
    List<String> compare(String name) throws IOException, InterruptedException {
        List<String> misses = new ArrayList<>();
        for (Samples.Section section : Samples.sections(name)) {
            misses.addAll(misses(section));
        }
        return misses;
    }

    private List<String> misses(Samples.Section section) throws IOException, InterruptedException {
        List<String> lines =
                section.lines().stream().filter(line -> !line.startsWith("> ")).toList();
        List<String> expected = section.lines().stream()
                .filter(line -> line.startsWith("> "))
                .map(line -> line.substring(2))
                .toList();
        Path log = scratch.resolve(section.title().split(" ")[0] + ".log");
        Files.write(log, lines);
        Map<Long, List<String>> told = new HashMap<>();
        for (Event event : Samples.replay(sensor, log).events()) {
            told.computeIfAbsent(Objects.requireNonNull(event.number("log.offset")), offset -> new ArrayList<>())
                    .add(text.apply(event));
        }
        List<String> misses = new ArrayList<>();
        long offset = 0;
        for (int i = 0; i < lines.size(); i++) {
            samples++;
            String got = String.join(" and ", told.getOrDefault(offset, List.of("none")));
            if (!got.equals(expected.get(i))) {
                misses.add(lines.get(i) + " = " + got);
            }
            offset += lines.get(i).getBytes(StandardCharsets.UTF_8).length + 1;
        }
        return misses;
    }
}
