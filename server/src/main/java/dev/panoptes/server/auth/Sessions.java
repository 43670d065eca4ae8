package dev.panoptes.server.auth;

import dev.panoptes.server.http.Principal;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sessions of people: twelve hours without a call end one, and a week whatever happens. */
public final class Sessions {
    public static final Duration LIFETIME = Duration.ofDays(7);
    private static final Duration IDLE = Duration.ofHours(12);
    private static final Duration TOUCH = Duration.ofMinutes(1);

    private final Database database;
    private final SessionStore store = new SessionStore();
    private final Secrets secrets;
    private final InstantSource clock;

    public Sessions(Database database, Secrets secrets, InstantSource clock) {
        this.database = database;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** A new one, whatever the caller had before: nobody can be given a session that somebody else knows. */
    String begin(Transaction transaction, UUID user, String address) {
        return begin(transaction, user, address, LIFETIME, null);
    }

    /** @param provider what ends the session at the provider that vouches for this person; null where there is none */
    String begin(Transaction transaction, UUID user, String address, Duration lifetime, @Nullable String provider) {
        Instant now = clock.instant();
        store.deleteEnded(transaction, now, now.minus(IDLE));
        String cookie = secrets.make("");
        store.insert(transaction, Secrets.hash(cookie), user, address, now, now.plus(lifetime), provider);
        return cookie;
    }

    /** Whom this cookie stands for; empty where the session has ended. @param use whether that keeps it from running out */
    Optional<Principal.Person> find(String cookie, boolean use) {
        if (!Secrets.isMade(cookie, 0)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        byte[] hash = Secrets.hash(cookie);
        return database.transaction(transaction -> {
                    Optional<SessionStore.Found> found = store.find(transaction, hash, now, now.minus(IDLE));
                    if (use
                            && found.isPresent()
                            && found.get().lastUsedAt().plus(TOUCH).isBefore(now)) {
                        store.touch(transaction, hash, now);
                    }
                    return found;
                })
                .map(found -> new Principal.Person(
                        found.userId(),
                        found.name(),
                        found.role(),
                        csrfToken(cookie),
                        found.hasPassword(),
                        found.oneTime()));
    }

    /** What was given at {@link #begin}; empty for a session by password, and for none. */
    Optional<String> provider(String cookie) {
        return Secrets.isMade(cookie, 0)
                ? database.transaction(transaction -> store.provider(transaction, Secrets.hash(cookie)))
                : Optional.empty();
    }

    void end(Transaction transaction, String cookie) {
        store.delete(transaction, Secrets.hash(cookie));
    }

    /** After a new password or a disabled account nothing that was open stays open. */
    void endAllOf(Transaction transaction, UUID user) {
        store.deleteOf(transaction, user);
    }

    /** Follows from the cookie, which another site can have sent but not read. */
    static String csrfToken(String cookie) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Secrets.hash("csrf\n" + cookie));
    }
}
