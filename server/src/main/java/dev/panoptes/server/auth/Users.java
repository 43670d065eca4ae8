package dev.panoptes.server.auth;

import dev.panoptes.server.audit.AuditStore;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** People and their passwords. */
public final class Users {
    private static final int MOST_GUESSED = 5_000;

    private final Database database;
    private final UserStore store = new UserStore();
    private final Sessions sessions;
    private final Lockout lockout;
    private final AuditStore audit;
    private final Changes changes;
    private final Passwords passwords;
    private final Secrets secrets;
    private final AdminPasswordFile file;
    private final InstantSource clock;
    /** What a password is compared with where there is no such person, so that the answer takes as long. */
    private final String nobodysHash;

    /** Names that were refused lately with the hash that was theirs, so that the next guess is not read for first. */
    private final Map<String, String> guessed = new ConcurrentHashMap<>();

    public Users(
            Database database,
            Sessions sessions,
            AuditStore audit,
            Changes changes,
            Passwords passwords,
            Secrets secrets,
            AdminPasswordFile file,
            InstantSource clock) {
        this.file = file;
        this.database = database;
        this.sessions = sessions;
        this.lockout = new Lockout(clock);
        this.audit = audit;
        this.changes = changes;
        this.passwords = passwords;
        this.secrets = secrets;
        this.clock = clock;
        this.nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$"
                + "bm9ib2R5bm9ib2R5bm9ib2R5bm9ib2R5bm9ib2R5bm8";
    }

    /** Whether somebody is guessing. */
    public LoginMetrics metrics() {
        return new LoginMetrics(database, clock);
    }

    /** How a login ended. */
    public sealed interface Login {
        record Welcome(User user, String cookie) implements Login {}

        record Refused() implements Login {}

        record Locked(Duration retryAfter) implements Login {}
    }

    /** Opens a session, whatever session the caller had before. */
    public Login login(String name, String password, Actor actor) throws InterruptedException {
        String address = String.valueOf(actor.address());
        Optional<Duration> remembered = lockout.remembered(name, address);
        if (remembered.isPresent()) {
            return new Login.Locked(remembered.get());
        }
        try (Passwords.Place place = passwords.place()) {
            return login(place, name, password, address, actor);
        }
    }

    private Login login(Passwords.Place place, String name, String password, String address, Actor actor)
            throws InterruptedException {
        String assumed = guessed.get(name);
        while (true) {
            if (assumed == null) {
                Before before = database.transaction(transaction -> new Before(
                        lockout.wait(transaction, name, address).orElse(null),
                        hash(store.byName(transaction, name).orElse(null))));
                if (before.locked() != null) {
                    return new Login.Locked(before.locked());
                }
                assumed = before.hash();
            }
            boolean right = place.matches(password, assumed);
            Optional<Login> login = conclude(name, address, actor, assumed, right);
            if (login.isPresent()) {
                return login.get();
            }
            assumed = null;
        }
    }

    /**
     * What is known before a password is looked at.
     *
     * @param locked for how long nobody may try; null for not at all
     * @param hash what the password must fit
     */
    private record Before(@Nullable Duration locked, String hash) {}

    /** What a password must fit; of nobody, and of whom others vouch for, what none fits. */
    private String hash(UserStore.@Nullable Known known) {
        return known == null || known.hash() == null ? nobodysHash : known.hash();
    }

    /** Empty where the password was compared with one that has been replaced: it is to be compared again. */
    private Optional<Login> conclude(String name, String address, Actor actor, String assumed, boolean right) {
        Optional<Login> login = database.transaction(transaction -> {
            // Others may have failed while this one waited for its turn to be hashed.
            lockout.inTurn(transaction, name, address);
            Optional<Duration> since = lockout.wait(transaction, name, address);
            if (since.isPresent()) {
                return Optional.of(new Login.Locked(since.get()));
            }
            Optional<UserStore.Known> known = store.byName(transaction, name);
            if (!hash(known.orElse(null)).equals(assumed)) {
                return Optional.empty();
            }
            if (!right || known.filter(each -> each.user().disabledAt() == null).isEmpty()) {
                lockout.failed(transaction, name, address);
                audit.record(transaction, named(actor, name), "session.refuse", name, null, null);
                remember(name, assumed);
                return Optional.of(new Login.Refused());
            }
            User user = known.get().user();
            lockout.succeeded(transaction, name, address);
            String cookie = sessions.begin(transaction, user.id(), address);
            audit.record(
                    transaction,
                    named(actor, user.name()),
                    "session.create",
                    user.id().toString(),
                    null,
                    null);
            return Optional.of(new Login.Welcome(user, cookie));
        });
        if (!login.filter(Login.Refused.class::isInstance).isPresent()) {
            guessed.remove(name);
        }
        return login;
    }

    private void remember(String name, String hash) {
        if (guessed.size() >= MOST_GUESSED) {
            guessed.clear();
        }
        guessed.put(name, hash);
    }

    private static Actor named(Actor actor, String name) {
        return new Actor(name, Actor.Via.SESSION, actor.address());
    }

    /** @param cookie the value of the session's cookie */
    public void logout(String cookie, Actor actor) {
        database.execute(transaction -> {
            sessions.end(transaction, cookie);
            audit.record(transaction, actor, "session.delete", actor.name(), null, null);
        });
    }

    /** How replacing one's own password ended. */
    public enum Replaced {
        DONE,
        /** The present one is wrong, or the account was changed meanwhile. */
        REFUSED,
        /** Too many wrong ones; {@link #wait} tells for how long. */
        LOCKED
    }

    /** Replaces a password; every session of this person ends. */
    public Replaced changePassword(UUID id, String present, String wanted, Actor actor) throws InterruptedException {
        UserStore.Known known =
                database.transaction(transaction -> store.byId(transaction, id).orElseThrow());
        String name = known.user().name();
        String address = String.valueOf(actor.address());
        boolean right;
        String hash;
        try (Passwords.Place place = passwords.place()) {
            right = place.matches(present, hash(known));
            hash = right ? place.hash(wanted) : "";
        }
        Replaced replaced = database.transaction(transaction -> {
            lockout.inTurn(transaction, name, address);
            if (lockout.wait(transaction, name, address).isPresent()) {
                return Replaced.LOCKED;
            }
            if (!right) {
                lockout.failed(transaction, name, address);
                return Replaced.REFUSED;
            }
            Optional<UserStore.Known> now = store.byId(transaction, id);
            if (now.isEmpty()
                    || now.get().user().disabledAt() != null
                    || !Objects.equals(now.get().hash(), known.hash())) {
                // An admin has reset or disabled the account while this password was hashed.
                return Replaced.REFUSED;
            }
            store.setPassword(transaction, id, hash, false);
            sessions.endAllOf(transaction, id);
            User user = known.user();
            changes.record(
                    transaction, change(user, state(user), state(user), actor).audited("user.password", null, null));
            return Replaced.DONE;
        });
        if (replaced == Replaced.DONE) {
            file.forget(name);
        }
        return replaced;
    }

    /** How long this person must wait after wrong passwords; empty where they may try. */
    public Optional<Duration> wait(String name, Actor actor) {
        return database.transaction(transaction -> lockout.wait(transaction, name, String.valueOf(actor.address())));
    }

    List<User> list() {
        return database.transaction(store::list);
    }

    /** @param oneTimePassword shown now and never again */
    record Made(User user, String oneTimePassword) {}

    /** Empty where the name is taken. */
    Optional<Made> make(String name, String role, Actor actor) throws InterruptedException {
        String password = secrets.oneTimePassword();
        String hash = passwords.hash(password);
        return database.transaction(transaction -> {
            Optional<User> user = store.insert(transaction, name, role, hash, clock.instant());
            user.ifPresent(made -> changes.record(transaction, made(made, actor)));
            return user.map(made -> new Made(made, password));
        });
    }

    /** Whether this person's password is one-time still; false where there is nobody of that name. */
    boolean mustChangePassword(String name) {
        return database.transaction(transaction -> store.byName(transaction, name)
                .filter(known -> known.user().passwordChangeRequired())
                .isPresent());
    }

    boolean any() {
        return database.transaction(store::any);
    }

    /** The first admin, where there is nobody yet; several starting servers make one. */
    boolean makeFirst(String name, String oneTimePassword) throws InterruptedException {
        String hash = passwords.hash(oneTimePassword);
        return database.transaction(transaction -> {
            Optional<User> user = store.any(transaction)
                    ? Optional.empty()
                    : store.insert(transaction, name, "admin", hash, clock.instant());
            user.ifPresent(made -> changes.record(transaction, made(made, Actor.SYSTEM)));
            return user.isPresent();
        });
    }

    /** What is to change. @param role null: as it is @param disabled null: as it is @param login null: as it is */
    record Wish(
            @Nullable String role,
            @Nullable Boolean disabled,
            boolean resetPassword,
            @Nullable Login login) {
        /** How somebody gets in. */
        enum Login {
            PASSWORD,
            OIDC
        }
    }

    /** How a change ended. */
    sealed interface Changed {
        /** @param oneTimePassword null unless it was reset */
        record Done(User user, @Nullable String oneTimePassword) implements Changed {}

        record Unknown() implements Changed {}

        /** Nobody would be left who decides who gets in, whether a provider can be reached or not. */
        record LastAdmin() implements Changed {}

        /** Their role and password are not ours to set: a provider vouches for them. */
        record VouchedFor() implements Changed {}
    }

    Changed change(UUID id, Wish change, Actor actor) throws InterruptedException {
        boolean newPassword = change.resetPassword() || change.login() == Wish.Login.PASSWORD;
        String password = newPassword ? secrets.oneTimePassword() : null;
        String hash = password == null ? null : passwords.hash(password);
        Changed changed = database.transaction(transaction -> {
            List<UUID> admins = store.lockAdmins(transaction);
            Optional<UserStore.Known> known = store.byId(transaction, id);
            if (known.isEmpty()) {
                return new Changed.Unknown();
            }
            User before = known.get().user();
            if (before.vouchedFor()
                    && change.login() != Wish.Login.PASSWORD
                    && (change.role() != null || change.resetPassword())) {
                return new Changed.VouchedFor();
            }
            String role = change.role() == null ? before.role() : change.role();
            Instant disabledAt = disabledAt(before, change.disabled());
            boolean staysAdmin = role.equals("admin") && disabledAt == null && change.login() != Wish.Login.OIDC;
            if (!staysAdmin && admins.equals(List.of(id))) {
                return new Changed.LastAdmin();
            }
            if (change.login() == Wish.Login.OIDC && !before.vouchedFor()) {
                store.handOver(transaction, id);
            }
            return apply(transaction, before, role, disabledAt, hash, password, actor);
        });
        if (hash != null && changed instanceof Changed.Done done) {
            file.forget(done.user().name());
        }
        return changed;
    }

    private @Nullable Instant disabledAt(User before, @Nullable Boolean disabled) {
        if (disabled == null || disabled == (before.disabledAt() != null)) {
            return before.disabledAt();
        }
        return disabled ? clock.instant() : null;
    }

    private Changed apply(
            Transaction transaction,
            User before,
            String role,
            @Nullable Instant disabledAt,
            @Nullable String hash,
            @Nullable String password,
            Actor actor) {
        if (hash != null) {
            store.setPassword(transaction, before.id(), hash, true);
        }
        User after = store.update(transaction, before.id(), role, disabledAt);
        if (hash != null || disabledAt != null || !after.login().equals(before.login())) {
            sessions.endAllOf(transaction, before.id());
        }
        Map<String, Object> told = new LinkedHashMap<>(facts(after));
        told.put("password_reset", hash != null);
        changes.record(
                transaction,
                change(after, state(before), state(after), actor).audited("user.update", facts(before), told));
        return new Changed.Done(after, password);
    }

    static Change made(User user, Actor actor) {
        return change(user, null, state(user), actor).audited("user.create", null, facts(user));
    }

    static Change change(User user, @Nullable String from, String to, Actor actor) {
        return new Change("user", user.id().toString(), null, from, to, actor, null, facts(user));
    }

    static String state(User user) {
        return user.disabledAt() == null ? user.role() : "disabled";
    }

    static Map<String, Object> facts(User user) {
        return Map.of(
                "name", user.name(), "role", user.role(), "disabled", user.disabledAt() != null, "login", user.login());
    }
}
