package dev.panoptes.server.agents;

import dev.panoptes.core.registry.Keys;
import dev.panoptes.server.agents.AgentStore.Added;
import dev.panoptes.server.agents.AgentStore.Edit;
import dev.panoptes.server.agents.AgentStore.Silence;
import dev.panoptes.server.agents.AgentStore.Wanted;
import dev.panoptes.server.audit.AuditStore;
import dev.panoptes.server.auth.Lockout;
import dev.panoptes.server.auth.Secrets;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.configs.ConfigDocument;
import dev.panoptes.server.configs.Configs;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem.FieldError;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import dev.panoptes.server.storage.Turns;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Instances: how they come, what they may do, how they are, how they go. */
public final class Agents {
    /** Names that paths of the API have. */
    static final List<String> RESERVED = List.of("system", "agents", "ping", "register", "discover");

    private static final String KIND = "agent";
    private static final String SECRET = "pna_";
    private static final int MOST_NAMED = 20;

    private final Database database;
    private final InstantSource clock;
    private final Changes changes;
    private final AuditStore audit;
    private final Secrets secrets;
    private final Lockout lockout;
    private final Enrollments enrollments;
    private final Configs configs;
    private final Policy policy;
    private final AgentStore store = new AgentStore();
    private final Turns turns = new Turns();
    private final BeatStore beats = new BeatStore();

    /** What the operator decides. @param interval of heartbeats @param lostAfter without one for so long an agent is lost */
    public record Policy(Duration interval, Duration lostAfter) {}

    Agents(
            Database database,
            InstantSource clock,
            Changes changes,
            AuditStore audit,
            Secrets secrets,
            Enrollments enrollments,
            Configs configs,
            Policy policy) {
        this.database = database;
        this.clock = clock;
        this.changes = changes;
        this.audit = audit;
        this.secrets = secrets;
        this.lockout = new Lockout(clock);
        this.enrollments = enrollments;
        this.configs = configs;
        this.policy = policy;
    }

    /** What an instance brings along. @param config null where it brings none */
    record Application(
            @Nullable String id,
            String name,
            String agentType,
            @Nullable String version,
            @Nullable String description,
            List<String> capabilities,
            String requirements,
            @Nullable String publicKey,
            @Nullable String host,
            @Nullable String ipAddress,
            @Nullable Integer port,
            boolean enabled,
            String metadata,
            @Nullable ConfigDocument config) {}

    /** How an application ended. */
    sealed interface Registered {
        /** @param secret shown now and never again; null where it gets none */
        record Done(
                Agent agent,
                @Nullable String secret,
                @Nullable ConfigDocument config) implements Registered {}

        record IdTaken() implements Registered {}

        /** The name is another instance's id. */
        record NameTaken() implements Registered {}

        record TokenUsedUp() implements Registered {}

        record InvalidConfig(List<FieldError> violations) implements Registered {}
    }

    /** Enrolls an instance with a token, in one transaction. */
    Registered register(Application application, Principal.Enrollee enrollee, Actor actor) {
        String secret = secrets.make(SECRET);
        // A storm of agents with one token waits for its row: without a connection in everybody's hand.
        return turns.take(
                enrollee.id().toString(),
                () -> database.transaction(transaction -> {
                    if (invalid(transaction, application) instanceof Registered refusal) {
                        return refusal;
                    }
                    var used = enrollments.use(transaction, enrollee.id());
                    if (used.isEmpty()) {
                        return new Registered.TokenUsedUp();
                    }
                    return add(
                            transaction,
                            application,
                            "enrolled",
                            used.get().labels(),
                            secret,
                            enrollee.id(),
                            new Actor(enrollee.name(), Actor.Via.TOKEN, actor.address()));
                }));
    }

    /** Lists an instance that does not enroll by itself: an operator says that it is there. */
    Registered list(Application application, Actor actor) {
        return database.transaction(transaction -> {
            if (invalid(transaction, application) instanceof Registered refusal) {
                return refusal;
            }
            return add(transaction, application, "listed", "{}", null, null, actor);
        });
    }

    private @Nullable Registered invalid(Transaction transaction, Application application) {
        if (store.byId(transaction, application.name()).isPresent()
                && !application.name().equals(application.id())) {
            return new Registered.NameTaken();
        }
        ConfigDocument config = application.config();
        if (config != null) {
            List<FieldError> violations = configs.violations(transaction, application.name(), config);
            if (!violations.isEmpty()) {
                return new Registered.InvalidConfig(violations);
            }
        }
        return null;
    }

    private Registered add(
            Transaction transaction,
            Application application,
            String origin,
            String labels,
            @Nullable String secret,
            @Nullable UUID token,
            Actor actor) {
        String id = application.id() == null ? UUID.randomUUID().toString() : application.id();
        Added added = new Added(
                id,
                application.name(),
                application.agentType(),
                origin,
                application.version(),
                application.description(),
                application.capabilities(),
                application.requirements(),
                application.publicKey(),
                application.host(),
                application.ipAddress(),
                application.port(),
                application.enabled(),
                application.metadata(),
                labels,
                Permissions.usual(application.name()),
                (int) policy.interval().toSeconds(),
                secret == null ? null : Secrets.hash(secret),
                token);
        if (!store.insert(transaction, added, clock.instant())) {
            return new Registered.IdTaken();
        }
        Agent agent = store.byId(transaction, id).orElseThrow();
        changed(transaction, agent, null, origin, actor, null);
        audit.record(transaction, actor, "agent.create", id, null, facts(agent));
        ConfigDocument config = application.config();
        if (config != null) {
            configs.put(transaction, subject(agent), config, null, actor, "brought along", false);
        }
        return new Registered.Done(agent, secret, config);
    }

    /** Whose configuration. */
    static Configs.Subject subject(Agent agent) {
        return new Configs.Subject(agent.id(), agent.name(), agent.origin().equals("listed"));
    }

    /** How a request for a token ended. */
    sealed interface TokenGiven {
        record Done(Agent agent) implements TokenGiven {}

        record Refused() implements TokenGiven {}

        record Locked(Duration retryAfter) implements TokenGiven {}
    }

    /** Whether a secret is that of an instance. @param idOrName of it */
    TokenGiven authenticate(String idOrName, List<String> secretsGiven, String address) {
        String key = "agent " + idOrName;
        return database.transaction(transaction -> {
            Optional<Duration> wait = lockout.wait(transaction, key, address);
            if (wait.isPresent()) {
                return new TokenGiven.Locked(wait.get());
            }
            for (Agent agent : candidates(transaction, idOrName)) {
                byte[] hash = store.credentials(transaction, agent.id()).orElse(new byte[0]);
                boolean right = false;
                for (String secret : secretsGiven) {
                    right |= MessageDigest.isEqual(Secrets.hash(secret), hash);
                }
                if (right) {
                    lockout.succeeded(transaction, key, address);
                    return new TokenGiven.Done(agent);
                }
            }
            lockout.failed(transaction, key, address);
            return new TokenGiven.Refused();
        });
    }

    private List<Agent> candidates(Transaction transaction, String idOrName) {
        return store.byId(transaction, idOrName)
                .map(List::of)
                .orElseGet(() -> store.byName(transaction, idOrName, MOST_NAMED));
    }

    /** Whom a path names. */
    sealed interface Named {
        record One(Agent agent) implements Named {}

        record Nobody() implements Named {}

        /** Several instances have this name. */
        record Several(List<String> ids) implements Named {}
    }

    Named named(String idOrName) {
        return database.transaction(transaction -> {
            Optional<Agent> byId = store.byId(transaction, idOrName);
            if (byId.isPresent()) {
                return new Named.One(byId.get());
            }
            List<Agent> byName = store.byName(transaction, idOrName, MOST_NAMED);
            return switch (byName.size()) {
                case 0 -> new Named.Nobody();
                case 1 -> new Named.One(byName.getFirst());
                default -> new Named.Several(byName.stream().map(Agent::id).toList());
            };
        });
    }

    /** A part of the list. @param total of all parts */
    record Part(List<Agent> agents, int total, Instant since) {}

    Part page(Wanted wanted) {
        return database.transaction(transaction -> {
            Instant since = beats.since(transaction);
            Silence silence = silence(since);
            return new Part(store.page(transaction, wanted, silence), store.count(transaction, wanted, silence), since);
        });
    }

    private Silence silence(Instant since) {
        Instant heardBefore = clock.instant().minus(policy.lostAfter());
        return new Silence(heardBefore, !since.isBefore(heardBefore));
    }

    /** Since when beats could be heard without a break. */
    Instant since() {
        return database.transaction(beats::since);
    }

    AgentState state(Agent agent, Instant since) {
        Agent.Beat beat = agent.beat();
        return state(beat == null ? null : beat.said(), beat == null ? null : beat.receivedAt(), since);
    }

    /** @param said its last word, and when that came; null where it never beat */
    AgentState state(@Nullable AgentState said, @Nullable Instant received, Instant since) {
        return AgentState.now(said, received, since, policy.lostAfter(), clock.instant());
    }

    /** By heartbeat only: unknown, healthy or unhealthy. */
    String health(Agent agent, Instant since) {
        Agent.Beat beat = agent.beat();
        return health(beat == null ? null : beat.receivedAt(), since);
    }

    /** @param received when its last heartbeat came; null where it never beat */
    String health(@Nullable Instant received, Instant since) {
        if (received == null) {
            return "unknown";
        }
        Instant now = clock.instant();
        if (!received.plus(policy.lostAfter()).isBefore(now)) {
            return "healthy";
        }
        return since.plus(policy.lostAfter()).isBefore(now) ? "unhealthy" : "unknown";
    }

    /** What an agent may use of each resource. */
    Map<String, Double> limits(Agent agent) {
        return database.transaction(transaction -> {
            BeatStore.Known known =
                    beats.known(transaction, List.of(agent.id())).get(agent.id());
            return Limits.effective(known == null ? Map.of() : known.limits());
        });
    }

    /** Empty where it is not enrolled any more, or the name is taken. */
    Optional<Agent> edit(String id, Edit edit, Actor actor) {
        return database.transaction(transaction -> {
            Optional<Agent> before = store.lock(transaction, id).filter(Agent::enrolled);
            if (before.isEmpty()) {
                return Optional.empty();
            }
            store.update(transaction, id, edit, clock.instant());
            Agent after = store.byId(transaction, id).orElseThrow();
            changed(transaction, after, "enrolled", "updated", actor, null);
            audit.record(transaction, actor, "agent.update", id, facts(before.get()), facts(after));
            return Optional.of(after);
        });
    }

    /** Ends an instance: its credentials at once, its history stays. False where that was done before. */
    boolean decommission(String id, Actor actor) {
        return database.transaction(transaction -> {
            Optional<Agent> before = store.lock(transaction, id).filter(Agent::enrolled);
            if (before.isEmpty()) {
                return false;
            }
            store.decommission(transaction, id, clock.instant());
            changed(transaction, before.get(), "enrolled", "decommissioned", actor, null);
            audit.record(transaction, actor, "agent.decommission", id, facts(before.get()), null);
            return true;
        });
    }

    /** New credentials; every token of the old ones ends at once. Empty where the instance is not enrolled. */
    Optional<String> rotate(String id, Actor actor) {
        String secret = secrets.make(SECRET);
        return credentials(id, Secrets.hash(secret), "new credentials", actor) ? Optional.of(secret) : Optional.empty();
    }

    /** Ends its credentials and every token of them; it stays enrolled. */
    boolean revoke(String id, Actor actor) {
        return credentials(id, null, "credentials revoked", actor);
    }

    private boolean credentials(String id, byte @Nullable [] hash, String what, Actor actor) {
        return database.transaction(transaction -> {
            Optional<Agent> agent = store.lock(transaction, id).filter(Agent::enrolled);
            agent.ifPresent(present -> {
                store.setCredentials(transaction, id, hash, clock.instant());
                changes.record(transaction, change("credentials", present, null, what, actor, null));
                audit.record(transaction, actor, "agent.credentials", id, null, Map.of("what", what));
            });
            return agent.isPresent();
        });
    }

    void setPermissions(Agent agent, List<String> permissions, Actor actor) {
        database.execute(transaction -> {
            Agent before = store.lock(transaction, agent.id()).orElseThrow();
            store.setPermissions(transaction, agent.id(), permissions, clock.instant());
            changes.record(
                    transaction,
                    change("permissions", before, listed(before.permissions()), listed(permissions), actor, null));
            audit.record(
                    transaction,
                    actor,
                    "agent.permissions",
                    agent.id(),
                    Map.of("permissions", before.permissions()),
                    Map.of("permissions", permissions));
        });
    }

    /** An operator vouches for an id that came over NATS. */
    void accept(Agent agent, Actor actor) {
        database.execute(transaction -> {
            store.accept(transaction, agent.id(), clock.instant());
            changed(transaction, agent, "unverified", "accepted", actor, null);
            audit.record(transaction, actor, "agent.accept", agent.id(), null, null);
        });
    }

    /** For a job: notes that beats can be heard. @param longestGap a longer one since the last note was an absence of ours */
    void watch(Duration longestGap) {
        database.execute(transaction -> beats.watched(transaction, clock.instant(), longestGap));
    }

    /** Takes in an instance that answered over NATS; empty where its id is taken by now. */
    Optional<Agent> discovered(String id, String type) {
        return database.transaction(transaction -> {
            Added added = new Added(
                    id,
                    id,
                    "custom",
                    "nats",
                    null,
                    null,
                    List.of(),
                    "{}",
                    null,
                    null,
                    null,
                    null,
                    true,
                    Json.writeText(Map.of("agent_type", type)),
                    "{}",
                    List.of(),
                    (int) policy.interval().toSeconds(),
                    null,
                    null);
            if (!store.insert(transaction, added, clock.instant())) {
                return Optional.empty();
            }
            Agent agent = store.byId(transaction, id).orElseThrow();
            changed(transaction, agent, null, "nats", Actor.SYSTEM, "it answered over NATS");
            return Optional.of(agent);
        });
    }

    Optional<Agent> find(String id) {
        return database.transaction(transaction -> store.byId(transaction, id));
    }

    /** The only enrolled instance of a name; empty where there is none, or several. */
    Optional<Agent> only(String name) {
        List<Agent> named = database.transaction(transaction -> store.byName(transaction, name, 2));
        return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    }

    /** How many instances are enrolled. */
    int count() {
        return database.transaction(store::enrolled);
    }

    private void changed(
            Transaction transaction,
            Agent agent,
            @Nullable String from,
            String to,
            Actor actor,
            @Nullable String cause) {
        changes.record(transaction, change(KIND, agent, from, to, actor, cause));
    }

    private static Change change(
            String kind, Agent agent, @Nullable String from, String to, Actor actor, @Nullable String cause) {
        return new Change(kind, agent.id(), agent.place(), from, to, actor, cause, Map.of("name", agent.name()));
    }

    private static String listed(List<String> permissions) {
        return permissions.isEmpty() ? "none" : String.join(", ", permissions);
    }

    private static Map<String, ?> facts(Agent agent) {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("name", agent.name());
        facts.put("agent_type", agent.agentType());
        facts.put("version", agent.version());
        facts.put("host", agent.host());
        facts.put("enabled", agent.enabled());
        return facts;
    }

    /** What is wrong with a name for an agent; null where nothing is. */
    static @Nullable String fault(String name) {
        if (!name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N} ._:@-]{0,99}") || !name.equals(name.strip())) {
            return "must have at most 100 letters, digits, spaces or ._:@- and begin with a letter or digit";
        }
        if (RESERVED.contains(Keys.link(name))) {
            return "is reserved";
        }
        return uuid(name) ? "must not look like a UUID" : null;
    }

    static boolean uuid(String text) {
        return text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    }

    /** What is wrong with an id that an agent brings along; null where nothing is. */
    static @Nullable String idFault(String id) {
        if (!id.matches("[A-Za-z0-9._-]{8,36}")) {
            return "must have 8 to 36 characters of A-Za-z0-9._-";
        }
        return RESERVED.contains(Keys.link(id)) ? "is reserved" : null;
    }

    static List<String> words(List<String> given) {
        return new ArrayList<>(new java.util.LinkedHashSet<>(given));
    }
}
