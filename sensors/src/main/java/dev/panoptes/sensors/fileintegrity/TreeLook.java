package dev.panoptes.sensors.fileintegrity;

import dev.panoptes.core.host.DirectoryLook;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One look at everything below some paths, beside how it was. What cannot have changed keeps its entry and with it its digest; the
 * rest is read by as many threads as there are cores. For one thread.
 */
final class TreeLook {
    private static final int BATCH = 32;
    /** Batches that are read or wait for it. */
    private static final int MOST_AHEAD = 8;
    /** Entries of a directory between two rests. */
    private static final int STRIDE = 64;

    private final FileSource source;
    private final FileTable before;
    private final Predicate<String> leftOut;
    private final Hooks hooks;
    private final Map<String, Listing> now;
    private final List<Pending> batch = new ArrayList<>(BATCH);
    private final Deque<Future<List<Pending>>> ahead = new ArrayDeque<>();
    private final Set<String> listed = new HashSet<>();
    private boolean differs;

    /** What else is to be done while looking. */
    interface Hooks {
        /** Gives the processor to others for as long as is due. Called by several threads. */
        void rest();

        /** There is a directory. Called by the thread that looks. @param same true where it was there before */
        void directory(String path, boolean same);
    }

    /** What was seen. @param differs false where everything is as it was */
    record Seen(FileTable files, boolean differs) {}

    /** A file that is to be read, and where it belongs. */
    private record Pending(String directory, Gathering gathering, int place, FileRecord record) {}

    TreeLook(FileSource source, FileTable before, Predicate<String> leftOut, Hooks hooks) {
        this.source = source;
        this.before = before;
        this.leftOut = leftOut;
        this.hooks = hooks;
        this.now = HashMap.newHashMap(before.listings().size());
    }

    /** Everything below some paths, themselves included; links are not followed. */
    Seen at(Collection<String> paths) throws InterruptedException {
        // A directory comes before what lies below it, so that nothing is looked at twice.
        Set<String> sorted = new TreeSet<>(paths);
        Set<String> parents = new HashSet<>();
        sorted.forEach(path -> parents.add(FileSource.directory(path)));
        Map<String, Gathering> above = new HashMap<>();
        try (ExecutorService readers = Executors.newFixedThreadPool(
                        Runtime.getRuntime().availableProcessors(),
                        Thread.ofPlatform().daemon().name("file_integrity ", 0).factory());
                DirectoryLook look = DirectoryLook.open().orElse(null)) {
            for (String path : sorted) {
                Path place = source.locate(path);
                if (place != null) {
                    new Walk(path, place.toString(), look, readers, parents).from(above);
                }
            }
            above.forEach((directory, gathering) -> end(directory, gathering));
            read(readers);
            while (!ahead.isEmpty()) {
                take();
            }
        }
        if (Thread.interrupted()) {
            // What was not read in time is not gone.
            throw new InterruptedException();
        }
        boolean gone = now.size() != before.listings().size();
        return new Seen(new FileTable(now), differs || gone);
    }

    private void end(String directory, Gathering gathering) {
        gathering.end();
        finish(directory, gathering);
    }

    private void finish(String directory, Gathering gathering) {
        if (gathering.isComplete()) {
            differs |= gathering.differs();
            Listing listing = gathering.listing();
            if (listing.count() > 0) {
                now.put(directory, listing);
            }
        }
    }

    private void read(ExecutorService readers) {
        if (!batch.isEmpty()) {
            List<Pending> files = List.copyOf(batch);
            batch.clear();
            ahead.add(readers.submit(() -> complete(files)));
        }
        if (ahead.size() >= MOST_AHEAD) {
            take();
        }
    }

    private List<Pending> complete(List<Pending> files) {
        List<FileRecord> read =
                source.complete(files.stream().map(Pending::record).toList(), hooks::rest);
        List<Pending> complete = new ArrayList<>(files.size());
        for (int i = 0; i < files.size(); i++) {
            Pending file = files.get(i);
            complete.add(new Pending(file.directory(), file.gathering(), file.place(), read.get(i)));
        }
        return complete;
    }

    private void take() {
        try {
            for (Pending file : ahead.removeFirst().get()) {
                file.gathering().complete(file.place(), file.record());
                finish(file.directory(), file.gathering());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading a file failed", e.getCause());
        } catch (InterruptedException e) {
            // The walk sees it at its next directory.
            Thread.currentThread().interrupt();
        }
    }

    /** Everything below one path. */
    private final class Walk implements DirectoryLook.Visitor {
        private final String root;
        /** Where that is on this machine. */
        private final String place;
        /** Null where every file must be asked for in Java's way. */
        private final @Nullable DirectoryLook look;

        private final ExecutorService readers;
        private final Set<String> parents;
        private String directory = "";
        private Gathering gathering = new Gathering(Listing.EMPTY);
        private Listing was = Listing.EMPTY;
        private List<String> inner = new ArrayList<>();
        private boolean foreign;
        private int entries;

        Walk(String root, String place, @Nullable DirectoryLook look, ExecutorService readers, Set<String> parents) {
            this.root = root;
            this.place = place;
            this.look = look;
            this.readers = readers;
            this.parents = parents;
        }

        private String place(String path) {
            return path.equals(root)
                    ? place
                    : FileSource.below(place, path.substring(root.equals("/") ? 1 : root.length() + 1));
        }

        /** @param above what is gathered of directories that are themselves not looked at; where one is, nothing is left to do here */
        void from(Map<String, Gathering> above) throws InterruptedException {
            String parent = FileSource.directory(root);
            FileRecord record =
                    listed.contains(parent) || leftOut.test(root) ? null : source.look(root, Path.of(place));
            if (record == null) {
                return;
            }
            at(parent, above.computeIfAbsent(parent, path -> new Gathering(before.listing(path))));
            seen(record);
            if (record.type().equals("dir")) {
                below(root);
            }
        }

        private void at(String path, Gathering gathered) {
            directory = path;
            gathering = gathered;
            was = gathered.was();
            inner = new ArrayList<>(0);
            foreign = false;
        }

        private void below(String path) throws InterruptedException {
            hooks.rest();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (parents.contains(path)) {
                listed.add(path);
            }
            at(path, new Gathering(before.listing(path)));
            if (look == null) {
                entries(false);
            } else if (!look.list(place(path), this)) {
                at(path, new Gathering(before.listing(path))); // what was told before it failed is told again
                entries(false);
            } else if (foreign) {
                entries(true);
            }
            end(path, gathering);
            for (String directory : List.copyOf(inner)) {
                below(directory);
            }
        }

        /** @param foreignOnly to leave out what has a name of ASCII, which has been told already */
        private void entries(boolean foreignOnly) throws InterruptedException {
            String path = directory;
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(place(path)))) {
                for (Path entry : entries) {
                    String name = String.valueOf(entry.getFileName());
                    if (!foreignOnly || name.chars().anyMatch(c -> c > 0x7f)) {
                        javas(FileSource.below(path, name), entry);
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                // It is gone again, or may not be read.
                return;
            }
        }

        private void javas(String path, Path entry) {
            FileRecord record = leftOut.test(path) ? null : source.look(path, entry);
            if (record != null) {
                seen(record);
            }
        }

        private void seen(FileRecord record) {
            int at = gathering.find(FileSource.name(record.path()));
            seen(record, at < 0 ? null : was.record(at, directory), at);
        }

        private void seen(FileRecord record, @Nullable FileRecord old, int at) {
            if (old != null && record.sameAsOf(old)) {
                gathering.keep(at);
            } else {
                int added = gathering.add(record);
                if (record.type().equals("file")) {
                    gathering.await();
                    batch.add(new Pending(directory, gathering, added, record));
                    if (batch.size() == BATCH) {
                        read(readers);
                    }
                }
            }
            if (record.type().equals("dir")) {
                inner.add(record.path());
                hooks.directory(record.path(), old != null && old.inode() == record.inode());
            }
        }

        @Override
        public void entry(DirectoryLook told) {
            if (++entries % STRIDE == 0) {
                hooks.rest();
            }
            int at = gathering.find(told);
            if (at >= 0 && was.isSame(at, told)) {
                // What is known is not left out.
                gathering.keep(at);
                if (was.isDirectory(at)) {
                    String path = FileSource.below(directory, told.name());
                    inner.add(path);
                    hooks.directory(path, true);
                }
                return;
            }
            String path = FileSource.below(directory, told.name());
            if (at >= 0 || !leftOut.test(path)) {
                try {
                    seen(source.seen(path, told, place(path)), at < 0 ? null : was.record(at, directory), at);
                } catch (IOException e) {
                    return; // a link that is gone again
                }
            }
        }

        @Override
        public void unknown(DirectoryLook told) {
            String path = FileSource.below(directory, told.name());
            javas(path, Path.of(place(path)));
        }

        @Override
        public void foreign() {
            foreign = true;
        }
    }
}
