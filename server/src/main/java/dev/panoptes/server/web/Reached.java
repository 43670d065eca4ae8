package dev.panoptes.server.web;

import dev.panoptes.server.http.Request;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Under which URL this server is reached, for commands that pages show: as it is configured, else as the browser that asks
 * names it in {@code Host} (RFC 9110, 7.2). That TLS ends at a proxy is believed where {@code http.trusted_proxies} names it.
 */
final class Reached {
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");

    private final @Nullable URI configured;
    private final boolean tls;

    /** @param configured null where nothing is @param tls whether it speaks TLS itself */
    Reached(@Nullable URI configured, boolean tls) {
        this.configured = configured;
        this.tls = tls;
    }

    /** Without a slash at its end. What is no host, and would be pasted into a shell, is not repeated. */
    String url(Request request) {
        if (configured != null) {
            String url = configured.toString();
            return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        }
        boolean secure = tls || request.tlsBefore();
        String host = request.header("Host")
                .filter(name -> HOST.matcher(name).matches())
                .orElseGet(() -> "127.0.0.1:" + request.port());
        return (secure ? "https://" : "http://") + host;
    }
}
