package dev.panoptes.server.auth;

import dev.panoptes.server.audit.AuditStore;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.http.Role;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * People whom a provider vouches for: who they are and what they may it says at each login, whether they are shut out an
 * admin says here. Nobody becomes a local user of the same name, unless an admin handed that one over.
 */
public final class VouchedUsers {
    private final Database database;
    private final UserStore store = new UserStore();
    private final Sessions sessions;
    private final AuditStore audit;
    private final Changes changes;
    private final InstantSource clock;

    VouchedUsers(Database database, Sessions sessions, AuditStore audit, Changes changes, InstantSource clock) {
        this.database = database;
        this.sessions = sessions;
        this.audit = audit;
        this.changes = changes;
        this.clock = clock;
    }

    /**
     * What a provider says of somebody.
     *
     * @param issuer the provider
     * @param subject what it calls them for good
     * @param name what they are to be called here, when they come for the first time
     * @param role null where they may not come in
     */
    public record Vouched(
            String issuer,
            String subject,
            String name,
            @Nullable Role role) {}

    /** How a login ended. */
    public sealed interface Login {
        record Welcome(User user, String cookie) implements Login {}

        /** The provider gives them no role here. */
        record NoRole() implements Login {}

        /** An admin has shut them out here. */
        record Disabled() implements Login {}

        /** Somebody else has the name already. */
        record NameTaken(String name) implements Login {}
    }

    /**
     * Opens a session. Where the provider gives no role any more, every session that is open ends instead.
     *
     * @param lifetime after which the provider is asked again
     * @param provider what ends the session there too; null for nothing
     */
    public Login login(Vouched vouched, Duration lifetime, @Nullable String provider, Actor caller) {
        Actor actor = new Actor(vouched.name(), Actor.Via.SESSION, caller.address());
        return database.transaction(transaction -> {
            Login login = decide(transaction, vouched, lifetime, provider, actor);
            String refusal = refusal(login);
            if (refusal != null) {
                audit.record(
                        transaction,
                        actor,
                        "session.refuse",
                        vouched.name(),
                        null,
                        Map.of("why", refusal, "by", "oidc"));
            }
            return login;
        });
    }

    /** The token that ends this session at the provider too; empty for sessions by password. @param cookie its value */
    public Optional<String> provider(String cookie) {
        return sessions.provider(cookie);
    }

    private Login decide(
            Transaction transaction, Vouched vouched, Duration lifetime, @Nullable String provider, Actor actor) {
        Optional<User> known = store.byIdentity(transaction, vouched.issuer(), vouched.subject());
        Role role = vouched.role();
        if (role == null) {
            known.ifPresent(user -> sessions.endAllOf(transaction, user.id()));
            return new Login.NoRole();
        }
        Optional<User> user = known.or(() -> newcomer(transaction, vouched, role, actor));
        if (user.isEmpty()) {
            return new Login.NameTaken(vouched.name());
        }
        if (user.get().disabledAt() != null) {
            return new Login.Disabled();
        }
        User now = withRole(transaction, user.get(), role, actor);
        String cookie = sessions.begin(transaction, now.id(), String.valueOf(actor.address()), lifetime, provider);
        audit.record(
                transaction,
                new Actor(now.name(), Actor.Via.SESSION, actor.address()),
                "session.create",
                now.id().toString(),
                null,
                Map.of("by", "oidc"));
        return new Login.Welcome(now, cookie);
    }

    private Optional<User> newcomer(Transaction transaction, Vouched vouched, Role role, Actor actor) {
        Optional<User> claimed = store.claim(transaction, vouched.name(), vouched.issuer(), vouched.subject());
        if (claimed.isPresent()) {
            return claimed;
        }
        Optional<User> made = store.insertVouched(
                transaction, vouched.name(), role.id(), vouched.issuer(), vouched.subject(), clock.instant());
        made.ifPresent(user -> changes.record(transaction, Users.made(user, actor)));
        // Where there was one already, they may have come in by another replica at this very moment.
        return made.or(() -> store.byIdentity(transaction, vouched.issuer(), vouched.subject()));
    }

    private User withRole(Transaction transaction, User before, Role role, Actor actor) {
        if (before.role().equals(role.id())) {
            return before;
        }
        UUID id = before.id();
        User after = store.update(transaction, id, role.id(), null);
        changes.record(
                transaction,
                Users.change(after, Users.state(before), Users.state(after), actor)
                        .audited("user.update", Users.facts(before), Users.facts(after)));
        return after;
    }

    private static @Nullable String refusal(Login login) {
        return switch (login) {
            case Login.Welcome _ -> null;
            case Login.NoRole _ -> "none of the groups has a role";
            case Login.Disabled _ -> "disabled";
            case Login.NameTaken _ -> "another person has this name";
        };
    }
}
