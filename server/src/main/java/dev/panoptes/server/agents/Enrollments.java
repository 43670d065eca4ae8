package dev.panoptes.server.agents;

import dev.panoptes.server.agents.EnrollmentStore.EnrollmentToken;
import dev.panoptes.server.audit.AuditStore;
import dev.panoptes.server.auth.BearerTokens;
import dev.panoptes.server.auth.Secrets;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Tokens to enroll with: shown once, stored as a hash, good for so many instances until they expire. */
final class Enrollments implements BearerTokens {
    private static final String PREFIX = "pne_";

    private final Database database;
    private final AuditStore audit;
    private final Secrets secrets;
    private final InstantSource clock;
    private final EnrollmentStore store = new EnrollmentStore();

    Enrollments(Database database, AuditStore audit, Secrets secrets, InstantSource clock) {
        this.database = database;
        this.audit = audit;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** @param secret shown now and never again */
    record Made(EnrollmentToken token, String secret) {}

    /** @param labels JSON */
    Made make(String name, int uses, Duration lifetime, String labels, Actor actor) {
        Instant now = clock.instant();
        String secret = secrets.make(PREFIX);
        return database.transaction(transaction -> {
            EnrollmentToken token = store.insert(
                    transaction, name, Secrets.hash(secret), uses, labels, actor.name(), now, now.plus(lifetime));
            audit.record(
                    transaction, actor, "enrollment-token.create", token.id().toString(), null, facts(token));
            return new Made(token, secret);
        });
    }

    List<EnrollmentToken> list() {
        return database.transaction(store::list);
    }

    boolean revoke(UUID id, Actor actor) {
        return database.transaction(transaction -> {
            Optional<EnrollmentToken> revoked = store.revoke(transaction, id, clock.instant());
            revoked.ifPresent(token ->
                    audit.record(transaction, actor, "enrollment-token.revoke", id.toString(), facts(token), null));
            return revoked.isPresent();
        });
    }

    /** Takes one use; empty where none is left. */
    Optional<EnrollmentToken> use(Transaction transaction, UUID id) {
        return store.use(transaction, id, clock.instant());
    }

    @Override
    public boolean bears(String token) {
        return token.startsWith(PREFIX);
    }

    @Override
    public Optional<? extends Principal> find(String token, boolean use) {
        if (!Secrets.isMade(token, PREFIX.length())) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return database.transaction(transaction -> store.find(transaction, Secrets.hash(token), now))
                .map(found -> new Principal.Enrollee(found.id(), "enrollment:" + found.name()));
    }

    private static Map<String, ?> facts(EnrollmentToken token) {
        return Map.of("name", token.name(), "uses", token.uses(), "expires_at", token.expiresAt());
    }
}
