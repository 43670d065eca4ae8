package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What sensors saw. @param next null on the last part @param searchedTo null where nothing older was left out */
public record EventsView(
        List<EventLine> events,
        Map<String, String> filter,
        List<String> sensors,
        @Nullable String next,
        @Nullable Instant searchedTo,
        List<Stream> streams) {
    /** @param body as JSON, indented */
    public record EventLine(
            String id, Instant at, String host, String sensor, String action, String summary, String body) {}

    /** @param missing numbers that never came @param losses what was dropped before it had a number, by reason */
    public record Stream(
            String host,
            String sensor,
            long events,
            long lag,
            long missing,
            String losses,
            Instant last,
            boolean silent) {}
}
