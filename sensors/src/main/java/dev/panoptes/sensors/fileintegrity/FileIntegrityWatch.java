package dev.panoptes.sensors.fileintegrity;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
    private @Nullable FileTable known;
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
        this.known = kept == null
                ? null
                : scopeBefore.equals(scope) ? kept.files() : kept.files().where(scope::covers);
        this.dirty = kept != null && kept.older();
        boolean live = surroundings.host().isLive()
                && !surroundings.once()
                && surroundings.settings().flag("inotify", true);
        this.notices = live
                ? Thread.ofPlatform().name("file_integrity inotify").daemon().start(this::listen)
                : null;
    }

    private boolean isLeftOut(String path) {
        return leftOut.contains(path);
    }

    @Override
    public synchronized void collect(Cycle cycle) throws IOException, InterruptedException {
        FileTable before = known;
        FileTable was = before == null ? new FileTable() : before;
        TreeLook.Seen seen = new TreeLook(source, was, this::isLeftOut, hooks).at(paths);
        looked = true;
        FileTable now = seen.files();
        if (before != null && seen.differs()) {
            // What the configuration before did not look at is not new, only looked at for the first time.
            tell(was, scopeBefore.equals(scope) ? now : now.where(scopeBefore::covers), cycle.time());
        }
        known = now;
        if (baseline != null && (dirty || before == null || !scopeBefore.equals(scope) || seen.differs())) {
            sink.flush();
            baseline.write(scope, now);
            dirty = false;
        }
        scopeBefore = scope;
    }

    private final TreeLook.Hooks hooks = new TreeLook.Hooks() {
        @Override
        public void rest() {
            FileIntegrityWatch.this.rest();
        }

        @Override
        public void directory(String path, boolean same) {
            // The kernel is asked once: at the first look of this process, and where it is another directory later.
            if (notices != null && !(looked && same)) {
                freshDirectories.add(path);
            }
        }
    };

    /** Of each directory that is not as it was: what was, and what is. */
    private void tell(FileTable before, FileTable now, Instant time) throws InterruptedException {
        Map<String, FileRecord> were = new HashMap<>();
        Map<String, FileRecord> are = new HashMap<>();
        Set<String> directories = new HashSet<>(before.listings().keySet());
        directories.addAll(now.listings().keySet());
        for (String directory : directories) {
            if (!before.listing(directory).equals(now.listing(directory))) {
                were.putAll(before.in(directory));
                are.putAll(now.in(directory));
            }
        }
        tell(were, are, time, "scan");
    }

    private void rest() {
        try {
            sink.pace();
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
        for (FileRecord old : before.values()) {
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
        FileTable all = known;
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
            FileRecord old = all.at(path);
            if (old != null) {
                before.put(path, old);
            }
            if (seen == null && old != null && old.type().equals("dir")) {
                // What was in a directory that is gone has gone with it.
                all.below(path, record -> before.put(record.path(), record));
            } else if (seen != null && seen.type().equals("dir") && old == null) {
                TreeLook look = new TreeLook(source, new FileTable(), this::isLeftOut, hooks);
                look.at(List.of(path)).files().each(record -> now.put(record.path(), record));
            } else if (seen != null) {
                boolean same = old != null && seen.sameAsOf(old);
                now.put(
                        path,
                        same ? old : source.complete(List.of(seen), this::rest).getFirst());
            }
        }
        tell(before, now, surroundings.clock().instant(), "inotify");
        all.update(now, before.keySet());
        dirty = true;
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
