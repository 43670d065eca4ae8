package dev.panoptes.integrity.kubernetes;

import java.io.IOException;
import java.net.URI;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster is reached, and as whom.
 *
 * @param name what reports call it: the context, or {@code in-cluster}
 * @param server of the API, {@code https://host:port}
 * @param tls believes the cluster's own authority alone, and shows the client certificate where there is one
 */
public record ClusterAccess(String name, URI server, SSLContext tls, Token token) {
    /** Where the bearer token comes from; read for each request, because it is replaced while we run. */
    @FunctionalInterface
    public interface Token {
        /** @return null where none is sent */
        @Nullable
        String read() throws IOException;
    }

    /** What reading a configuration gave. */
    public sealed interface Result {
        record Usable(ClusterAccess access) implements Result {}

        /** @param reason one sentence without a full stop */
        record Unusable(String reason) implements Result {}
    }
}
