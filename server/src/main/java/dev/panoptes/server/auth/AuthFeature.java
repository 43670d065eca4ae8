package dev.panoptes.server.auth;

import dev.panoptes.server.config.Settings;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.http.Authenticator;
import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.DataDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who gets in: people with their sessions, API tokens, the token of commands on the same host. */
public final class AuthFeature {
    private final FeatureContext context;
    private final boolean tls;
    private final Secrets secrets = new Secrets();
    private final Users users;
    private final Tokens tokens;
    private final Sessions sessions;
    private final LocalToken localToken;
    private final AccessTokens accessTokens;
    private final LoginTokens loginTokens;
    private final FirstAdmin.@Nullable Made firstAdmin;
    private final SigningSecret signing;

    /** @param tls whether calls come over it @throws CannotStart where a secret of this instance cannot be used or kept */
    public AuthFeature(FeatureContext context, DataDirectory directory, boolean tls)
            throws CannotStart, InterruptedException {
        this.context = context;
        this.tls = tls;
        this.tokens = new Tokens(context.database(), context.changes(), secrets, context.clock());
        this.sessions = new Sessions(context.database(), secrets, context.clock());
        AdminPasswordFile file = new AdminPasswordFile(directory);
        this.users = new Users(
                context.database(),
                sessions,
                context.audit(),
                context.changes(),
                context.closing().add(new Passwords()),
                secrets,
                file,
                context.clock());
        this.signing = SigningSecret.of(
                context.configuration().find(Settings.JWT_SECRET).orElse(null), directory, secrets);
        this.accessTokens = new AccessTokens(signing, context.clock());
        this.loginTokens = new LoginTokens(accessTokens, sessions);
        this.localToken = LocalToken.of(directory, secrets);
        this.firstAdmin =
                new FirstAdmin(users, file, secrets).makeWhereMissing().orElse(null);
    }

    public Tokens tokens() {
        return tokens;
    }

    public Users users() {
        return users;
    }

    public Secrets secrets() {
        return secrets;
    }

    /** Names the secret of this server's access tokens, and tells nothing of it. */
    public String signingKeyId() {
        return signing.keyId();
    }

    /** People whom a provider vouches for. */
    public VouchedUsers vouchedUsers() {
        return new VouchedUsers(context.database(), sessions, context.audit(), context.changes(), context.clock());
    }

    /** A key that all replicas have, made of the secret that they share. @param purpose tells it from others */
    public byte[] key(String purpose) {
        return signing.key(purpose);
    }

    /** Signs what agents and people get for their credentials. */
    public AccessTokens accessTokens() {
        return accessTokens;
    }

    /** @param others kinds of bearer tokens that other features give out */
    public Authenticator authenticator(List<BearerTokens> others) {
        List<BearerTokens> kinds = new ArrayList<>(List.of(loginTokens));
        kinds.addAll(others);
        return new ServerAuthenticator(
                localToken, tokens, sessions, tls, context.configuration().get(Settings.OPEN_LOOPBACK), kinds);
    }

    /** The admin that this start made; empty on every later one. */
    public Optional<FirstAdmin.Made> firstAdmin() {
        return Optional.ofNullable(firstAdmin);
    }

    public FeatureParts parts() {
        return FeatureParts.none()
                .withResources(
                        new SessionResource(users, tls),
                        new LoginResource(users, loginTokens),
                        new UserResource(
                                users,
                                context.configuration()
                                        .find(Settings.OIDC_ISSUER)
                                        .isPresent()),
                        new TokenResource(tokens))
                .withStoredFigures(users.metrics());
    }
}
