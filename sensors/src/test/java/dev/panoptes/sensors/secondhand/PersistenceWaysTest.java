package dev.panoptes.sensors.secondhand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.Privileges;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.Positions;
import dev.panoptes.sensors.Sensors;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code persistence/ways.txt}: kind, path and technique of what is put into a tree, and what is no entry because nothing runs it. */
class PersistenceWaysTest {
    private static final Instant NOW = Instant.parse("2026-03-01T06:00:00Z");

    @TempDir
    Path folder;

    @Test
    void everyWayIsFound() throws IOException, InterruptedException {
        List<Samples.Section> ways = Samples.sections("persistence/ways.txt");
        Samples.Section base = ways.removeFirst();
        Path empty = folder.resolve("base");
        build(empty, base);
        List<String> before =
                look(empty).stream().map(PersistenceWaysTest::text).toList();
        List<String> misses = new ArrayList<>();
        for (List<Samples.Section> tree : trees(ways)) {
            Path root = folder.resolve("tree" + ways.indexOf(tree.getFirst()));
            build(root, base);
            for (Samples.Section way : tree) {
                build(root, way);
            }
            List<Event> found = new ArrayList<>(look(root));
            found.removeIf(entry -> before.contains(text(entry))
                    || Boolean.FALSE.equals(entry.value("persistence.enabled").orElse(true)));
            for (Samples.Section way : tree) {
                List<Event> its = found.stream()
                        .filter(entry -> files(way).contains(entry.text("persistence.path")))
                        .toList();
                found.removeAll(its);
                misses.addAll(misses(way, its));
            }
            found.forEach(entry -> misses.add("told of no sample: " + entry.text("persistence.path")));
        }

        assertThat(ways).hasSize(102);
        assertThat(misses).isEmpty();
    }

    /** As few trees as hold every way without two of them having a file in common. */
    private static List<List<Samples.Section>> trees(List<Samples.Section> ways) {
        List<List<Samples.Section>> trees = new ArrayList<>();
        for (Samples.Section way : ways) {
            List<Samples.Section> fits = trees.stream()
                    .filter(tree -> tree.stream().allMatch(other -> Collections.disjoint(files(other), files(way))))
                    .findFirst()
                    .orElseGet(() -> {
                        trees.add(new ArrayList<>());
                        return trees.getLast();
                    });
            fits.add(way);
        }
        return trees;
    }

    private static List<String> files(Samples.Section way) {
        return way.lines().stream()
                .filter(line -> line.startsWith("@ "))
                .map(line -> line.split(" ")[1])
                .toList();
    }

    private static List<String> misses(Samples.Section way, List<Event> found) {
        List<String> misses = new ArrayList<>();
        List<Event> left = new ArrayList<>(found);
        for (String line : way.lines()) {
            if (!line.startsWith("> ") || line.equals("> none")) {
                continue;
            }
            boolean may = line.startsWith("> ? ");
            String[] parts = line.substring(may ? 4 : 2).split("\\|");
            Optional<Event> entry = left.stream()
                    .filter(one -> parts[0].equals(one.text("persistence.kind"))
                            && parts[1].equals(one.text("persistence.path"))
                            && one.values("threat.technique.id").contains(parts[2]))
                    .findFirst();
            entry.ifPresent(left::remove);
            if (entry.isEmpty() && !may) {
                misses.add(way.title() + ": not told: " + parts[0] + " " + parts[1]);
            }
        }
        left.forEach(entry -> misses.add(way.title() + ": told: " + entry.text("persistence.kind") + " "
                + entry.text("persistence.path") + " " + entry.values("threat.technique.id")));
        return misses;
    }

    /** What an entry is, but for what a second look may tell anew. */
    private static String text(Event entry) {
        return entry.value("persistence").orElseThrow().toString();
    }

    private static List<Event> look(Path root) throws IOException, InterruptedException {
        List<Event> events = new ArrayList<>();
        Samples.Counting sink = new Samples.Counting(events);
        Surroundings surroundings = new Surroundings(
                new Host(root),
                new Privileges(0, 0, false),
                InstantSource.fixed(NOW),
                ZoneOffset.UTC,
                Settings.none(),
                Positions.NONE,
                null,
                true);
        try (Watch watch = Sensors.find("persistence").orElseThrow().open(surroundings, sink)) {
            watch.collect(new Cycle(1, NOW));
        }
        return events;
    }

    /** {@code @ PATH MODE} or {@code @ PATH -> TARGET}, then the file's lines, each after {@code | }. */
    private static void build(Path root, Samples.Section section) throws IOException {
        Path file = null;
        Map<Path, StringBuilder> texts = new HashMap<>();
        for (String line : section.lines()) {
            if (line.startsWith("@ ")) {
                String[] parts = line.substring(2).split(" ", 2);
                file = root.resolve(parts[0].substring(1));
                Files.createDirectories(file.getParent());
                if (parts[1].startsWith("-> ")) {
                    Files.createSymbolicLink(file, Path.of(parts[1].substring(3)));
                } else {
                    texts.put(file, new StringBuilder());
                    Files.writeString(file, "");
                    Files.setAttribute(file, "unix:mode", Integer.parseInt(parts[1], 8));
                }
            } else if (line.startsWith("|") && file != null) {
                texts.get(file)
                        .append(line.substring(Math.min(2, line.length())))
                        .append('\n');
            }
        }
        for (Map.Entry<Path, StringBuilder> text : texts.entrySet()) {
            var mode = (Integer) Files.getAttribute(text.getKey(), "unix:mode");
            Files.setPosixFilePermissions(text.getKey(), PosixFilePermissions.fromString("rw-------"));
            Files.writeString(text.getKey(), text.getValue());
            Files.setAttribute(text.getKey(), "unix:mode", mode & 07777);
        }
    }
}
