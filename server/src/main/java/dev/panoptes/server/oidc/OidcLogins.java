package dev.panoptes.server.oidc;

import dev.panoptes.server.auth.User;
import dev.panoptes.server.auth.VouchedUsers;
import dev.panoptes.server.changes.Actor;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Logins by way of the provider: authorization code with PKCE. Nothing of a login is kept here between its two halves, so any
 * replica can begin it and any other can end it.
 */
public final class OidcLogins {
    private static final Logger LOG = LoggerFactory.getLogger(OidcLogins.class);
    /** Each may wait for the provider; more at once are told to come back. */
    private static final int MOST_AT_ONCE = 16;

    private static final String USUAL_NAME = "[\\p{L}\\p{N}][\\p{L}\\p{N}@._-]{0,99}";
    /** Of what ends the session at the provider; it becomes part of a URL. */
    private static final int LONGEST_HINT = 4_096;

    private final OidcSettings settings;
    private final Provider provider;
    private final IdTokens tokens;
    private final TokenCall calls;
    private final OidcStore store;
    private final VouchedUsers users;
    private final Seal seal;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    OidcLogins(
            OidcSettings settings,
            Provider provider,
            OidcStore store,
            VouchedUsers users,
            Seal seal,
            InstantSource clock) {
        this.settings = settings;
        this.provider = provider;
        this.tokens = new IdTokens(settings, provider, clock);
        this.calls = new TokenCall(settings, provider.client());
        this.store = store;
        this.users = users;
        this.seal = seal;
        this.clock = clock;
    }

    /** What the login page calls the provider. */
    public String name() {
        return settings.name();
    }

    /** Whether browsers come over TLS. */
    public boolean secure() {
        return settings.secure();
    }

    /** How a login went on. */
    public sealed interface Step {
        /** To the provider. @param cookie to be kept by the browser for so long */
        record Away(URI url, String cookie, Duration lifetime) implements Step {}

        /** In. @param cookie of the session @param next the page that was wanted, as it was given to {@link #begin} */
        record Welcome(User user, String cookie, Duration lifetime, String next) implements Step {}

        /** Not in. @param why one sentence for the person */
        record Refused(String why) implements Step {}

        /** Not in, and neither the person's fault nor ours. @param why one sentence for the person */
        record Unavailable(String why) implements Step {}
    }

    /** @param next the page that is wanted */
    public Step begin(String next) throws InterruptedException {
        return inTurn(() -> {
            Metadata metadata = provider.metadata();
            Begun begun = Begun.now(random, next, clock.instant());
            Map<String, String> query = new LinkedHashMap<>();
            query.put("response_type", "code");
            query.put("client_id", settings.clientId());
            query.put("redirect_uri", settings.callback());
            query.put("scope", String.join(" ", settings.scopes()));
            query.put("state", begun.state());
            query.put("nonce", begun.nonce());
            query.put("code_challenge", begun.challenge());
            query.put("code_challenge_method", "S256");
            return new Step.Away(FormText.query(metadata.authorization(), query), begun.sealed(seal), Begun.PATIENCE);
        });
    }

    /**
     * What the browser brings back from the provider; each empty where it is not there.
     *
     * @param issuer who answers (RFC 9207)
     * @param cookie what {@link #begin} gave
     */
    public record Return(String code, String state, String issuer, String error, String cookie) {}

    /** Ends a login, once. */
    public Step end(Return back, Actor actor) throws InterruptedException {
        Instant now = clock.instant();
        Optional<Begun> begun = Begun.open(back.cookie(), seal, now).filter(each -> each.isFor(back.state()));
        if (begun.isEmpty()
                || !store.firstReturn(begun.get().state(), begun.get().ends(), now)) {
            return new Step.Refused("This login was not begun in this browser, or is over. Please try again.");
        }
        return inTurn(() -> end(back, begun.get(), actor));
    }

    private Step end(Return back, Begun begun, Actor actor) throws ProviderFailure, InterruptedException {
        Metadata metadata = provider.metadata();
        boolean named = !back.issuer().isEmpty();
        if (named ? !back.issuer().equals(settings.issuer().toString()) : metadata.namesItself()) {
            throw new ProviderFailure("the answer to a login came from another provider");
        }
        if (!back.error().isEmpty()) {
            return new Step.Refused(
                    back.error().equals("access_denied")
                            ? "The provider did not let you in."
                            : "The provider could not log you in"
                                    + (back.error().matches("[a-z_]{1,60}") ? ": " + back.error() : "") + ".");
        }
        if (back.code().isEmpty()) {
            throw new ProviderFailure("the answer to a login holds no code");
        }
        TokenCall.Tokens given = calls.fetch(metadata, back.code(), begun.verifier());
        JsonNode claims = tokens.read(given.id(), begun.nonce(), given.access());
        VouchedUsers.Vouched person = person(metadata, claims, given.access());
        String hint = given.id().length() > LONGEST_HINT ? "" : given.id();
        return switch (users.login(person, settings.session(), seal.close(hint), actor)) {
            case VouchedUsers.Login.Welcome(User user, String cookie) ->
                new Step.Welcome(user, cookie, settings.session(), begun.next());
            case VouchedUsers.Login.NoRole _ ->
                new Step.Refused("None of your groups has a role here. An admin says which groups have one.");
            case VouchedUsers.Login.Disabled _ -> new Step.Refused("An admin has shut you out here.");
            case VouchedUsers.Login.NameTaken(String name) ->
                new Step.Refused("There is a local user called " + name
                        + " already, and nobody but an admin can say that it is you.");
        };
    }

    private VouchedUsers.Vouched person(Metadata metadata, JsonNode claims, String accessToken)
            throws ProviderFailure, InterruptedException {
        String subject = Answers.text(claims, "sub").orElseThrow();
        JsonNode more = claims;
        URI userinfo = metadata.userinfo();
        boolean all = !Answers.claim(claims, settings.rolesClaim()).isMissingNode()
                && Answers.text(claims, settings.nameClaim()).isPresent();
        if (!all && userinfo != null) {
            more = calls.userinfo(userinfo, accessToken, subject);
        }
        JsonNode groups = Answers.claim(claims, settings.rolesClaim());
        Set<String> named =
                Answers.groups(groups.isMissingNode() ? Answers.claim(more, settings.rolesClaim()) : groups);
        return new VouchedUsers.Vouched(
                settings.issuer().toString(),
                subject,
                called(claims, more, subject),
                settings.role(named).orElse(null));
    }

    /** The first that can be a name here. */
    private String called(JsonNode claims, JsonNode more, String subject) throws ProviderFailure {
        for (String key : new String[] {settings.nameClaim(), "email"}) {
            for (JsonNode each : new JsonNode[] {claims, more}) {
                Optional<String> name = Answers.text(each, key).filter(text -> text.matches(USUAL_NAME));
                if (name.isPresent()) {
                    return name.get();
                }
            }
        }
        if (subject.matches(USUAL_NAME)) {
            return subject;
        }
        throw new ProviderFailure("the provider gives no name that can be one here: oidc.name_claim says where it is");
    }

    /**
     * Where a browser goes so that its session ends at the provider too (RP-Initiated Logout 1.0); empty for a session by
     * password, and where the provider has no such thing or cannot be asked now.
     *
     * @param cookie of a session that is still open
     */
    public Optional<URI> farewell(String cookie) throws InterruptedException {
        Optional<String> hint = users.provider(cookie).flatMap(seal::open);
        if (hint.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI end = provider.metadata().endSession();
            if (end == null) {
                return Optional.empty();
            }
            Map<String, String> query = new LinkedHashMap<>();
            if (!hint.get().isEmpty()) {
                query.put("id_token_hint", hint.get());
            }
            query.put("client_id", settings.clientId());
            query.put("post_logout_redirect_uri", settings.publicUrl() + "/login");
            return Optional.of(FormText.query(end, query));
        } catch (ProviderFailure e) {
            LOG.atWarn().addKeyValue("why", e.why()).log("a session ends here, but not at the provider");
            return Optional.empty();
        }
    }

    private interface Work {
        Step run() throws ProviderFailure, InterruptedException;
    }

    private Step inTurn(Work work) throws InterruptedException {
        if (!places.tryAcquire()) {
            return new Step.Unavailable("Too many people log in at this moment. Please try again.");
        }
        try {
            return work.run();
        } catch (ProviderFailure e) {
            LOG.atWarn().addKeyValue("why", e.why()).log("a login by the provider failed");
            return new Step.Unavailable("The provider could not be used: " + e.why() + ".");
        } finally {
            places.release();
        }
    }
}
