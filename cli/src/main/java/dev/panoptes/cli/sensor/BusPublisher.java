package dev.panoptes.cli.sensor;

import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.client.TrustedCertificates;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.sensors.forward.JetStreamPublisher;
import dev.panoptes.sensors.forward.JetStreamPublisher.Where;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The way of events over NATS, where the daemon's settings or its environment name one. */
final class BusPublisher {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private BusPublisher() {}

    /** Empty where events go to the server itself. @param host what this host calls itself */
    static Optional<JetStreamPublisher> of(
            SensorConfiguration configuration, Shell shell, ServerClient client, String host) throws UsageException {
        String url = setting(configuration, shell, "url", "NATS_URL");
        if (url == null) {
            return Optional.empty();
        }
        String credentials = setting(configuration, shell, "credentials", "NATS_CREDS");
        String ca = setting(configuration, shell, "ca", "NATS_CA");
        Where where = new Where(
                url,
                credentials == null ? null : shell.resolve(Path.of(credentials)),
                ca == null ? null : TrustedCertificates.context(shell.resolve(Path.of(ca))));
        return Optional.of(new JetStreamPublisher(where, host, () -> token(client), System::nanoTime, PATIENCE));
    }

    private static @Nullable String setting(
            SensorConfiguration configuration, Shell shell, String key, String variable) {
        String set = configuration.nats(key);
        return set == null ? shell.variable(variable) : set;
    }

    private static String token(ServerClient client) {
        try {
            return client.token();
        } catch (UsageException e) {
            throw new IllegalStateException(e.text(), e);
        }
    }
}
