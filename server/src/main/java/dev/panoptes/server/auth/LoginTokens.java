package dev.panoptes.server.auth;

import dev.panoptes.server.http.Principal;
import java.util.Map;
import java.util.Optional;

/** Access tokens of people, for clients that know no cookies: each stands for a session and ends with it. */
public final class LoginTokens implements BearerTokens {
    private static final String SUBJECT = "sub";
    private static final String SESSION = "sid";

    private final AccessTokens tokens;
    private final Sessions sessions;

    public LoginTokens(AccessTokens tokens, Sessions sessions) {
        this.tokens = tokens;
        this.sessions = sessions;
    }

    String sign(User user, String cookie) {
        return tokens.sign(Map.of(SUBJECT, user.name(), SESSION, cookie));
    }

    @Override
    public boolean bears(String token) {
        return AccessTokens.bears(token)
                && tokens.read(token).map(claims -> claims.text(SESSION)).isPresent();
    }

    @Override
    public Optional<? extends Principal> find(String token, boolean use) {
        return tokens.read(token)
                .map(claims -> claims.text(SESSION))
                .flatMap(cookie -> sessions.find(cookie, use))
                .filter(person -> !person.mustChangePassword())
                .map(person -> new Principal.Token(person.id(), person.name(), person.role()));
    }
}
