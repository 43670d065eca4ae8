package dev.panoptes.server.bus;

import dev.panoptes.server.config.Configuration;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** How NATS is, for somebody who looks at it from outside. */
public final class BusProbe {
    private static final double MIB = 1 << 20;
    private static final int NO_STREAM = 404;

    private BusProbe() {}

    /** One line; empty where none is configured. */
    public static Optional<String> line(Configuration configuration) throws InterruptedException {
        Optional<BusAddress> address = BusAddress.of(configuration);
        return address.isEmpty() ? Optional.empty() : Optional.of(address.get() + ", " + state(address.get()));
    }

    private static String state(BusAddress address) throws InterruptedException {
        try {
            StreamInfo info = stream(address);
            return String.format(
                    Locale.ROOT,
                    "telemetry is taken: %d batches wait, %.1f of %.0f MiB, kept by %d",
                    info.getStreamState().getMsgCount(),
                    info.getStreamState().getByteCount() / MIB,
                    info.getConfiguration().getMaxBytes() / MIB,
                    info.getConfiguration().getReplicas());
        } catch (JetStreamApiException e) {
            return e.getErrorCode() == NO_STREAM
                    ? "there is no stream for telemetry: a server makes it when it starts"
                    : "JetStream refuses: " + e.getMessage();
        } catch (AuthenticationException e) {
            return "the credentials are refused";
        } catch (IOException e) {
            String reason = BusAddress.masked(String.valueOf(e.getMessage()));
            return reason.contains("Authorization Violation")
                    ? "the credentials are refused"
                    : reason.contains("503") ? "it has no JetStream" : "cannot be reached: " + reason;
        } catch (IllegalArgumentException | IllegalStateException e) {
            return "cannot be used: " + BusAddress.masked(String.valueOf(e.getMessage()));
        }
    }

    private static StreamInfo stream(BusAddress address)
            throws IOException, JetStreamApiException, InterruptedException {
        Connection connection = Nats.connect(address.options().noReconnect().build());
        try {
            return connection.jetStreamManagement().getStreamInfo(TelemetryStream.STREAM);
        } finally {
            connection.close();
        }
    }
}
