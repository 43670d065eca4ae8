package dev.panoptes.server.auth;

import dev.panoptes.server.http.Authenticator;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.ProblemException;
import dev.panoptes.server.http.Role;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Tells callers by bearer token, else by session cookie, else, where that is allowed, by their address. */
public final class ServerAuthenticator implements Authenticator {
    private static final String BEARER = "Bearer ";
    /** A proxy speaks for somebody else: then loopback is no proof of anything. */
    private static final List<String> FORWARDING =
            List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

    /** How a caller is asked for. */
    private enum Asking {
        USE,
        CLAIM,
        /** By a call that is long under way. */
        AGAIN
    }

    private final LocalToken localToken;
    private final Tokens tokens;
    private final Sessions sessions;
    private final boolean tls;
    private final boolean openLoopback;
    private final List<BearerTokens> others;

    /**
     * @param openLoopback {@code compat.open_loopback}
     * @param others kinds of bearer tokens beside API tokens, asked in their order
     */
    public ServerAuthenticator(
            LocalToken localToken,
            Tokens tokens,
            Sessions sessions,
            boolean tls,
            boolean openLoopback,
            List<BearerTokens> others) {
        this.localToken = localToken;
        this.tokens = tokens;
        this.sessions = sessions;
        this.tls = tls;
        this.openLoopback = openLoopback;
        this.others = List.copyOf(others);
    }

    @Override
    public Principal authenticate(Credentials credentials) {
        return authenticate(credentials, Asking.USE);
    }

    @Override
    public Principal claimed(Credentials credentials) {
        return authenticate(credentials, Asking.CLAIM);
    }

    @Override
    public Principal authenticateAgain(Credentials credentials) {
        return authenticate(credentials, Asking.AGAIN);
    }

    private Principal authenticate(Credentials credentials, Asking asking) {
        Optional<String> authorization = credentials.header("Authorization");
        if (authorization.isPresent()) {
            return bearer(authorization.get(), asking);
        }
        Optional<String> key = credentials.header("X-API-Key");
        if (key.isPresent()) {
            return token(key.get().strip(), asking);
        }
        // Only the one that this server sets: the other one may be left from before TLS, or planted by another origin.
        Optional<String> cookie = credentials.cookie(SessionCookie.name(tls));
        if (cookie.isPresent()) {
            // A session that has ended is nobody, not an error: browsers send old cookies on their own.
            return sessions.find(cookie.get(), asking != Asking.AGAIN)
                    .<Principal>map(person -> person)
                    .orElseGet(Principal.Anonymous::new);
        }
        return openLoopback && fromThisMachine(credentials)
                ? new Principal.Local("loopback", Role.OPERATOR)
                : new Principal.Anonymous();
    }

    private Principal bearer(String authorization, Asking asking) {
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw refused("Only Authorization: Bearer is understood");
        }
        return token(authorization.substring(BEARER.length()).strip(), asking);
    }

    private Principal token(String token, Asking asking) {
        if (localToken.matches(token)) {
            return new Principal.Local("local", Role.ADMIN);
        }
        for (BearerTokens kind : others) {
            if (kind.bears(token)) {
                Optional<? extends Principal> found =
                        asking == Asking.CLAIM ? kind.claim(token) : kind.find(token, asking == Asking.USE);
                return found.orElseThrow(ServerAuthenticator::unknown);
            }
        }
        return tokens.find(token, asking != Asking.AGAIN).orElseThrow(ServerAuthenticator::unknown);
    }

    /** Loopback, not on behalf of another, and not from a page that a browser on this machine has open. */
    private static boolean fromThisMachine(Credentials credentials) {
        boolean forwarded =
                FORWARDING.stream().anyMatch(name -> credentials.header(name).isPresent());
        boolean browser = credentials.header("Origin").isPresent()
                || credentials
                        .header("Sec-Fetch-Site")
                        .filter(site -> !site.equals("none"))
                        .isPresent();
        return !forwarded
                && !browser
                && credentials
                        .header("Host")
                        .filter(ServerAuthenticator::namesThisMachine)
                        .isPresent()
                && InetAddress.ofLiteral(credentials.address()).isLoopbackAddress();
    }

    /**
     * False for any other name: a page whose name was made to lead to loopback (DNS rebinding) sends no Origin with its
     * reads, but its own name as Host.
     */
    private static boolean namesThisMachine(String host) {
        String name = host.replaceFirst(":\\d*$", "");
        if (name.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(name.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static ProblemException unknown() {
        return refused("The token is unknown, expired or revoked");
    }

    private static ProblemException refused(String detail) {
        return Problem.of(ErrorCode.AUTHENTICATION_ERROR, detail).exception();
    }
}
