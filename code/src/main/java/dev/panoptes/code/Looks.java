package dev.panoptes.code;

import dev.panoptes.code.ScannedTree.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Every place of a tree at which a reader looked, and what stood there: while all of it is as it was, reading again gives the
 * same. Safe for several threads.
 *
 * <p>A look is noted before the file is read or the folder listed, so that what changes in between shows at the next look. A
 * place that changed less than two seconds before it was looked at may change again within one tick of its file system's
 * clock, unseen: of such a tree nothing is certain.
 */
final class Looks {
    private static final Duration SETTLED = Duration.ofSeconds(2);
    private static final int MOST = 200_000;
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;

    private final InstantSource clock;
    private final Map<String, Seen> seen;
    private boolean certain = true;

    /** @param before what is known to be as it was */
    Looks(InstantSource clock, Map<String, Seen> before) {
        this.clock = clock;
        this.seen = new HashMap<>(before);
    }

    /** What one look gave. */
    sealed interface Seen {
        /** @param file links resolved, below the real root */
        record There(String file, Stamp stamp) implements Seen {}

        /** A folder on the way to something that was looked at; what else it holds does not matter. */
        record Way() implements Seen {}

        record Gone() implements Seen {}

        record Refused(String reason) implements Seen {}
    }

    /** What changes with every change of a file, even one that keeps its date (stat(2)): times in nanoseconds. */
    record Stamp(long device, long inode, int mode, long size, long modified, long changed) {
        /** @throws IOException where nothing is there any more */
        static Stamp of(Path file) throws IOException {
            Map<String, Object> all = Files.readAttributes(
                    file, "unix:dev,ino,mode,size,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
            return new Stamp(
                    number(all, "dev"),
                    number(all, "ino"),
                    (int) number(all, "mode"),
                    number(all, "size"),
                    nanos(all, "lastModifiedTime"),
                    nanos(all, "ctime"));
        }

        private static long number(Map<String, Object> all, String name) {
            return ((Number) Objects.requireNonNull(all.get(name))).longValue();
        }

        private static long nanos(Map<String, Object> all, String name) {
            Instant time = ((FileTime) Objects.requireNonNull(all.get(name))).toInstant();
            return time.getEpochSecond() * 1_000_000_000 + time.getNano();
        }

        boolean directory() {
            return (mode & TYPE) == DIRECTORY;
        }

        boolean regular() {
            return (mode & TYPE) == REGULAR;
        }
    }

    /** Something was read that may be otherwise the next time although nothing has changed. */
    synchronized void doubt() {
        certain = false;
    }

    /** Null where it is not certain that reading again would give the same. */
    synchronized @Nullable Map<String, Seen> all() {
        return certain && seen.size() <= MOST ? Map.copyOf(seen) : null;
    }

    synchronized void there(String rootPath, String file, Stamp stamp) {
        Instant now = clock.instant();
        long settled = now.minus(SETTLED).getEpochSecond() * 1_000_000_000 + now.getNano();
        certain &= stamp.changed() < settled;
        if (rootPath.equals(file) && !rootPath.isEmpty()) {
            seen.putIfAbsent(PathNames.parent(rootPath), new Seen.Way());
        }
        note(rootPath, new Seen.There(file, stamp));
    }

    synchronized void refused(String rootPath, String reason) {
        note(rootPath, new Seen.Refused(reason));
    }

    /** A folder that was looked at before tells as well that it does not hold this, unless a link there leads nowhere. */
    synchronized void gone(String rootPath, Path real) {
        for (String at = rootPath; !at.isEmpty(); at = PathNames.parent(at)) {
            if (seen.get(PathNames.parent(at)) instanceof Seen.There there && !seen.containsKey(rootPath)) {
                if (there.stamp().directory()
                        && !Files.exists(
                                real.resolve(there.file()).resolve(PathNames.last(at)), LinkOption.NOFOLLOW_LINKS)) {
                    return;
                }
                break;
            }
        }
        note(rootPath, new Seen.Gone());
    }

    private void note(String rootPath, Seen now) {
        Seen before = seen.put(rootPath, now);
        certain &= before == null || before instanceof Seen.Way || before.equals(now);
    }

    /** True where everything is as it was. */
    static boolean hold(Map<String, Seen> looks, ScannedTree tree) {
        for (Map.Entry<String, Seen> look : looks.entrySet()) {
            if (!holds(look.getKey(), look.getValue(), looks, tree)) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(String rootPath, Seen before, Map<String, Seen> looks, ScannedTree tree) {
        return switch (before) {
            case Seen.There(String file, Stamp stamp) -> {
                boolean plain =
                        rootPath.equals(file) && !rootPath.isEmpty() && isPlain(PathNames.parent(rootPath), looks);
                if (!plain
                        && !(tree.look(rootPath) instanceof Place.Here here
                                && tree.rootPath(here.file()).equals(file))) {
                    yield false;
                }
                try {
                    yield Stamp.of(tree.realRoot().resolve(file)).equals(stamp);
                } catch (IOException e) {
                    yield false;
                }
            }
            case Seen.Way _ ->
                tree.look(rootPath) instanceof Place.Here here
                        && here.directory()
                        && tree.rootPath(here.file()).equals(rootPath);
            case Seen.Gone _ -> tree.look(rootPath) instanceof Place.Absent;
            case Seen.Refused(String reason) ->
                tree.look(rootPath) instanceof Place.Unclear(String now) && now.equals(reason);
        };
    }

    /** Below such a folder a path without a link lies where it says: that the folder does is a look of its own. */
    private static boolean isPlain(String folder, Map<String, Seen> looks) {
        return switch (looks.get(folder)) {
            case Seen.Way _ -> true;
            case Seen.There there -> there.file().equals(folder);
            case Seen.Gone _, Seen.Refused _ -> false;
            case null -> false;
        };
    }
}
