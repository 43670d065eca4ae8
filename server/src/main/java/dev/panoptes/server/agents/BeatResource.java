package dev.panoptes.server.agents;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.panoptes.server.agents.Beats.Answer;
import dev.panoptes.server.agents.Beats.Beat;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Fields;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.metrics.Metrics;
import dev.panoptes.server.storage.Database;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Heartbeats, and how an agent is by them. */
final class BeatResource implements Resource {
    private static final int LARGEST = 64 << 10;
    private static final int MOST_RESOURCES = 100;
    private static final List<String> CONFIG_STATES = List.of("APPLYING", "APPLIED", "FAILED");

    private final Agents agents;
    private final AgentPaths paths;
    private final Beats beats;
    private final BeatHistory history;
    private final Metrics metrics;
    private final Database database;

    BeatResource(
            Agents agents, AgentPaths paths, Beats beats, BeatHistory history, Metrics metrics, Database database) {
        this.agents = agents;
        this.paths = paths;
        this.beats = beats;
        this.history = history;
        this.metrics = metrics;
        this.database = database;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/api/v1/agents/{agent_id}/heartbeat", Access.AGENT, this::beat)
                        .withBody(LARGEST)
                        .sentOften()
                        .askingItself(),
                Route.post("/api/v1/agents/{agent_id}/status", Access.AGENT_OR_OPERATOR, this::say)
                        .withBody(LARGEST),
                Route.get("/api/v1/agents/{agent_id}/heartbeats", Access.AGENT_OR_VIEWER, this::counted),
                Route.get("/api/v1/agents/{agent_id}/status", Access.AGENT_OR_VIEWER, this::status),
                Route.get("/api/v1/health/{agent_id}", Access.AGENT_OR_VIEWER, this::health));
    }

    private static Beat read(Fields fields, String id, @Nullable Long generation) {
        String word = Objects.requireNonNullElse(fields.optionalText("status", 50), "running");
        AgentState said = AgentState.said(word).orElse(null);
        if (said == null) {
            fields.error("status", "must be one of " + AgentState.WORDS);
        }
        // Written down by the agent, and of no meaning here: the time of receipt decides.
        fields.optionalText("timestamp", 64);
        Long version = fields.optionalWhole("config_version", 0, Integer.MAX_VALUE);
        String state = fields.optionalText("config_state", 20) == null
                ? null
                : fields.choice(
                        "config_state",
                        text -> Optional.of(text).filter(CONFIG_STATES::contains),
                        String.join(", ", CONFIG_STATES),
                        "");
        return new Beat(
                id,
                generation,
                said == null ? AgentState.UNKNOWN : said,
                word,
                Objects.requireNonNullElse(fields.optionalJsonObject("details", 16_384), "{}"),
                fields.numbers("resources", MOST_RESOURCES),
                fields.optionalText("boot_id", 100),
                fields.optionalText("host", 200),
                fields.optionalText("config_hash", 128),
                version == null ? null : version.intValue(),
                state,
                fields.optionalText("config_error", 2_000));
    }

    /**
     * What a heartbeat is answered.
     *
     * @param interval seconds between heartbeats
     * @param nextIn seconds until the next one is expected
     * @param configVersion the one that the agent should run; 0 where it has none
     * @param configHash of that version; null where there is none
     */
    record Taken(
            Instant receivedAt,
            int interval,
            double nextIn,
            int configVersion,
            @Nullable String configHash,
            List<Limits.Violation> violations) {}

    private Response beat(Request request) throws InterruptedException {
        String id = paths.id(request);
        Long generation = request.caller() instanceof Principal.Claimed claimed ? claimed.generation() : null;
        Answer.Taken taken = submit(request.optionalBody(fields -> read(fields, id, generation)));
        return Response.json(new Taken(
                AgentView.seconds(taken.receivedAt()),
                taken.interval(),
                taken.nextIn(),
                taken.configVersion(),
                taken.configHash(),
                taken.violations()));
    }

    private Answer.Taken submit(Beat beat) throws InterruptedException {
        return switch (beats.submit(beat)) {
            case Answer.Taken taken -> taken;
            case Answer.Failed(RuntimeException cause) -> throw cause;
            case Answer.Refused _ ->
                throw Problem.of(ErrorCode.AUTHENTICATION_ERROR, "This agent is not enrolled any more")
                        .exception();
        };
    }

    /** @param details JSON @param metrics the latest ones */
    record Said(
            String status, Instant timestamp, @JsonRawValue String details, Map<String, Double> metrics) {}

    /** The older form: a status, and details of any kind. */
    private Response say(Request request) throws InterruptedException {
        String id = request.caller() instanceof Principal.Agent
                ? paths.id(request)
                : paths.enrolled(request).id();
        Beat beat = request.body(fields -> {
            if (!fields.has("status")) {
                fields.error("status", "is missing");
            }
            return read(fields, id, null);
        });
        Answer.Taken taken = submit(beat);
        Map<String, Double> latest = database.transaction(transaction -> metrics.latest(transaction, id));
        return Response.json(201, new Said(beat.word(), AgentView.seconds(taken.receivedAt()), beat.details(), latest));
    }

    /** @param resources JSON @param violations JSON @param state what is behind the three words of status */
    record Status(
            String status,
            String health,
            Map<String, Double> metrics,
            @JsonRawValue String resources,
            @JsonRawValue String violations,
            Map<String, Double> limits,
            String state,
            @Nullable Instant lastHeartbeat,
            @Nullable Integer configVersion,
            @Nullable String configState,
            @Nullable String configError,
            @Nullable String configHash) {}

    private Response status(Request request) {
        Agent agent = paths.agent(request);
        Instant since = agents.since();
        Agent.Beat beat = agent.beat();
        boolean violated = beat != null && !beat.violations().equals("[]");
        Map<String, Double> latest = database.transaction(transaction -> metrics.latest(transaction, agent.id()));
        AgentState state = agents.state(agent, since);
        return Response.json(new Status(
                state.word(),
                violated ? "unhealthy" : agents.health(agent, since),
                latest,
                beat == null ? "{}" : beat.resources(),
                beat == null ? "[]" : beat.violations(),
                agents.limits(agent),
                state.id(),
                beat == null ? null : AgentView.seconds(beat.receivedAt()),
                beat == null ? null : beat.configVersion(),
                beat == null ? null : beat.configState(),
                beat == null ? null : beat.configError(),
                beat == null ? null : beat.configHash()));
    }

    private Response counted(Request request) {
        return Response.json(history.of(paths.agent(request)));
    }

    /** @param resources JSON */
    record Health(
            String status,
            @Nullable Instant lastHeartbeat,
            @JsonRawValue String resources) {}

    private Response health(Request request) {
        Agent agent = paths.agent(request);
        Agent.Beat beat = agent.beat();
        return Response.json(new Health(
                agents.health(agent, agents.since()),
                beat == null ? null : AgentView.seconds(beat.receivedAt()),
                beat == null ? "{}" : beat.resources()));
    }
}
