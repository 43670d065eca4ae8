package dev.panoptes.server.agents;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.panoptes.server.agents.AgentStore.Edit;
import dev.panoptes.server.agents.AgentStore.Wanted;
import dev.panoptes.server.agents.Agents.Registered;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.configs.ConfigDocument;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Fields;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Instances: enrolling, listing, changing and ending them. */
final class AgentResource implements Resource {
    private static final String ALL = "/api/v1/agents";
    private static final String ONE = ALL + "/{agent_id}";
    private static final int LARGEST = 256 << 10;

    private final Agents agents;
    private final AgentPaths paths;

    AgentResource(Agents agents, AgentPaths paths) {
        this.agents = agents;
        this.paths = paths;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post(ALL + "/register", Access.ENROLLEE, this::register).withBody(LARGEST),
                Route.get(ALL, Access.VIEWER, this::list),
                Route.post(ALL, Access.OPERATOR, this::add).withBody(LARGEST),
                Route.get(ONE, Access.AGENT_OR_VIEWER, this::show),
                Route.patch(ONE, Access.OPERATOR, this::edit),
                Route.put(ONE, Access.OPERATOR, this::edit),
                Route.delete(ONE, Access.OPERATOR, this::decommission),
                Route.post(ONE + "/accept", Access.OPERATOR, this::accept));
    }

    /**
     * What a new instance gets.
     *
     * @param credentials to ask for access tokens with; not shown again
     * @param heartbeatInterval seconds
     * @param firstHeartbeatIn seconds; spread, so that those that enroll together do not beat together
     * @param config JSON; rules, settings and limits
     */
    record Enrolled(
            @JsonUnwrapped AgentView agent,
            Map<String, String> credentials,
            double firstHeartbeatIn,
            @JsonRawValue String config) {}

    private Response register(Request request) {
        if (!(request.caller() instanceof Principal.Enrollee enrollee)) {
            throw new IllegalStateException("the route is for enrollment tokens only");
        }
        Agents.Application application = request.body(ApplicationReader::read);
        return switch (agents.register(application, enrollee, Actor.of(request))) {
            case Registered.Done(Agent agent, String secret, ConfigDocument config) -> {
                double first = Math.round(10
                                * agent.heartbeatInterval()
                                * ThreadLocalRandom.current().nextDouble())
                        / 10.0;
                yield Response.json(
                        201,
                        new Enrolled(
                                view(agent),
                                Map.of("secret", String.valueOf(secret)),
                                first,
                                (config == null ? ConfigDocument.EMPTY : config).partsJson()));
            }
            case Registered refusal -> throw refused(refusal);
        };
    }

    private static RuntimeException refused(Registered refusal) {
        return switch (refusal) {
            case Registered.IdTaken _ ->
                Problem.of(ErrorCode.CONFLICT, "There is an agent with this id already")
                        .exception();
            case Registered.NameTaken _ ->
                Problem.of(ErrorCode.CONFLICT, "This name is another agent's id")
                        .exception();
            case Registered.TokenUsedUp _ ->
                Problem.of(ErrorCode.AUTHENTICATION_ERROR, "This enrollment token was used as often as it may be")
                        .exception();
            case Registered.InvalidConfig invalid ->
                new Problem(
                                ErrorCode.VALIDATION_FAILED,
                                "The configuration does not fit the schema of this agent",
                                invalid.violations(),
                                null)
                        .exception();
            case Registered.Done done ->
                new IllegalStateException("no refusal: " + done.agent().id());
        };
    }

    private Response add(Request request) {
        Agents.Application application = request.body(ApplicationReader::read);
        return switch (agents.list(application, Actor.of(request))) {
            case Registered.Done(Agent agent, String _, ConfigDocument _) -> Response.json(201, view(agent));
            case Registered refusal -> throw refused(refusal);
        };
    }

    private AgentView view(Agent agent) {
        var since = agents.since();
        return AgentView.of(agent, agents.state(agent, since), agents.health(agent, since));
    }

    private Response list(Request request) {
        Page.Asked page = Page.asked(request, 2);
        int skip = request.query("skip", 0, 10_000_000, 0);
        String sort = request.query("sort_by").orElse("name");
        String direction = request.query("sort_direction").orElse("asc");
        boolean keyset = sort.equals("name") && direction.equals("asc") && skip == 0;
        if (!List.of("name", "created_at", "last_seen", "agent_type", "status", "hostname")
                        .contains(sort)
                || !List.of("asc", "desc").contains(direction)) {
            throw invalid("sort_by is one of name, created_at, last_seen, agent_type, status, hostname,"
                    + " and sort_direction asc or desc");
        }
        if (!page.after().isEmpty() && !keyset) {
            throw invalid("a cursor goes with the usual order only, and without skip");
        }
        Wanted wanted = new Wanted(
                request.query("search").orElse(null),
                request.query("agent_type").orElse(null),
                request.query("status").map(AgentResource::state).orElse(null),
                request.query("enabled").map(AgentResource::flag).orElse(null),
                request.query("decommissioned").map(AgentResource::flag).orElse(false),
                sort,
                direction.equals("desc"),
                skip,
                keyset ? page.limit() + 1 : page.limit(),
                page.after());
        Agents.Part part = agents.page(wanted);
        List<AgentView> views = part.agents().stream()
                .map(agent ->
                        AgentView.of(agent, agents.state(agent, part.since()), agents.health(agent, part.since())))
                .toList();
        Page<AgentView> cut =
                keyset ? Page.of(views, page, view -> List.of(view.name(), view.id())) : new Page<>(views, null);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("agents", cut.items());
        body.put("items", cut.items());
        body.put("total", part.total());
        body.put("page", skip / page.limit() + 1);
        body.put("size", page.limit());
        body.put("pages", (part.total() + page.limit() - 1) / page.limit());
        body.put("next", cut.next());
        return Response.json(body);
    }

    private static AgentState state(String word) {
        return switch (word) {
            case "offline", "lost" -> AgentState.LOST;
            default ->
                AgentState.said(word).orElseThrow(() -> invalid("status is one of " + AgentState.WORDS + ", lost"));
        };
    }

    private static boolean flag(String word) {
        return switch (word) {
            case "true", "True", "1" -> true;
            case "false", "False", "0" -> false;
            default -> throw invalid("it is true or false");
        };
    }

    private static RuntimeException invalid(String detail) {
        return Problem.of(ErrorCode.INVALID_REQUEST, detail).exception();
    }

    private Response show(Request request) {
        return Response.json(view(paths.agent(request)));
    }

    private static Edit edit(Fields fields) {
        Long interval = fields.optionalWhole("heartbeat_interval", 1, 86_400);
        return new Edit(
                ApplicationReader.name(fields, false),
                ApplicationReader.type(fields),
                fields.optionalText("version", 100),
                fields.optionalText("description", 2_000),
                ApplicationReader.host(fields),
                ApplicationReader.address(fields),
                ApplicationReader.port(fields),
                fields.has("enabled") ? fields.bool("enabled", true) : null,
                fields.optionalJsonObject("agent_metadata", 16_384),
                fields.optionalJsonObject("labels", 4_096),
                interval == null ? null : interval.intValue());
    }

    private Response edit(Request request) {
        Agent agent = paths.enrolled(request);
        Optional<Agent> edited = agents.edit(agent.id(), request.body(AgentResource::edit), Actor.of(request));
        return Response.json(view(edited.orElseThrow(
                () -> Problem.notFound("This agent was decommissioned").exception())));
    }

    private Response decommission(Request request) {
        if (!agents.decommission(paths.enrolled(request).id(), Actor.of(request))) {
            throw Problem.notFound("This agent was decommissioned").exception();
        }
        return Response.empty();
    }

    private Response accept(Request request) {
        Agent agent = paths.enrolled(request);
        agents.accept(agent, Actor.of(request));
        return Response.json(view(paths.enrolled(request)));
    }
}
