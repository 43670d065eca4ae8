package dev.panoptes.cli.sensor;

import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.sensors.forward.BatchBody;
import dev.panoptes.sensors.forward.Publisher;
import dev.panoptes.sensors.spool.Batch;
import java.time.Duration;
import java.util.UUID;

/** Sends batches to {@code POST /api/v1/telemetry}. */
final class ServerPublisher implements Publisher {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TOO_LARGE = 413;
    private static final int INVALID = 400;

    private final ServerClient client;

    ServerPublisher(ServerClient client) {
        this.client = client;
    }

    @Override
    public Answer publish(UUID stream, String sensor, Batch batch, long appended) throws InterruptedException {
        Reply reply;
        try {
            reply = client.post(
                    "/api/v1/telemetry",
                    BatchBody.gzip(stream, sensor, batch, appended),
                    "application/x-ndjson",
                    true,
                    PATIENCE);
        } catch (UsageException e) {
            return new Answer.Later(e.text(), null);
        }
        return switch (reply) {
            case Reply.Done(int _, var body) ->
                body.path("acknowledged").isIntegralNumber()
                        ? new Answer.Kept(body.path("acknowledged").asLong())
                        : new Answer.Later("the server's answer is none", null);
            case Reply.Refused(int status, String _, Duration _) when status == TOO_LARGE -> new Answer.TooLarge();
            case Reply.Refused(int status, String reason, Duration _)
            when status == INVALID -> new Answer.Refused(reason);
            case Reply.Refused(int _, String reason, Duration after) -> new Answer.Later(reason, after);
            case Reply.Unreached(String reason, String _) -> new Answer.Later(reason, null);
        };
    }
}
