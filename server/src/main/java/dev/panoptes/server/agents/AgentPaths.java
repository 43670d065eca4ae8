package dev.panoptes.server.agents;

import dev.panoptes.core.registry.Keys;
import dev.panoptes.server.configs.Configs;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.ProblemException;
import dev.panoptes.server.http.Request;

/**
 * Whom {@code {agent_id}} of a path names: an id, else the name that only one instance has. An agent names only itself; of
 * everybody else it does not even learn whether they are there.
 */
public final class AgentPaths {
    private static final String PARAMETER = "agent_id";

    private final Agents agents;

    AgentPaths(Agents agents) {
        this.agents = agents;
    }

    /** The id, without asking anybody where an agent names itself. */
    public String id(Request request) {
        if (request.caller() instanceof Principal.Agent self) {
            return own(self, request.pathParameter(PARAMETER));
        }
        if (request.caller() instanceof Principal.Claimed self) {
            return own(self, request.pathParameter(PARAMETER));
        }
        return agent(request).id();
    }

    /** The instance, whether it is still enrolled or not. */
    Agent agent(Request request) {
        String named = request.pathParameter(PARAMETER);
        String wanted = request.caller() instanceof Principal.Agent self ? own(self, named) : named;
        return switch (agents.named(wanted)) {
            case Agents.Named.One(Agent agent) -> agent;
            case Agents.Named.Nobody _ ->
                throw Problem.notFound("There is no agent under this id or name")
                        .exception();
            case Agents.Named.Several several ->
                throw Problem.of(
                                ErrorCode.CONFLICT,
                                "Several instances have this name; take an id: " + String.join(", ", several.ids()))
                        .exception();
        };
    }

    /** The instance, which is still enrolled. */
    Agent enrolled(Request request) {
        Agent agent = agent(request);
        if (!agent.enrolled()) {
            throw Problem.notFound("This agent was decommissioned").exception();
        }
        return agent;
    }

    /** Whose configuration a call is about. */
    public Configs.Subject subject(Request request) {
        return Agents.subject(enrolled(request));
    }

    private static String own(Principal.Agent self, String named) {
        if (named.equals(self.id()) || Keys.same(named, self.name())) {
            return self.id();
        }
        throw another();
    }

    /** By its id nobody has to be asked; its name the token does not say. */
    private String own(Principal.Claimed self, String named) {
        if (named.equals(self.id())) {
            return self.id();
        }
        return agents.find(self.id())
                .filter(agent -> Keys.same(named, agent.name()))
                .map(Agent::id)
                .orElseThrow(AgentPaths::another);
    }

    private static ProblemException another() {
        return Problem.of(ErrorCode.PERMISSION_DENIED, "An agent may ask for itself only")
                .exception();
    }
}
