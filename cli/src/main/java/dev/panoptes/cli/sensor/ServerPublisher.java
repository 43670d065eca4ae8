package dev.panoptes.cli.sensor;

import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.forward.Publisher;
import dev.panoptes.sensors.spool.Batch;
import dev.panoptes.sensors.spool.LostRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

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
                    "/api/v1/telemetry", body(stream, sensor, batch, appended), "application/x-ndjson", true, PATIENCE);
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

    private static byte[] body(UUID stream, String sensor, Batch batch, long appended) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(batch.lines().length / 4 + 512);
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(header(stream, sensor, batch, appended).getBytes(StandardCharsets.UTF_8));
            out.write('\n');
            out.write(batch.lines());
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    private static String header(UUID stream, String sensor, Batch batch, long appended) {
        List<Map<String, Object>> lost = new ArrayList<>();
        for (LostRange range : batch.lost()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("from", range.from());
            one.put("to", range.to());
            one.put("reason", range.reason());
            one.put("count", range.count());
            lost.add(one);
        }
        return Event.builder()
                .put("stream", stream.toString())
                .put("sensor", sensor)
                .put("first", batch.first())
                .put("count", batch.count())
                .put("lost", lost)
                .put("appended", appended)
                .build()
                .json();
    }
}
