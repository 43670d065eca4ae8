package dev.panoptes.server.stream;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.storage.DatabaseUnavailable;
import dev.panoptes.server.stream.StreamFeed.Next;
import dev.panoptes.server.stream.StreamStore.Reach;
import dev.panoptes.server.stream.StreamStore.Stored;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The stream as server-sent events, see the HTML standard, section 9.2. */
public final class StreamResource implements Resource {
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    /** How long a client waits before it comes back. */
    private static final Duration RETRY = Duration.ofSeconds(2);
    /** The same for one that made room for another of its caller's: at once it would push out the next. */
    private static final Duration RETRY_DISPLACED = Duration.ofMinutes(1);

    private final StreamFeed feed;
    private final Streams streams;

    public StreamResource(StreamFeed feed, Streams streams) {
        this.feed = feed;
        this.streams = streams;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/api/v1/stream", Access.VIEWER, this::stream));
    }

    private Response stream(Request request) {
        // A browser that comes back sends the header, with the address as it was at first.
        Optional<String> asked =
                request.header("Last-Event-ID").filter(id -> !id.isEmpty()).or(() -> request.query("last_event_id"));
        Optional<Long> last = asked.map(StreamResource::id);
        Reach reach = feed.reach();
        boolean resumes = last.isPresent() && reach.continues(last.get());
        boolean lost = last.isPresent() && !resumes;
        long from = resumes ? last.get() : reach.last();
        Streams.Open place = streams.open(request.callerKey(), request::stillAllowed);
        return Response.stream("text/event-stream", new Response.Writer() {
            @Override
            public void write(OutputStream out) throws IOException, InterruptedException {
                try (place) {
                    tell(place, out, from, lost);
                } catch (InterruptedException e) {
                    if (!place.displaced()) {
                        throw e;
                    }
                    out.write(retry(RETRY_DISPLACED).getBytes(StandardCharsets.UTF_8));
                }
            }

            @Override
            public void headOnly() {
                place.close();
            }
        });
    }

    private static long id(String text) {
        if (!text.matches("\\d{1,18}")) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "The last event id must be one that this stream gave")
                    .exception();
        }
        return Long.parseLong(text);
    }

    private void tell(Streams.Open place, OutputStream out, long from, boolean lost)
            throws IOException, InterruptedException {
        long at = from;
        // An id without data is no event, but where a client that loses the connection now goes on.
        write(place, out, retry(RETRY) + "id: " + at + "\n\n" + (lost ? reset(at) : ""));
        while (!place.over()) {
            Next next;
            try {
                next = feed.after(at);
            } catch (DatabaseUnavailable e) {
                // There is something, and it cannot be read now; the client keeps its place.
                feed.rest();
                continue;
            }
            switch (next) {
                case Next.Events(List<Stored> events)
                when events.isEmpty() -> {
                    if (!feed.await(at, HEARTBEAT)) {
                        write(place, out, ":\n\n");
                    }
                }
                case Next.Events(List<Stored> events) -> {
                    StringBuilder text = new StringBuilder();
                    events.forEach(event -> text.append(event(event.id(), event.type(), event.data())));
                    write(place, out, text.toString());
                    at = events.getLast().id();
                }
                case Next.Gap() -> {
                    at = feed.reach().last();
                    write(place, out, reset(at));
                }
            }
        }
    }

    private static String retry(Duration wait) {
        return "retry: " + wait.toMillis() + "\n";
    }

    /** @param lastId where the stream goes on; what came before must be asked for anew */
    private record Reset(long lastId) {}

    private static String reset(long at) {
        return event(at, "reset", Json.writeText(new Reset(at)));
    }

    private static String event(long id, String type, String data) {
        return "id: " + id + "\nevent: " + type + "\ndata: " + data + "\n\n";
    }

    private static void write(Streams.Open place, OutputStream out, String text) throws IOException {
        place.writing();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
        place.written();
    }
}
