package dev.panoptes.sensors.replay;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.event.EventPath;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a log or one entry of a journal, its header taken off.
 *
 * @param path the file; null for a live journal
 * @param offset where the line begins in the file, in bytes; -1 where there is no file
 * @param text the whole line as it stands in the file, or a journal's message
 * @param time null where the line has no stamp, or one that only counts from the start of the host
 * @param host the host that the header names; null where it names none
 * @param tag the program that the header names, without its process id; null where there is no header
 * @param pid null where the header names none
 * @param message what follows the header; the whole text where there is none
 * @param kernel true where the kernel itself says this, as far as the source can tell
 * @param provider the source, as {@code event.provider} tells it
 * @param journal the fields of a journal entry; null for a line of a file
 */
public record LogLine(
        @Nullable String path,
        long offset,
        String text,
        @Nullable Instant time,
        @Nullable String host,
        @Nullable String tag,
        @Nullable Long pid,
        String message,
        boolean kernel,
        String provider,
        @Nullable Map<String, String> journal) {

    private static final EventPath AT_TIMESTAMP = EventPath.of("@timestamp");
    private static final EventPath AT_EVENT_PROVIDER = EventPath.of("event.provider");
    private static final EventPath AT_EVENT_ORIGINAL = EventPath.of("event.original");
    private static final EventPath AT_HOST_NAME = EventPath.of("host.name");
    private static final EventPath AT_LOG_FILE_PATH = EventPath.of("log.file.path");
    private static final EventPath AT_LOG_OFFSET = EventPath.of("log.offset");

    /** The same line with another time. */
    public LogLine at(Instant moment) {
        return new LogLine(path, offset, text, moment, host, tag, pid, message, kernel, provider, journal);
    }

    /** The same line as another program's. */
    public LogLine from(String program, @Nullable Long process) {
        return new LogLine(path, offset, text, time, host, program, process, message, kernel, provider, journal);
    }

    /** Puts what every event from a log has: time, provider, the raw line, and where it stands. */
    public Event.Builder describe(Event.Builder event) {
        event.put(AT_TIMESTAMP, time);
        return describeWithoutTime(event);
    }

    /** The same for events that have a time of their own. */
    public Event.Builder describeWithoutTime(Event.Builder event) {
        event.put(AT_EVENT_PROVIDER, provider)
                .put(AT_EVENT_ORIGINAL, text.isEmpty() ? null : text)
                .put(AT_HOST_NAME, host);
        if (path != null) {
            event.put(AT_LOG_FILE_PATH, path).put(AT_LOG_OFFSET, offset);
        }
        return event;
    }
}
