package dev.panoptes.server.agents;

import dev.panoptes.server.auth.AccessTokens;
import dev.panoptes.server.auth.BearerTokens;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.storage.Batches;
import dev.panoptes.server.storage.Database;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Agents' access tokens. What a token says is believed for its signature; whether its bearer is still enrolled with that key,
 * and what it may do, is asked of the database with every call, for all calls of the same moment at once.
 */
final class AgentTokens implements BearerTokens {
    private static final String AGENT = "agent_id";
    private static final String GENERATION = "gen";
    private static final int MOST_AT_ONCE = 1_000;
    private static final Duration MOMENT = Duration.ofMillis(6);

    private final AccessTokens tokens;
    private final Database database;
    private final AgentStore store = new AgentStore();
    private final Batches<Look, Optional<AgentStore.Bearer>> looks =
            new Batches<>(MOST_AT_ONCE, 1, MOMENT, look -> look, this::look);

    /** One call's question; every one is another, though two ask for the same agent. */
    private static final class Look {
        private final String id;

        Look(String id) {
            this.id = id;
        }
    }

    AgentTokens(AccessTokens tokens, Database database) {
        this.tokens = tokens;
        this.database = database;
    }

    String sign(Agent agent) {
        return tokens.sign(Map.of(AGENT, agent.id(), GENERATION, (long) agent.generation()));
    }

    @Override
    public boolean bears(String token) {
        return AccessTokens.bears(token);
    }

    @Override
    public Optional<? extends Principal> find(String token, boolean use) {
        return tokens.read(token).flatMap(this::bearer);
    }

    @Override
    public Optional<? extends Principal> claim(String token) {
        return tokens.read(token).flatMap(AgentTokens::claimed);
    }

    private static Optional<Principal> claimed(AccessTokens.Claims claims) {
        String id = claims.text(AGENT);
        Long generation = claims.whole(GENERATION);
        return id == null || generation == null ? Optional.empty() : Optional.of(new Principal.Claimed(id, generation));
    }

    private Optional<Principal.Agent> bearer(AccessTokens.Claims claims) {
        String id = claims.text(AGENT);
        Long generation = claims.whole(GENERATION);
        if (id == null || generation == null) {
            return Optional.empty();
        }
        try {
            return looks.submit(new Look(id))
                    .filter(agent -> agent.generation() == generation)
                    .map(agent -> new Principal.Agent(agent.id(), agent.name(), agent.permissions()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private List<Optional<AgentStore.Bearer>> look(List<Look> looks) {
        Map<String, AgentStore.Bearer> found = new HashMap<>();
        database.execute(transaction -> store.bearers(
                        transaction,
                        looks.stream().map(look -> look.id).distinct().toList())
                .forEach(bearer -> found.put(bearer.id(), bearer)));
        return looks.stream()
                .map(look -> Optional.ofNullable(found.get(look.id)))
                .toList();
    }
}
