package dev.panoptes.server.auth;

import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Role;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** API tokens: made once, shown once, stored as a hash, good until they expire or are revoked. */
public final class Tokens {
    private static final String OF_PEOPLE = "pnt_";
    private static final String OF_OBSERVERS = "pno_";
    private static final Set<String> PREFIXES = Set.of(OF_PEOPLE, OF_OBSERVERS);
    private static final int PREFIX_LENGTH = 4;

    private final Database database;
    private final TokenStore store;
    private final Changes changes;
    private final Secrets secrets;
    private final InstantSource clock;

    public Tokens(Database database, Changes changes, Secrets secrets, InstantSource clock) {
        this.database = database;
        this.store = new TokenStore();
        this.changes = changes;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** Whom this token stands for; empty for one that is unknown, expired or revoked. @param use whether to note that */
    Optional<Principal> find(String token, boolean use) {
        if (!PREFIXES.contains(token.substring(0, Math.min(token.length(), PREFIX_LENGTH)))
                || !Secrets.isMade(token, PREFIX_LENGTH)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        byte[] hash = Secrets.hash(token);
        return database.transaction(
                        transaction -> use ? store.use(transaction, hash, now) : store.find(transaction, hash, now))
                .map(Tokens::principal);
    }

    /**
     * The observer whose token is named so; empty where there is none in force.
     *
     * @param keyId the SHA-256 of the token's hash
     */
    public Optional<ObserverKey> observer(byte[] keyId) {
        Instant now = clock.instant();
        return database.transaction(transaction -> store.observer(transaction, keyId, now));
    }

    private static Principal principal(ApiToken token) {
        if (token.host() != null) {
            return new Principal.Observer(token.id(), token.name(), token.host());
        }
        Role role = Role.of(token.role())
                .orElseThrow(() -> new IllegalStateException("unknown role of a token: " + token.role()));
        return new Principal.Token(token.id(), token.name(), role);
    }

    /** What a new token is to be. @param host null for the roles of people; given: an observer of this host */
    record Wanted(
            String name,
            String role,
            @Nullable String host,
            @Nullable Duration lifetime) {}

    /** @param secret shown now and never again */
    record Made(ApiToken token, String secret) {}

    Made make(Wanted wanted, Actor actor) {
        Instant now = clock.instant();
        String secret = secrets.make(wanted.host() == null ? OF_PEOPLE : OF_OBSERVERS);
        Instant expires = wanted.lifetime() == null ? null : now.plus(wanted.lifetime());
        return database.transaction(transaction -> {
            ApiToken token = store.insert(transaction, wanted, Secrets.hash(secret), actor.name(), now, expires);
            changes.record(
                    transaction, change(token, null, "valid", actor).audited("token.create", null, facts(token)));
            return new Made(token, secret);
        });
    }

    /**
     * A token for the observer of a host that has none; empty where it has one in force.
     *
     * @return the secret, shown now and never again
     */
    public Optional<String> firstObserver(Transaction transaction, String host, String name, Actor actor) {
        Instant now = clock.instant();
        if (store.observed(transaction, host, now)) {
            return Optional.empty();
        }
        String secret = secrets.make(OF_OBSERVERS);
        Wanted wanted = new Wanted(name, "observer", host, null);
        ApiToken token = store.insert(transaction, wanted, Secrets.hash(secret), actor.name(), now, null);
        changes.record(transaction, change(token, null, "valid", actor).audited("token.create", null, facts(token)));
        return Optional.of(secret);
    }

    List<ApiToken> list() {
        return database.transaction(store::list);
    }

    /** False where there is no such token in force. */
    boolean revoke(UUID id, Actor actor) {
        return database.transaction(transaction -> {
            Optional<ApiToken> revoked = store.revoke(transaction, id, clock.instant());
            revoked.ifPresent(token -> changes.record(
                    transaction, change(token, "valid", null, actor).audited("token.revoke", facts(token), null)));
            return revoked.isPresent();
        });
    }

    private static Change change(ApiToken token, @Nullable String from, @Nullable String to, Actor actor) {
        return new Change("token", token.id().toString(), token.host(), from, to, actor, null, facts(token));
    }

    private static Map<String, ?> facts(ApiToken token) {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("name", token.name());
        facts.put("role", token.role());
        facts.put("host", token.host());
        facts.put("expires_at", token.expiresAt());
        return facts;
    }
}
