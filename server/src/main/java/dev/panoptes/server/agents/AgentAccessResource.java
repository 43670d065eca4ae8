package dev.panoptes.server.agents;

import dev.panoptes.server.auth.AccessTokens;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Fields;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Access tokens of agents, their permissions, and their keys. */
final class AgentAccessResource implements Resource {
    private static final String PERMISSIONS = "/api/v1/auth/permissions/{agent_id}";
    private static final String CREDENTIALS = "/api/v1/agents/{agent_id}/credentials";
    private static final int MOST_PERMISSIONS = 50;
    private static final int LARGEST_CREDENTIALS = 4_096;

    private final Agents agents;
    private final AgentPaths paths;
    private final AgentTokens tokens;

    AgentAccessResource(Agents agents, AgentPaths paths, AgentTokens tokens) {
        this.agents = agents;
        this.paths = paths;
        this.tokens = tokens;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/api/v1/auth/token", Access.OPEN, this::token).withBody(LARGEST_CREDENTIALS),
                Route.get(PERMISSIONS, Access.AGENT_OR_VIEWER, this::permissions),
                Route.put(PERMISSIONS, Access.OPERATOR, this::setPermissions),
                Route.post(CREDENTIALS, Access.AGENT_OR_OPERATOR, this::rotate),
                Route.delete(CREDENTIALS, Access.OPERATOR, this::revoke));
    }

    private record Asked(String agent, List<String> secrets) {
        static Asked of(Fields fields) {
            String agent = fields.text("agent_id", 1, 100);
            List<String> secrets = new ArrayList<>();
            if (!fields.has("credentials")) {
                fields.error("credentials", "is missing");
            }
            String json = fields.optionalJson("credentials", LARGEST_CREDENTIALS);
            if (json != null && json.startsWith("{")) {
                fields.optionalObject("credentials", inner -> secrets.addAll(inner.allTexts()));
            } else if (json != null && json.startsWith("\"")) {
                secrets.add(fields.text("credentials", 1, LARGEST_CREDENTIALS));
            } else if (json != null) {
                fields.error("credentials", "must be what the registration gave");
            }
            return new Asked(agent, secrets);
        }
    }

    /** @param expiresIn seconds */
    record Given(String accessToken, String tokenType, long expiresIn) {}

    private Response token(Request request) {
        Asked asked = request.body(Asked::of);
        return switch (agents.authenticate(asked.agent(), asked.secrets(), request.address())) {
            case Agents.TokenGiven.Done(Agent agent) ->
                Response.json(new Given(tokens.sign(agent), "bearer", AccessTokens.LIFETIME.toSeconds()));
            case Agents.TokenGiven.Refused _ ->
                throw Problem.of(ErrorCode.AUTHENTICATION_ERROR, "There is no such agent with these credentials")
                        .exception();
            case Agents.TokenGiven.Locked locked ->
                throw Problem.later(
                                ErrorCode.RATE_LIMITED,
                                "Too many wrong credentials",
                                locked.retryAfter().plusSeconds(1))
                        .exception();
        };
    }

    private Response permissions(Request request) {
        return Response.json(Map.of("permissions", paths.agent(request).permissions()));
    }

    private Response setPermissions(Request request) {
        Agent agent = paths.enrolled(request);
        List<String> wanted = request.body(fields -> {
            if (!fields.has("permissions")) {
                fields.error("permissions", "is missing");
            }
            fields.refuseNull("permissions");
            List<String> given = fields.texts("permissions", MOST_PERMISSIONS, 64);
            if (!given.stream().allMatch(each -> each.matches("[a-z][a-z0-9_.:-]{0,63}"))) {
                fields.error("permissions", "must be words such as write_findings");
            }
            return Agents.words(given);
        });
        agents.setPermissions(agent, wanted, Actor.of(request));
        return Response.json(Map.of("permissions", wanted));
    }

    private Response rotate(Request request) {
        String secret = agents.rotate(paths.enrolled(request).id(), Actor.of(request))
                .orElseThrow(
                        () -> Problem.notFound("This agent was decommissioned").exception());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("agent_id", paths.agent(request).id());
        body.put("credentials", Map.of("secret", secret));
        return Response.json(201, body);
    }

    private Response revoke(Request request) {
        agents.revoke(paths.enrolled(request).id(), Actor.of(request));
        return Response.empty();
    }
}
