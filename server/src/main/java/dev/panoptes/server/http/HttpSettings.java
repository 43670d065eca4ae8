package dev.panoptes.server.http;

import dev.panoptes.server.config.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator decides about HTTP.
 *
 * @param address to listen on, an IP literal or a name
 * @param port 0 picks a free one
 * @param tls null for plain HTTP
 * @param anonymousRead whether everybody may read what viewers may
 * @param requestsPerSecond of one caller; 0 for no limit
 * @param head how long the head of a request may take to arrive
 * @param trustedProxies whose X-Forwarded-For and X-Forwarded-Proto are believed
 * @param corsOrigins whose pages may call with a bearer token; usually none
 * @param shutdown how long a stop waits for calls in flight
 */
public record HttpSettings(
        String address,
        int port,
        @Nullable Tls tls,
        boolean anonymousRead,
        int requestsPerSecond,
        Duration head,
        Duration shutdown,
        List<Network> trustedProxies,
        List<String> corsOrigins) {
    public HttpSettings {
        trustedProxies = List.copyOf(trustedProxies);
        corsOrigins = List.copyOf(corsOrigins);
    }

    /** PEM files: the certificate chain, leaf first, and its PKCS #8 private key. */
    public record Tls(Path certificate, Path key) {}
}
