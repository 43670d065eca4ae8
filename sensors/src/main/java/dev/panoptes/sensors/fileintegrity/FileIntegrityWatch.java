package dev.panoptes.sensors.fileintegrity;

import dev.panoptes.core.host.ExtendedAttributes;
import dev.panoptes.core.host.FileDigest;
import dev.panoptes.core.host.HostFiles;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.packages.InstalledPackages;
import dev.panoptes.sensors.packages.Spelling;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Compares files with the baseline in every cycle, and at once where inotify tells of a change. The first look makes the
 * baseline and tells nothing: there is nothing yet to differ from.
 */
final class FileIntegrityWatch implements Watch {
    private static final List<String> PATHS = List.of(
            "/etc",
            "/boot",
            "/usr/bin",
            "/usr/sbin",
            "/usr/local",
            "/usr/libexec",
            "/usr/lib/systemd",
            "/root",
            "/var/www",
            "/srv");
    private static final List<String> LEFT_OUT = List.of("/root/.cache", "/etc/mtab", "/proc", "/sys", "/dev");
    private static final int POLL_MILLIS = 250;
    private static final int MOST_DIRECTORIES = 20_000;
    private static final int BATCH = 32;
    /** Batches that are read or wait for it. */
    private static final int MOST_AHEAD = 8;

    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final Surroundings surroundings;
    private final EventSink sink;
    private final FileSource source;
    private final List<String> paths;
    private final Set<String> leftOut = new HashSet<>(LEFT_OUT);
    private final Scope scope;
    /** Of what is known: another one until the first look under a new configuration. */
    private Scope scopeBefore;

    private final @Nullable Baseline baseline;
    private final @Nullable Thread notices;
    private @Nullable Map<String, FileRecord> known;
    private final Set<String> freshDirectories = new HashSet<>();
    private volatile @Nullable WriterSource writers;
    private volatile boolean closed;
    private boolean dirty;
    /** Whether this process has seen every directory: a kept baseline says nothing of what the kernel was asked. */
    private boolean looked;

    FileIntegrityWatch(Surroundings surroundings, EventSink sink) throws IOException {
        this.surroundings = surroundings;
        this.sink = sink;
        this.source = new FileSource(surroundings.host().files());
        Set<String> configured = Scope.plain(surroundings.settings().texts("paths"));
        this.paths = configured.isEmpty() ? PATHS : List.copyOf(configured);
        this.leftOut.addAll(Scope.plain(surroundings.settings().texts("exclude")));
        Path own = surroundings.directory();
        this.baseline = own == null ? null : new Baseline(own.resolve("baseline"));
        if (own != null) {
            // What this program writes itself is no event.
            Path data = own.toAbsolutePath().normalize().getParent();
            if (data != null && data.getParent() != null) {
                leftOut.add(data.getParent().toString());
            }
        }
        this.scope = new Scope(paths, leftOut);
        Baseline.Kept kept = baseline == null ? null : baseline.read().orElse(null);
        Scope was = kept == null ? null : kept.scope();
        this.scopeBefore = was == null ? scope : was;
        this.known = kept == null ? null : scopeBefore.equals(scope) ? kept.records() : within(kept.records(), scope);
        boolean live = surroundings.host().isLive()
                && !surroundings.once()
                && surroundings.settings().flag("inotify", true);
        this.notices = live
                ? Thread.ofPlatform().name("file_integrity inotify").daemon().start(this::listen)
                : null;
    }

    private static Map<String, FileRecord> within(Map<String, FileRecord> records, Scope scope) {
        Map<String, FileRecord> covered = new HashMap<>(records);
        covered.keySet().removeIf(path -> !scope.covers(path));
        return covered;
    }

    private boolean isLeftOut(String path) {
        return leftOut.contains(path);
    }

    @Override
    public synchronized void collect(Cycle cycle) throws IOException, InterruptedException {
        Map<String, FileRecord> before = known;
        Map<String, FileRecord> was = before == null ? new HashMap<>() : before;
        Map<String, FileRecord> another = scan(was);
        Map<String, FileRecord> now = another == null ? was : another;
        if (before != null && another != null) {
            // What the configuration before did not look at is not new, only looked at for the first time.
            tell(before, scopeBefore.equals(scope) ? now : within(now, scopeBefore), cycle.time(), "scan");
        }
        known = now;
        if (baseline != null
                && (dirty || before == null || !scopeBefore.equals(scope) || (another != null && !was.equals(now)))) {
            sink.flush();
            baseline.write(scope, now);
            dirty = false;
        }
        scopeBefore = scope;
    }

    /**
     * Everything as it is; what cannot have changed keeps its digest, the rest is read by as many threads as there are cores.
     *
     * @return null where it is as before: nothing can have changed
     */
    private @Nullable Map<String, FileRecord> scan(Map<String, FileRecord> before)
            throws IOException, InterruptedException {
        Map<String, FileRecord> now = new HashMap<>();
        Deque<Future<List<FileRecord>>> ahead = new ArrayDeque<>();
        List<FileRecord> batch = new ArrayList<>(BATCH);
        int cores = Runtime.getRuntime().availableProcessors();
        Known known = new Known(before);
        try (ExecutorService readers = Executors.newFixedThreadPool(
                cores, Thread.ofPlatform().daemon().name("file_integrity ", 0).factory())) {
            for (String path : paths) {
                source.walk(path, this::isLeftOut, known, (record, same) -> {
                    rest();
                    // What is the same is noted where it is known: nobody keeps a second copy of each.
                    if (!same && record.type().equals("file")) {
                        batch.add(record);
                        if (batch.size() == BATCH) {
                            read(batch, readers, ahead, now);
                        }
                    } else if (!same) {
                        now.put(record.path(), record);
                    }
                    if (notices != null && record.type().equals("dir") && isUnwatched(record, known)) {
                        freshDirectories.add(record.path());
                    }
                });
            }
            read(batch, readers, ahead, now);
            while (!ahead.isEmpty()) {
                take(ahead, now);
            }
        }
        if (Thread.interrupted()) {
            // What was not read in time is not gone.
            throw new InterruptedException();
        }
        looked = true;
        if (now.isEmpty() && known.areAllFound()) {
            return null;
        }
        known.addFound(now);
        return now;
    }

    /** The kernel is asked to tell of a directory once: at the first look of this process, and where it is another one later. */
    private boolean isUnwatched(FileRecord record, Known known) {
        FileRecord old = looked ? known.at(record.path()) : null;
        return old == null || old.inode() != record.inode();
    }

    private void read(
            List<FileRecord> batch,
            ExecutorService readers,
            Deque<Future<List<FileRecord>>> ahead,
            Map<String, FileRecord> now) {
        if (!batch.isEmpty()) {
            List<FileRecord> files = List.copyOf(batch);
            batch.clear();
            ahead.add(readers.submit(() -> complete(files)));
        }
        if (ahead.size() >= MOST_AHEAD) {
            take(ahead, now);
        }
    }

    /** Several at once: what reads a file has buffers that are dearer to make than most files are to read. */
    private List<FileRecord> complete(List<FileRecord> files) {
        List<FileRecord> read = new ArrayList<>(files.size());
        try (ExtendedAttributes attributes = new ExtendedAttributes();
                FileDigest digest = new FileDigest()) {
            for (FileRecord file : files) {
                rest();
                read.add(source.complete(file, attributes, digest));
            }
        }
        return read;
    }

    private void rest() {
        try {
            sink.pace();
        } catch (InterruptedException e) {
            // The walk sees it at its next file.
            Thread.currentThread().interrupt();
        }
    }

    private static void take(Deque<Future<List<FileRecord>>> ahead, Map<String, FileRecord> into) {
        try {
            for (FileRecord record : ahead.removeFirst().get()) {
                into.put(record.path(), record);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading a file failed", e.getCause());
        } catch (InterruptedException e) {
            // The walk sees it at its next file.
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Map<String, FileRecord> before, Map<String, FileRecord> now, Instant time, String provider)
            throws InterruptedException {
        List<FileRecord> created = new ArrayList<>();
        List<FileRecord> deleted = new ArrayList<>();
        List<FileRecord[]> changed = new ArrayList<>();
        for (FileRecord record : now.values()) {
            FileRecord old = before.get(record.path());
            if (old == null) {
                created.add(record);
            } else if (!record.sameAsOf(old) && !record.changed(old).isEmpty()) {
                changed.add(new FileRecord[] {old, record});
            }
        }
        // Whatever is there now was there before, and as many: nothing is gone.
        boolean all = created.isEmpty() && now.size() == before.size();
        for (FileRecord old : all ? List.<FileRecord>of() : before.values()) {
            if (!now.containsKey(old.path())) {
                deleted.add(old);
            }
        }
        if (created.isEmpty() && deleted.isEmpty() && changed.isEmpty()) {
            return;
        }
        List<String> touched = new ArrayList<>();
        created.forEach(record -> touched.add(record.path()));
        deleted.forEach(record -> touched.add(record.path()));
        changed.forEach(pair -> touched.add(pair[1].path()));
        FileEvents events = events(touched, time, provider);
        Map<Long, FileRecord> gone = new HashMap<>();
        deleted.forEach(record -> gone.put(record.inode(), record));
        for (FileRecord record : created) {
            FileRecord moved = gone.get(record.inode());
            if (moved != null
                    && moved.type().equals(record.type())
                    && Objects.equals(moved.sha256(), record.sha256())
                    && moved.mtime() == record.mtime()) {
                gone.remove(record.inode());
                deleted.remove(moved);
                sink.event(events.of("moved", moved, record, List.of("path")));
            } else {
                sink.event(events.of("created", null, record, List.of()));
            }
        }
        for (FileRecord[] pair : changed) {
            change(events, pair[0], pair[1]);
        }
        for (FileRecord record : deleted) {
            sink.event(events.of("deleted", record, null, List.of()));
        }
    }

    private void change(FileEvents events, FileRecord before, FileRecord now) throws InterruptedException {
        List<String> what = now.changed(before);
        sink.event(events.of(what.contains("content") ? "modified" : "attributes_changed", before, now, what));
    }

    private FileEvents events(List<String> touched, Instant time, String provider) throws InterruptedException {
        HostFiles files = surroundings.host().files();
        return new FileEvents(
                new InstalledPackages(files, new Spelling(files)::of).owners(touched),
                names(files, "/etc/passwd"),
                names(files, "/etc/group"),
                time,
                provider,
                path -> {
                    WriterSource known = writers;
                    // What a scan finds may have been written by another than who wrote last before it.
                    return known == null || !provider.equals("inotify") ? null : known.take(path);
                });
    }

    private static Map<Long, String> names(HostFiles files, String file) {
        Map<Long, String> names = new HashMap<>();
        try {
            for (String line : files.readText(file, 4 << 20).split("\n")) {
                String[] fields = line.split(":", 4);
                if (fields.length > 3 && fields[2].matches("\\d{1,10}")) {
                    names.putIfAbsent(Long.valueOf(fields[2]), fields[0]);
                }
            }
        } catch (IOException e) {
            names.clear(); // nobody has a name here
        }
        return names;
    }

    private void listen() {
        try (InotifySource kernel = new InotifySource();
                WriterSource who = writerSource()) {
            writers = who;
            List<InotifySource.Notice> batch = new ArrayList<>();
            int watched = 0;
            while (!closed) {
                for (String directory : fresh()) {
                    Path place = source.locate(directory);
                    if (place != null && watched < MOST_DIRECTORIES && kernel.add(directory, place)) {
                        watched++;
                        if (who != null) {
                            who.add(place);
                        }
                    }
                }
                if (!kernel.receive(POLL_MILLIS, batch::add)) {
                    sink.lost(Loss.KERNEL_OVERFLOW, "inotify", 0);
                }
                sink.pace(); // what comes meanwhile waits in the kernel, and many notices of one file are one look
                if (!batch.isEmpty()) {
                    noticed(batch);
                    batch.clear();
                }
            }
        } catch (IOException e) {
            // The scans go on; they see the same, later.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Null where this process may not know who writes: the events are the same without. */
    private static @Nullable WriterSource writerSource() {
        try {
            return new WriterSource();
        } catch (IOException e) {
            return null;
        }
    }

    private synchronized List<String> fresh() {
        List<String> directories = List.copyOf(freshDirectories);
        freshDirectories.clear();
        return directories;
    }

    /** Looks at what was told of, each path once. */
    private synchronized void noticed(List<InotifySource.Notice> batch) throws InterruptedException {
        Map<String, FileRecord> all = known;
        if (all == null) {
            return;
        }
        Map<String, FileRecord> before = new HashMap<>();
        Map<String, FileRecord> now = new HashMap<>();
        for (InotifySource.Notice notice : batch) {
            String path = notice.path();
            if (now.containsKey(path) || isLeftOut(path)) {
                continue;
            }
            Path place = source.locate(path);
            FileRecord seen = place == null ? null : source.look(path, place);
            boolean unfinished = seen != null
                    && seen.type().equals("file")
                    && batch.stream()
                            .filter(other -> other.path().equals(path))
                            .allMatch(other -> other.mask() == InotifySource.CREATE);
            if (unfinished) {
                continue; // it is told when its writer closes it
            }
            Optional.ofNullable(all.get(path)).ifPresent(old -> before.put(path, old));
            if (seen == null) {
                below(all, path, before);
            } else if (seen.type().equals("dir") && !all.containsKey(path)) {
                source.walk(path, this::isLeftOut, new Known(Map.of()), (record, same) -> {
                    now.put(
                            record.path(),
                            record.type().equals("file")
                                    ? complete(List.of(record)).getFirst()
                                    : record);
                    if (record.type().equals("dir")) {
                        freshDirectories.add(record.path());
                    }
                });
            } else {
                FileRecord old = all.get(path);
                now.put(
                        path,
                        old != null && seen.sameAsOf(old)
                                ? old
                                : complete(List.of(seen)).getFirst());
            }
        }
        tell(before, now, surroundings.clock().instant(), "inotify");
        before.keySet().forEach(all::remove);
        all.putAll(now);
        dirty = true;
    }

    /** What was in a directory that is gone has gone with it. */
    private static void below(Map<String, FileRecord> all, String path, Map<String, FileRecord> into) {
        FileRecord gone = all.get(path);
        if (gone != null && gone.type().equals("dir")) {
            for (FileRecord record : all.values()) {
                if (record.path().startsWith(path + "/")) {
                    into.put(record.path(), record);
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        if (notices != null) {
            notices.interrupt();
            try {
                notices.join(CLOSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
