package dev.panoptes.server.processes;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What runs on a host, and what it uses. */
final class ProcessResource implements Resource {
    private static final int LONGEST_TEXT = 200;

    private final Processes processes;

    ProcessResource(Processes processes) {
        this.processes = processes;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/hosts/{host}/processes", Access.VIEWER, this::list),
                Route.get("/api/v1/hosts/{host}/usage", Access.VIEWER, this::usage));
    }

    /** @param lookedAt when all processes were last looked at; null for never */
    record Listed(String host, @Nullable Instant lookedAt, long running, long ended, List<ProcessLine> items) {}

    private Response list(Request request) {
        String host = request.pathParameter("host");
        String state = request.query("state").orElse("running");
        if (!state.equals("running") && !state.equals("ended")) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "state is running or ended")
                    .exception();
        }
        String text = request.query("text").orElse("");
        if (text.length() > LONGEST_TEXT || text.indexOf('\0') >= 0) {
            throw Problem.of(
                            ErrorCode.INVALID_REQUEST,
                            "text is at most " + LONGEST_TEXT + " characters, none of them NUL")
                    .exception();
        }
        ProcessStore.Counts counts = processes.counts(host);
        return Response.json(new Listed(
                host,
                counts.looked(),
                counts.running(),
                counts.ended(),
                processes.list(
                        host,
                        state.equals("running"),
                        text,
                        request.query("limit", 1, 5_000, 500),
                        request.query("skip", 0, 1_000_000, 0))));
    }

    record Used(String host, List<UsageLine> items) {}

    private Response usage(Request request) {
        String host = request.pathParameter("host");
        Duration span = Duration.ofHours(request.query("hours", 1, 24, 24));
        return Response.json(new Used(host, processes.usage(host, span)));
    }
}
