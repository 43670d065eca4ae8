package dev.panoptes.sensors.secondhand;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of captures and its {@code expected.txt}: a section for each capture, in it {@code > {json}} for each event in
 * order or {@code > any}, and {@code = MALFORMED [LOST]} or {@code = any}.
 */
final class Captures {
    private final String sensor;
    private final String samplesAt;
    private final Path scratch;
    private final Settings settings;
    private int samples;

    /** @param samplesAt the folder among the resources */
    Captures(String sensor, String samplesAt, Path scratch, Settings settings) {
        this.sensor = sensor;
        this.samplesAt = samplesAt;
        this.scratch = scratch;
        this.settings = settings;
    }

    /** How many events were expected so far. */
    int samples() {
        return samples;
    }

    /** Replays each capture. @return what is otherwise than expected */
    List<String> compare() throws IOException, InterruptedException {
        List<String> misses = new ArrayList<>();
        for (Samples.Section section : Samples.sections(samplesAt + "/expected.txt")) {
            misses.addAll(compare(section));
        }
        return misses;
    }

    private List<String> compare(Samples.Section section) throws IOException, InterruptedException {
        Path capture = scratch.resolve(section.title());
        Files.write(capture, Samples.bytes(samplesAt + "/" + section.title()));
        Samples.Told told = Samples.replay(sensor, capture, settings);
        List<String> misses = new ArrayList<>();
        String counted = section.lines().getLast().substring(2);
        String counts = told.result().malformed()
                + (counted.contains(" ") ? " " + told.result().lost() : "");
        if (!counted.equals("any") && !counted.equals(counts)) {
            misses.add(section.title() + ": expected counts " + counted + ", got " + counts);
        }
        List<String> expected =
                section.lines().stream().filter(line -> line.startsWith("> {")).toList();
        samples += expected.size();
        List<Event> events = told.events();
        if (!section.lines().contains("> any") && events.size() != expected.size()) {
            misses.add(section.title() + ": expected " + expected.size() + " events, got " + events.size());
        }
        for (int i = 0; i < Math.min(expected.size(), events.size()); i++) {
            for (String difference :
                    Samples.differences(Samples.expected(expected.get(i).substring(2)), events.get(i))) {
                misses.add(section.title() + ", " + (i + 1) + ": " + difference);
            }
        }
        return misses;
    }
}
