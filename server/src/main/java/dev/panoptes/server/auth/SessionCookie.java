package dev.panoptes.server.auth;

import java.time.Duration;

/** The cookie that holds a session: unreadable for scripts, never sent by another site. */
public final class SessionCookie {
    static final String NAME = "panoptes_session";
    /** The prefix binds it to TLS and to this very host (RFC 6265bis, 4.1.3.2). */
    static final String SECURE_NAME = "__Host-panoptes_session";

    private SessionCookie() {}

    /** A Set-Cookie field. */
    public static String set(String value, Duration lifetime, boolean tls) {
        return head(value, tls) + "; Max-Age=" + lifetime.toSeconds();
    }

    /** A Set-Cookie field that ends it. */
    public static String clear(boolean tls) {
        return head("", tls) + "; Max-Age=0";
    }

    /** @param tls the cookie of a server with TLS has another name */
    public static String name(boolean tls) {
        return tls ? SECURE_NAME : NAME;
    }

    private static String head(String value, boolean tls) {
        return name(tls) + "=" + value + "; Path=/; HttpOnly; SameSite=Strict" + (tls ? "; Secure" : "");
    }
}
