package dev.panoptes.sensors.secondhand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code audit/streams.txt}: events of raw audit records, how many records could not be read, how many serials are missing. */
class AuditStreamsTest {
    @TempDir
    Path folder;

    private int samples;

    @Test
    void recordsAreJoinedAsExpected() throws IOException, InterruptedException {
        List<String> misses = new ArrayList<>();
        for (Samples.Section section : Samples.sections("audit/streams.txt")) {
            misses.addAll(misses(section));
        }

        assertThat(samples).isEqualTo(68);
        assertThat(misses).isEmpty();
    }

    private List<String> misses(Samples.Section section) throws IOException, InterruptedException {
        List<String> records = section.lines().stream()
                .filter(line -> !line.startsWith(">") && !line.startsWith("= "))
                .map(line -> line.replace("<GS>", "\u001d"))
                .toList();
        List<String> expected =
                section.lines().stream().filter(line -> line.startsWith(">")).toList();
        samples += expected.size();
        Path log = folder.resolve("audit-" + samples + ".log");
        Files.write(log, records);
        Samples.Told told = Samples.replay("kernel_audit", log);

        List<String> misses = new ArrayList<>();
        String counts = told.result().malformed() + " " + told.result().lost();
        if (!section.lines().getLast().equals("= " + counts)) {
            misses.add(section.title() + ": malformed and lost are " + counts);
        }
        List<Event> events = new ArrayList<>(told.events());
        if (events.size() != expected.size()) {
            misses.add(section.title() + ": " + events.size() + " events");
        }
        for (String line : expected) {
            Map<String, @Nullable Object> fields = Samples.expected(line.substring(line.indexOf('{')));
            List<String> differences =
                    events.isEmpty() ? List.of("no event") : Samples.differences(fields, take(events, line, fields));
            differences.forEach(difference ->
                    misses.add(section.title() + ", " + (expected.indexOf(line) + 1) + ": " + difference));
        }
        return misses;
    }

    /** The next event; with {@code >~} the one that fits. */
    private static Event take(List<Event> events, String line, Map<String, @Nullable Object> fields) {
        for (int i = 0; line.startsWith(">~") && i < events.size(); i++) {
            if (Samples.differences(fields, events.get(i)).isEmpty()) {
                return events.remove(i);
            }
        }
        return events.removeFirst();
    }
}
