package dev.panoptes.cli.investigate;

import dev.panoptes.core.IoReason;
import dev.panoptes.core.event.Event;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.Privileges;
import dev.panoptes.detection.Detector;
import dev.panoptes.detection.EventLines;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Origin;
import dev.panoptes.sensors.Positions;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.Sensors;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Stamp;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.UnreadableCapture;
import dev.panoptes.sensors.Watch;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Knows by content what a file is, and gives its events to a detector. What cannot be read is told. For one thread. */
public final class Evidence {
    private static final int LONGEST_LINE = 8 << 20;
    private static final int MOST_NOTES = 20;
    private static final List<String> LOGS =
            List.of("auth.log", "secure", "syslog", "messages", "kern.log", "audit.log", "daemon.log", "dmesg", "cron");
    /** Of logins, read where no log tells of them: what both tell would count twice. */
    private static final List<String> RECORDS = List.of("wtmp", "btmp");

    private final Detector detector;
    private final Reading reading;
    private final EventLines lines = new EventLines();
    private final List<String> unreadable = new ArrayList<>();
    private final Map<String, Long> datasets = new TreeMap<>();
    /** The time of the earliest event; null before there is one with a time. */
    private @Nullable Instant begin;

    private final Deque<Input> todo = new ArrayDeque<>();
    /** Of one machine, and not saying which: read when all is known that others say. */
    private final List<Input> nameless = new ArrayList<>();
    /** How the machine is called whose tree is read; null while none is, or where it does not say. */
    private @Nullable String host;

    /** Folder -> the first two hosts that events of its files name. */
    private final Map<Path, Set<String>> hosts = new HashMap<>();
    /** Of the file that is read; null where it is no file of a folder. */
    private @Nullable Path folder;

    private final List<String> notes = new ArrayList<>();
    private long outside;

    /**
     * A file to be read.
     *
     * @param named as it was given, or below what was given
     * @param top the folder that was given; of a file that was given by itself its own
     */
    private record Input(Path file, String named, Path top, boolean given) {}

    public Evidence(Detector detector, Reading reading) {
        this.detector = detector;
        this.reading = reading;
    }

    public List<String> unreadable() {
        return List.copyOf(unreadable);
    }

    /** Dataset -> how many events. */
    public Map<String, Long> datasets() {
        return new TreeMap<>(datasets);
    }

    /** What is to be known of files that were read, a line each: records that could not be read, hosts that nothing names. */
    public List<String> notes() {
        return notes.size() <= MOST_NOTES
                ? List.copyOf(notes)
                : Stream.concat(
                                notes.stream().limit(MOST_NOTES),
                                Stream.of("and " + (notes.size() - MOST_NOTES) + " more notes of this kind"))
                        .toList();
    }

    /** How many events were left out because they are of another time than was asked for. */
    public long outside() {
        return outside;
    }

    /**
     * Reads a file, or a folder: a captured root tree by its logs and the places where things persist, any other by all its files.
     *
     * @param named as it was given
     */
    public void read(Path path, String named) throws InterruptedException {
        if (!Files.isDirectory(path)) {
            Path top = path.toAbsolutePath().getParent();
            todo.add(new Input(path, named, top == null ? path : top, true));
        } else if (Files.isDirectory(path.resolve("etc")) && Files.isDirectory(path.resolve("var"))) {
            tree(path, named);
            return;
        } else {
            List<Path> files = files(path, named);
            if (files.isEmpty() && Files.isReadable(path)) {
                notes.add(named + ": there is no file in it");
            }
            files.forEach(file -> todo.add(new Input(file, named + "/" + path.relativize(file), path, false)));
        }
        drain();
    }

    /** Reads what had to wait for what others say. After it nothing more is read. */
    public void finish() throws InterruptedException {
        for (Input next : nameless) {
            String known = neighbour(next);
            host = known == null ? "unnamed host of " + folderOf(next.named()) : known;
            if (known == null) {
                notes.add(next.named() + ": its records name no host; --host NAME says which it is");
            }
            file(next);
        }
        host = null;
        nameless.clear();
    }

    private void drain() throws InterruptedException {
        while (!todo.isEmpty()) {
            Input next = todo.removeFirst();
            if (host == null && reading.host() == null && namesNoHost(next.file())) {
                nameless.add(next);
                continue;
            }
            folder = next.file().toAbsolutePath().getParent();
            file(next);
        }
        folder = null;
    }

    /**
     * The one host that the logs beside it name, or else those in the next folder above, as far as what was given; null where none does,
     * or several do.
     */
    private @Nullable String neighbour(Input input) {
        Path top = input.top().toAbsolutePath();
        for (Path at = input.file().toAbsolutePath().getParent();
                at != null && at.startsWith(top);
                at = at.getParent()) {
            Set<String> known = hosts.getOrDefault(at, Set.of());
            if (!known.isEmpty()) {
                return known.size() == 1 ? known.iterator().next() : null;
            }
        }
        return null;
    }

    private static String folderOf(String named) {
        int slash = named.lastIndexOf('/');
        return slash < 0 ? "this folder" : slash == 0 ? "/" : named.substring(0, slash);
    }

    /** What cannot be read is told where it is read. */
    private static boolean namesNoHost(Path file) {
        try {
            return Files.isRegularFile(file) && Content.of(file).auditWithoutHost();
        } catch (IOException e) {
            return false;
        }
    }

    /** Empty where the folder cannot be read, which is told. */
    private List<Path> files(Path folder, String named) {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            unreadable.add(named + ": " + reason(e));
            return List.of();
        }
    }

    /** The root of a machine: its logs, and what runs again by itself on it. */
    private void tree(Path root, String named) throws InterruptedException {
        Path logs = root.resolve("var/log");
        List<Path> all = Files.isDirectory(logs) ? files(logs, named + "/var/log") : List.of();
        host = new Host(root).name().orElse(null);
        boolean logins = false;
        boolean journal = false;
        for (Path file : all) {
            String name = String.valueOf(file.getFileName());
            logins |= name.startsWith("auth.log") || name.startsWith("secure");
            journal |= name.endsWith(".journal");
            if (LOGS.stream().anyMatch(name::startsWith)) {
                todo.add(new Input(file, named + "/" + root.relativize(file), root, false));
            }
        }
        for (Path file : logins ? List.<Path>of() : all) {
            String name = String.valueOf(file.getFileName());
            if (RECORDS.stream().anyMatch(name::startsWith)) {
                todo.add(new Input(file, named + "/" + root.relativize(file), root, false));
            }
        }
        if (journal) {
            unreadable.add(named + "/var/log/journal: binary journals are not read; journalctl --directory=" + named
                    + "/var/log/journal -o export tells them");
        }
        drain();
        persistence(root, named);
        host = null;
    }

    /**
     * One look at the places; each event has the time at which its file was changed last. What was changed since the logs begin
     * is told as modified: there is no earlier look to compare with.
     */
    private void persistence(Path root, String named) throws InterruptedException {
        Sensor sensor = Sensors.find("persistence").orElseThrow();
        Surroundings surroundings = new Surroundings(
                new Host(root),
                Privileges.current(),
                () -> Instant.EPOCH,
                reading.zone(),
                Settings.none(),
                Positions.NONE,
                null,
                true);
        try (Watch watch = sensor.open(surroundings, new Sink("persistence", named, null, root))) {
            watch.collect(new Cycle(1, Instant.EPOCH));
        } catch (IOException | UncheckedIOException e) {
            unreadable.add(named + ": " + reason(e));
        }
    }

    /** When the file was changed last that an event is about; the beginning where that cannot be told. */
    private static Instant changed(Path root, Event.Builder event) {
        if (event.value("persistence.path") instanceof String path && path.startsWith("/")) {
            try {
                return Files.getLastModifiedTime(root.resolve(path.substring(1)), LinkOption.NOFOLLOW_LINKS)
                        .toInstant();
            } catch (IOException | InvalidPathException e) {
                // It went away meanwhile, or its name is none.
                return Instant.EPOCH;
            }
        }
        return Instant.EPOCH;
    }

    private void file(Input input) throws InterruptedException {
        Path file = input.file();
        String named = input.named();
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                unreadable.add(
                        named + ": it is no file that can be read again from its start; write what it gives into one");
                return;
            }
            Content content = Content.of(file);
            String refusal = content.refusal(named);
            if (content.empty()) {
                if (input.given()) {
                    notes.add(named + ": it is empty");
                }
            } else if (refusal != null) {
                unreadable.add(named + ": " + refusal);
            } else if (isEvents(content)) {
                events(file, named);
            } else {
                capture(input, content);
            }
        } catch (IOException | UncheckedIOException e) {
            unreadable.add(named + ": " + reason(e));
        }
    }

    private static String reason(Exception failure) {
        IOException cause = failure instanceof IOException own
                ? own
                : failure.getCause() instanceof IOException other ? other : new IOException(failure);
        return switch (cause) {
            case EOFException _ -> "it is cut off";
            case ZipException broken -> "its compression is broken: " + broken.getMessage();
            default -> IoReason.of(cause);
        };
    }

    /** Lines of JSON, but not those of the journal, which a sensor reads. */
    private boolean isEvents(Content content) {
        String first = content.firstLine();
        if (!first.stripLeading().startsWith("{")) {
            return false;
        }
        boolean journal = first.contains("\"__REALTIME_TIMESTAMP\"") || first.contains("\"_BOOT_ID\"");
        return !journal && (content.firstLineIsCut() || lines.read(first) != null || first.contains("\"event\""));
    }

    private void events(Path file, String named) throws IOException {
        long number = 0;
        long broken = 0;
        try (BoundedLines reader = new BoundedLines(Content.open(file), LONGEST_LINE)) {
            for (String line = reader.next(); line != null; line = reader.next()) {
                number++;
                if (reader.overlong()) {
                    broken++;
                    continue;
                }
                if (line.isBlank()) {
                    continue;
                }
                Event event = lines.read(line);
                if (event == null) {
                    broken++;
                } else {
                    String id = event.id();
                    if (reading.host() != null && event.text("host.name") == null) {
                        event = event.toBuilder()
                                .put("host.name", reading.host())
                                .build();
                    }
                    accept(event, id == null ? named + ":" + number : id);
                }
            }
        }
        if (broken > 0) {
            unreadable.add(named + ": " + broken + (broken == 1 ? " line is no event" : " lines are no events"));
        }
    }

    private void accept(Event event, String key) {
        Instant at = event.timestamp();
        if (!reading.covers(at)) {
            outside++;
            return;
        }
        begin = at != null && (begin == null || at.isBefore(begin)) ? at : begin;
        String name = event.text("host.name");
        if (folder != null && name != null) {
            Set<String> known = hosts.computeIfAbsent(folder, _ -> new TreeSet<>());
            if (known.size() < 2) {
                known.add(name);
            }
        }
        String dataset = event.dataset();
        datasets.merge(dataset == null ? "other" : dataset, 1L, Long::sum);
        detector.accept(event, key);
    }

    /** What gives no record that a sensor knows is told: by itself as unreadable, among the files of a folder as no log. */
    private void capture(Input input, Content content) throws IOException, InterruptedException {
        String named = input.named();
        String reason = null;
        boolean known = false;
        long unread = Long.MAX_VALUE;
        long missing = 0;
        for (String name : content.sensors(input.file())) {
            Sensor sensor = Sensors.find(name).orElse(null);
            if (sensor == null) {
                continue;
            }
            try (LineNumbers numbers = new LineNumbers(input.file())) {
                Sink sink = new Sink(name, named, numbers, null);
                ReplayResult result = sensor.replay(
                        new Replay(List.of(input.file()), reading.zone(), reading.year(), Settings.none()), sink);
                known |= sink.events > 0 || (!content.binary() && result.malformed() < result.records());
                unread = Math.min(unread, sink.malformed);
                missing += sink.missing;
            } catch (UnreadableCapture e) {
                reason = e.getMessage();
            }
        }
        if (!known && (input.given() || content.binary() || reason != null)) {
            unreadable.add(named + ": " + (reason == null ? "nothing here knows what it is" : reason));
        } else if (!known) {
            notes.add(named + ": no line of it is one of a log that is known");
        } else if (unread > 0 && unread < Long.MAX_VALUE) {
            notes.add(named + ": " + unread + (unread == 1 ? " record" : " records") + " could not be read");
        }
        if (missing > 0) {
            notes.add(named + ": " + missing + " records are missing: their numbers are not in it");
        }
    }

    /** Takes a sensor's events. */
    private final class Sink implements EventSink {
        private final Stamp stamp;
        private final String sensor;
        private final String named;
        /** Null where its events are of many files. */
        private final @Nullable LineNumbers numbers;

        private long events;
        private long malformed;
        private long missing;

        /** Of the tree whose files give events their times; null where events have their own. */
        private final @Nullable Path root;

        Sink(String sensor, String named, @Nullable LineNumbers numbers, @Nullable Path root) {
            this.root = root;
            this.sensor = sensor;
            this.named = named;
            this.numbers = numbers;
            this.stamp = new Stamp(sensor, new Origin(null, host == null ? reading.host() : host, ""), named);
        }

        @Override
        public void event(Event.Builder builder) {
            if (root != null) {
                Instant at = changed(root, builder);
                builder.put("@timestamp", at);
                if (begin != null && !at.isBefore(begin)) {
                    builder.put("event.action", "modified").put("event.type", List.of("change"));
                }
            }
            Event event = stamp.complete(builder, ++events, null);
            if (!"lost".equals(event.action())) {
                accept(event, key(event));
            }
        }

        /** File and line where the record is a line; else file, sensor and number. */
        private String key(Event event) {
            Long offset = event.number("log.offset");
            String place = event.text("persistence.path");
            if (place != null) {
                Long line = event.number("persistence.line");
                return named + place + ":" + (line == null ? 1 : line) + " " + event.text("persistence.kind") + " "
                        + event.text("persistence.name");
            }
            if (offset == null || numbers == null) {
                return named + ":" + sensor + ":" + events;
            }
            try {
                return named + ":" + numbers.at(offset);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void lost(Loss reason, String provider, long count) {
            missing += count;
        }

        @Override
        public void malformed(String provider, long count) {
            malformed += count;
        }

        @Override
        public void position(String source, String position) {
            // Nothing is kept of what was read.
        }

        @Override
        public void flush() {
            // Every event was taken at once.
        }
    }
}
