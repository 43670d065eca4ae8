package dev.panoptes.sensors.live;

import dev.panoptes.core.host.Exec;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.replay.Feed;
import dev.panoptes.sensors.replay.Journal;
import dev.panoptes.sensors.replay.SinkOutput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows systemd's journal by {@code journalctl -o json -f}. The cursor of the last entry is kept with what was read from it, and
 * reading goes on behind it. Without one it begins at the end. One platform thread waits for the program.
 */
public final class JournalWatch implements Watch {
    private static final String SOURCE = "journald";
    private static final int MOST_LINE = 1 << 20;
    /** Entries between two cursors that are kept: each costs a write. */
    private static final int ENTRIES = 256;

    private final Exec.Following journal;
    private final Feed feed;
    private final EventSink sink;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable IOException broken;

    private JournalWatch(Exec.Following journal, Feed feed, EventSink sink) {
        this.journal = journal;
        this.feed = feed;
        this.sink = sink;
        this.thread = Thread.ofPlatform().daemon().name("sensor-journald").unstarted(this::run);
    }

    /** @throws IOException where journalctl is not there or cannot be started */
    public static JournalWatch open(Feed feed, EventSink sink, Surroundings surroundings) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-o", "json", "-f", "--no-pager", "-q"));
        Optional<String> cursor = surroundings.positions().position(SOURCE);
        if (cursor.isPresent() && !cursor.get().startsWith("-")) {
            arguments.addAll(List.of("--no-tail", "--after-cursor=" + cursor.get()));
        } else {
            arguments.addAll(List.of("-n", "0"));
        }
        JournalWatch watch = new JournalWatch(new Exec().follow(Exec.Tool.JOURNALCTL, arguments), feed, sink);
        watch.thread.start();
        return watch;
    }

    private void run() {
        SinkOutput out = new SinkOutput(sink, SOURCE);
        int unkept = 0;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(journal.output(), StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder(1024);
            String cursor = null;
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                if (c != '\n') {
                    if (line.length() < MOST_LINE) {
                        line.append((char) c);
                    }
                    continue;
                }
                Map<String, String> fields = Journal.json(line.toString());
                line.setLength(0);
                if (fields == null) {
                    out.malformed();
                } else {
                    feed.line(Journal.line(null, -1, fields), out);
                    cursor = fields.getOrDefault("__CURSOR", cursor == null ? "" : cursor);
                }
                out.endOfRecord();
                sink.pace();
                unkept++;
                if (cursor != null && !cursor.isEmpty() && (unkept >= ENTRIES || !reader.ready())) {
                    sink.position(SOURCE, cursor);
                    unkept = 0;
                }
            }
            if (!closed) {
                broken = new IOException("journalctl has ended");
                sink.lost(Loss.SOURCE_GAP, SOURCE, 0);
            }
        } catch (IOException e) {
            if (!closed) {
                broken = e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void collect(Cycle cycle) throws IOException {
        IOException why = broken;
        if (why != null) {
            throw why;
        }
    }

    @Override
    public void close() {
        closed = true;
        journal.close();
        thread.interrupt();
    }
}
