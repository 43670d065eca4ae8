package dev.panoptes.sensors.live;

import dev.panoptes.core.host.Exec;
import dev.panoptes.core.host.HostFiles;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.replay.Feed;
import dev.panoptes.sensors.replay.Journal;
import dev.panoptes.sensors.replay.SinkOutput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows systemd's journal by {@code journalctl -o json -f}. The cursor of the last entry is kept with what was read from it, and
 * reading goes on behind it, also when journalctl is ended by others. Without one it begins at the end. What was removed before it
 * was read is told. One platform thread waits for the program.
 */
public final class JournalWatch implements Watch {
    private static final String SOURCE = "journald";
    private static final List<String> PLACES = List.of("/var/log/journal", "/run/log/journal");
    /** Where journald listens; that and a file of its own are there where it runs and keeps what it hears. */
    private static final String SOCKET = "/run/systemd/journal/socket";

    private static final String FIELDS =
            "MESSAGE,MESSAGE_ID,N_DROPPED,SYSLOG_IDENTIFIER,SYSLOG_PID,_COMM,_EXE,_HOSTNAME,_PID,"
                    + "_SOURCE_REALTIME_TIMESTAMP,_TRANSPORT,_UID";
    private static final int MOST_LINE = 1 << 20;
    /** Entries between two cursors that are kept where nothing is told: each costs a write. */
    private static final int ENTRIES = 256;

    private static final Duration ASK = Duration.ofSeconds(30);
    private static final int MOST_ASKED = 1 << 20;
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    /** Who counted entries that were read; a journal has one for each of its files in use. */
    private static final int MOST_COUNTERS = 4096;

    private final boolean once;
    private final Feed feed;
    private final EventSink sink;
    private final SinkOutput out;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Set<String> counters = new HashSet<>();
    private @Nullable JournalCursor cursor;
    private @Nullable String kept;
    private long unread;
    private volatile Exec.@Nullable Following journal;
    private volatile @Nullable String broken;

    private JournalWatch(Feed feed, EventSink sink, @Nullable String cursor, boolean once) {
        this.once = once;
        this.feed = feed;
        this.sink = sink;
        this.out = new SinkOutput(sink, SOURCE);
        this.cursor = cursor == null ? null : JournalCursor.of(cursor);
        this.thread = Thread.ofPlatform().daemon().name("sensor-journald").unstarted(this::run);
    }

    /** What this host's journal is to us. */
    public enum Access {
        READABLE,
        REFUSED,
        ABSENT
    }

    /** Whether journald keeps a journal here that this process may read. */
    public static Access access(HostFiles files) {
        boolean refused = false;
        if (!new Exec().has(Exec.Tool.JOURNALCTL) || !isThere(files, SOCKET)) {
            return Access.ABSENT;
        }
        for (String place : PLACES) {
            for (String machine : names(files, place)) {
                String own = place + "/" + machine + "/system.journal";
                if (!FollowedLogs.readable(files, List.of(own)).isEmpty()) {
                    return Access.READABLE;
                }
                refused |= isThere(files, own);
            }
        }
        return refused ? Access.REFUSED : Access.ABSENT;
    }

    private static boolean isThere(HostFiles files, String place) {
        try {
            return Files.exists(files.locate(place));
        } catch (IOException e) {
            return false; // not even the way there
        }
    }

    private static List<String> names(HostFiles files, String folder) {
        try {
            return files.list(folder);
        } catch (IOException e) {
            return List.of(); // there is no journal of this kind
        }
    }

    /** @throws IOException where journalctl is not there or does not tell */
    public static JournalWatch open(Feed feed, EventSink sink, Surroundings surroundings)
            throws IOException, InterruptedException {
        Optional<String> known = surroundings.positions().position(SOURCE).filter(text -> !text.isBlank());
        String cursor = known.isPresent() ? known.get() : last();
        JournalWatch watch = new JournalWatch(feed, sink, cursor, surroundings.once());
        if (known.isEmpty() && cursor != null) {
            sink.position(SOURCE, cursor); // a restart before the first entry goes on from here too
        }
        watch.thread.start();
        return watch;
    }

    /** The cursor of the last entry; null where there is none yet. */
    private static @Nullable String last() throws IOException, InterruptedException {
        Exec.Outcome outcome = new Exec()
                .run(
                        Exec.Tool.JOURNALCTL,
                        List.of("-o", "json", "-q", "--no-pager", "-n", "1", "--output-fields=_UID"),
                        ASK,
                        MOST_ASKED);
        return switch (outcome) {
            case Exec.Outcome.Ended(int code, String output, String error) -> {
                if (code != 0) {
                    throw new IOException("journalctl does not tell: " + error.strip());
                }
                Map<String, String> fields = output.isBlank() ? null : Journal.json(output.strip());
                yield fields == null ? null : fields.get("__CURSOR");
            }
            case Exec.Outcome.Broken(String reason) -> throw new IOException("journalctl does not tell: " + reason);
            default -> throw new IOException("journalctl does not tell");
        };
    }

    private void run() {
        long pause = FIRST_PAUSE_MILLIS;
        try {
            while (closing.getCount() > 0) {
                boolean read = false;
                try {
                    read = follow();
                    broken = once ? null : "journalctl has ended; it is started again";
                } catch (IOException e) {
                    broken = "journalctl: " + e.getMessage();
                }
                if (once) {
                    return;
                }
                pause = read ? FIRST_PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
                if (closing.await(pause, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The entry of the cursor comes first, where it is still there: whether it is tells whether anything is missing. */
    private List<String> arguments() {
        List<String> arguments =
                new ArrayList<>(List.of("-o", "json", "--all", "--no-pager", "-q", "--output-fields=" + FIELDS));
        if (!once) {
            arguments.addAll(List.of("-f", "--no-tail"));
        }
        JournalCursor from = cursor;
        if (from != null) {
            arguments.add("--cursor=" + from.text());
        }
        return arguments;
    }

    /** @return true where an entry was read */
    private boolean follow() throws IOException, InterruptedException {
        boolean first = true;
        int quiet = 0;
        try (Exec.Following following = new Exec().follow(Exec.Tool.JOURNALCTL, arguments())) {
            journal = following;
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(following.output(), StandardCharsets.UTF_8));
            StringBuilder line = new StringBuilder(1024);
            for (int c = closing.getCount() == 0 ? -1 : reader.read(); c >= 0; c = reader.read()) {
                if (c != '\n') {
                    if (line.length() < MOST_LINE) {
                        line.append((char) c);
                    }
                    continue;
                }
                entry(Journal.json(line.toString()), first);
                first = false;
                line.setLength(0);
                quiet = out.hasMore() ? 0 : quiet + 1;
                if (out.hasMore() || quiet >= ENTRIES || !reader.ready()) {
                    keep();
                    quiet = 0;
                }
                sink.pace();
            }
        } catch (IOException e) {
            if (closing.getCount() > 0) {
                throw e;
            }
        } finally {
            journal = null;
        }
        return !first;
    }

    private void entry(@Nullable Map<String, String> fields, boolean first) {
        String text = fields == null ? null : fields.get("__CURSOR");
        if (fields == null || text == null) {
            out.malformed();
            unread++;
            return;
        }
        JournalCursor before = cursor;
        JournalCursor here = JournalCursor.of(text);
        if (first && before != null && here.text().equals(before.text())) {
            remember(here);
            return; // it was told before
        }
        if (before != null) {
            missing(here, before, first);
        }
        unread = 0;
        remember(here);
        cursor = here;
        feed.line(Journal.line(null, -1, fields), out);
    }

    private void remember(JournalCursor here) {
        if (counters.size() < MOST_COUNTERS) {
            counters.add(here.counter());
        }
    }

    /**
     * Removed before it was read, or in a file that this process may not read. A journald that counts anew makes no gap, but where
     * the entry at which reading goes on is gone nobody knows how many followed it.
     */
    private void missing(JournalCursor here, JournalCursor before, boolean first) {
        boolean sameCount = here.counter().equals(before.counter()) || counters.contains(here.counter());
        long missing = sameCount ? here.missingSince(before) - unread : -1;
        if (missing > 0) {
            out.lost(SOURCE, missing);
        } else if (first && missing < 0) {
            out.lost(SOURCE, 0);
        }
    }

    private void keep() throws InterruptedException {
        JournalCursor here = cursor;
        if (here == null || here.text().equals(kept)) {
            out.endOfRecord();
            return;
        }
        kept = here.text();
        out.endOfRecord(SOURCE, kept);
    }

    @Override
    public void collect(Cycle cycle) throws IOException, InterruptedException {
        if (once) {
            thread.join(); // it ends where the journal does
        }
        String why = broken;
        broken = null;
        if (why != null) {
            throw new IOException(why);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        Exec.Following running = journal;
        if (running != null) {
            running.close();
        }
        thread.interrupt();
    }
}
