package dev.panoptes.sensors.replay;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.ReplayResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a replay of bytes through a sensor's feed gave. */
public record Replayed(ReplayResult result, List<Event> events, long lost) {

    /** Replays bytes as one file, in UTC. */
    public static Replayed of(String sensor, Feed feed, byte[] content) {
        return of(sensor, feed, content, ZoneOffset.UTC, null);
    }

    /** Replays lines as one file, in UTC. */
    public static Replayed of(String sensor, Feed feed, String content) {
        return of(sensor, feed, content.getBytes(StandardCharsets.UTF_8), ZoneOffset.UTC, null);
    }

    /** Replays bytes as one file. */
    public static Replayed of(String sensor, Feed feed, byte[] content, ZoneId zone, @Nullable Integer year) {
        Collected out = new Collected();
        CaptureReader reader = new CaptureReader(sensor, feed, out, zone, year);
        try {
            Path file = Files.createTempFile("replay", ".bin");
            try {
                Files.write(file, content);
                reader.read(file);
                reader.finish();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new Replayed(
                new ReplayResult(reader.records(), out.events.size(), out.malformed, out.lost), out.events, out.lost);
    }

    /** The texts at a path, one an event; {@code -} where an event has none. */
    public List<String> texts(String path) {
        return events.stream()
                .map(event -> event.value(path).map(Object::toString).orElse("-"))
                .toList();
    }

    private static final class Collected implements Receiver {
        private final List<Event> events = new ArrayList<>();
        private long malformed;
        private long lost;

        @Override
        public void event(Event.Builder event) {
            events.add(event.build());
        }

        @Override
        public void malformed() {
            malformed++;
        }

        @Override
        public void lost(String provider, long count) {
            lost += count;
        }

        @Override
        public void endOfRecord() {
            // events have been taken as they came
        }
    }
}
