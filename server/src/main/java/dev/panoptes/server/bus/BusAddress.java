package dev.panoptes.server.bus;

import dev.panoptes.core.TrustedPem;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.Settings;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where NATS is and how one is let in.
 *
 * @param credentials a .creds file; null for none
 * @param ca PEM file of the certificates that alone are believed; null: those of the machine
 */
record BusAddress(
        String url, @Nullable Path credentials, @Nullable Path ca) {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** Empty where none is configured. */
    static Optional<BusAddress> of(Configuration configuration) {
        return configuration
                .find(Settings.NATS_URL)
                .map(url -> new BusAddress(
                        url,
                        configuration.find(Settings.NATS_CREDENTIALS).orElse(null),
                        configuration.find(Settings.NATS_CA).orElse(null)));
    }

    /** @throws IOException where the certificates cannot be read */
    Options.Builder options() throws IOException {
        Options.Builder options = new Options.Builder()
                .server(url)
                .connectionName("panoptes-server")
                .connectionTimeout(CONNECT)
                // The client's own listener would print to standard error.
                .errorListener(new ErrorListener() {});
        if (ca != null) {
            options.sslContext(TrustedPem.context(ca));
        }
        if (credentials != null) {
            options.authHandler(Nats.credentials(credentials.toString()));
        }
        return options;
    }

    /** What the client says of an address, without what may be secret in it. */
    static String masked(String text) {
        return text.replaceAll("//[^/@]*@", "//***@");
    }

    /** Without what may be secret in it. */
    @Override
    public String toString() {
        return masked(url);
    }
}
