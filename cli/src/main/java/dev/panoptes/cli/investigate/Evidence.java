package dev.panoptes.cli.investigate;

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
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.Sensors;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Stamp;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.UnreadableCapture;
import dev.panoptes.sensors.Watch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
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
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Knows by content what a file is, and gives its events to a detector. What cannot be read is told. For one thread. */
public final class Evidence {
    private static final int HEAD = 1 << 15;
    private static final int PIECE = 1 << 18;
    private static final List<String> LOGS =
            List.of("auth.log", "secure", "syslog", "messages", "kern.log", "audit.log", "daemon.log", "dmesg", "cron");
    /** Of logins, read where no log tells of them: what both tell would count twice. */
    private static final List<String> RECORDS = List.of("wtmp", "btmp");

    private final Detector detector;
    private final ZoneId zone;
    private final @Nullable Integer year;
    private final EventLines lines = new EventLines();
    private final List<String> unreadable = new ArrayList<>();
    private final Map<String, Long> datasets = new TreeMap<>();
    /** The time of the earliest event; null before there is one with a time. */
    private @Nullable Instant begin;

    private final Deque<Map.Entry<Path, String>> todo = new ArrayDeque<>();
    /** How the machine is called whose tree is read; null while none is, or where it does not say. */
    private @Nullable String host;

    /** Folder -> the first two hosts that events of its files name. */
    private final Map<Path, Set<String>> hosts = new HashMap<>();
    /** Of the file that is read; null where it is no file of a folder. */
    private @Nullable Path folder;

    private long malformed;

    /** @param year of the first line of a log that has none; null: the file's own time tells */
    public Evidence(Detector detector, ZoneId zone, @Nullable Integer year) {
        this.detector = detector;
        this.zone = zone;
        this.year = year;
    }

    public List<String> unreadable() {
        return List.copyOf(unreadable);
    }

    /** Dataset -> how many events. */
    public Map<String, Long> datasets() {
        return new TreeMap<>(datasets);
    }

    /** How many records could not be read among others that could. */
    public long malformed() {
        return malformed;
    }

    /**
     * Reads a file, or a folder: a captured root tree by its logs and the places where things persist, any other by all its files.
     *
     * @param named as it was given
     */
    public void read(Path path, String named) throws InterruptedException {
        if (!Files.isDirectory(path)) {
            file(path, named);
        } else if (Files.isDirectory(path.resolve("etc")) && Files.isDirectory(path.resolve("var"))) {
            tree(path, named);
        } else {
            files(path, named).forEach(file -> todo.add(Map.entry(file, named + "/" + path.relativize(file))));
            drain();
        }
    }

    private void drain() throws InterruptedException {
        List<Map.Entry<Path, String>> later = new ArrayList<>();
        while (!todo.isEmpty()) {
            Map.Entry<Path, String> next = todo.removeFirst();
            if (host == null && namesNoHost(next.getKey())) {
                later.add(next);
                continue;
            }
            folder = next.getKey().getParent();
            file(next.getKey(), next.getValue());
        }
        folder = null;
        for (Map.Entry<Path, String> next : later) {
            Set<String> known = hosts.getOrDefault(next.getKey().getParent(), Set.of());
            host = known.size() == 1 ? known.iterator().next() : null;
            file(next.getKey(), next.getValue());
            host = null;
        }
    }

    /**
     * Records of the kernel's audit without {@code node=}: they are of the host that the logs beside them name, where these name one.
     * What cannot be read is told where it is read.
     */
    private static boolean namesNoHost(Path file) {
        try {
            String text = new String(head(file), StandardCharsets.ISO_8859_1);
            return text.startsWith("type=") && text.contains(" msg=audit(");
        } catch (IOException e) {
            return false;
        }
    }

    /** Empty where the folder cannot be read, which is told. */
    private List<Path> files(Path folder, String named) {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            unreadable.add(named + ": " + e.getMessage());
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
                todo.add(Map.entry(file, named + "/" + root.relativize(file)));
            }
        }
        for (Path file : logins ? List.<Path>of() : all) {
            String name = String.valueOf(file.getFileName());
            if (RECORDS.stream().anyMatch(name::startsWith)) {
                todo.add(Map.entry(file, named + "/" + root.relativize(file)));
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
                zone,
                Settings.none(),
                Positions.NONE,
                null,
                true);
        try (Watch watch = sensor.open(surroundings, new Sink("persistence", named, null, root))) {
            watch.collect(new Cycle(1, Instant.EPOCH));
        } catch (IOException | UncheckedIOException e) {
            unreadable.add(named + ": " + e.getMessage());
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

    private void file(Path file, String named) throws InterruptedException {
        try {
            byte[] head = head(file);
            if (head.length == 0) {
                return;
            }
            if (binaryJournal(head)) {
                unreadable.add(named + ": a binary journal, which is not read; journalctl --file=" + named
                        + " -o export tells it as one that is");
            } else if (isEvents(head)) {
                events(file, named);
            } else {
                capture(file, named, candidates(file, head), binary(head));
            }
        } catch (IOException | UncheckedIOException e) {
            unreadable.add(named + ": " + e.getMessage());
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        byte[] magic = in.readNBytes(2);
        in.close();
        boolean packed = magic.length == 2 && magic[0] == 0x1f && (magic[1] & 0xff) == 0x8b;
        return packed ? new GZIPInputStream(Files.newInputStream(file), 1 << 16) : Files.newInputStream(file);
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = open(file)) {
            return in.readNBytes(HEAD);
        }
    }

    /** Lines of JSON, but not those of the journal, which a sensor reads. */
    private boolean isEvents(byte[] head) {
        String text = new String(head, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        String first = end < 0 ? text : text.substring(0, end);
        if (!first.stripLeading().startsWith("{")) {
            return false;
        }
        boolean journal = first.contains("\"__REALTIME_TIMESTAMP\"") || first.contains("\"_BOOT_ID\"");
        return !journal && (end < 0 || lines.read(first) != null || first.contains("\"event\""));
    }

    private void events(Path file, String named) throws IOException {
        long number = 0;
        long broken = 0;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8), 1 << 16)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                Event event = lines.read(line);
                if (event == null) {
                    broken++;
                } else {
                    String id = event.id();
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

    /** The sensors that may know what to make of it. */
    private static List<String> candidates(Path file, byte[] head) throws IOException {
        if (packets(head)) {
            return List.of("dns", "flow", "snmp");
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (text.startsWith("{") || text.contains("__CURSOR=") || text.contains("__REALTIME_TIMESTAMP")) {
            return List.of("auth", "kernel_audit", "peripheral", "dns");
        }
        if (text.contains("msg=audit(") && !text.contains(" kernel: audit")) {
            return List.of("kernel_audit");
        }
        if (text.indexOf('\0') >= 0) {
            return List.of("flow", "peripheral", "auth");
        }
        // Reading a log costs more than looking whether there is anything in it for a sensor.
        List<String> candidates = new ArrayList<>(List.of("auth"));
        boolean[] found = found(file, List.of("kernel", "ACTION=", "dnsmasq", "unbound", "named[", "query["));
        if (found[0] || found[1]) {
            candidates.add("peripheral");
        }
        if (found[2] || found[3] || found[4] || found[5]) {
            candidates.add("dns");
        }
        return candidates;
    }

    private static boolean[] found(Path file, List<String> words) throws IOException {
        boolean[] found = new boolean[words.size()];
        try (InputStream in = open(file)) {
            String before = "";
            for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
                String text = before + new String(piece, StandardCharsets.ISO_8859_1);
                for (int i = 0; i < found.length; i++) {
                    found[i] |= text.contains(words.get(i));
                }
                before = text.substring(Math.max(0, text.length() - 16));
            }
        }
        return found;
    }

    private static boolean packets(byte[] head) {
        int magic = head.length < 4
                ? 0
                : (head[0] & 0xff) << 24 | (head[1] & 0xff) << 16 | (head[2] & 0xff) << 8 | (head[3] & 0xff);
        return magic == 0xa1b2c3d4
                || magic == 0xd4c3b2a1
                || magic == 0xa1b23c4d
                || magic == 0x4d3cb2a1
                || magic == 0x0a0d0d0a;
    }

    /** By systemd's signature, "Journal File Format", Header. */
    private static boolean binaryJournal(byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1).startsWith("LPKSHHRH");
    }

    /** No packets, and bytes that no text has. */
    private static boolean binary(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return text.indexOf('\0') >= 0 && !text.contains("__REALTIME_TIMESTAMP") && !packets(head);
    }

    /** @param binary what gives no event is then nothing that is known, rather than a log of nothing */
    private void capture(Path file, String named, List<String> candidates, boolean binary)
            throws IOException, InterruptedException {
        String reason = null;
        boolean read = false;
        for (String name : candidates) {
            Sensor sensor = Sensors.find(name).orElse(null);
            if (sensor == null) {
                continue;
            }
            try (LineNumbers numbers = new LineNumbers(file)) {
                Sink sink = new Sink(name, named, numbers, null);
                sensor.replay(new Replay(List.of(file), zone, year, Settings.none()), sink);
                read |= !binary || sink.events > 0;
            } catch (UnreadableCapture e) {
                reason = e.getMessage();
            }
        }
        if (!read) {
            unreadable.add(named + ": " + (reason == null ? "nothing here knows what it is" : reason));
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

        /** Of the tree whose files give events their times; null where events have their own. */
        private final @Nullable Path root;

        Sink(String sensor, String named, @Nullable LineNumbers numbers, @Nullable Path root) {
            this.root = root;
            this.sensor = sensor;
            this.named = named;
            this.numbers = numbers;
            this.stamp = new Stamp(sensor, new Origin(null, host, ""), named);
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
            malformed += count;
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
