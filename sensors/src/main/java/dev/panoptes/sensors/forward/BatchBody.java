package dev.panoptes.sensors.forward;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.spool.Batch;
import dev.panoptes.sensors.spool.LostRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/** A batch as it goes to the server, whichever way it takes: the header's line and the events' lines, compressed by gzip. */
public final class BatchBody {
    private BatchBody() {}

    /** @param appended the last number that the stream has */
    public static byte[] gzip(UUID stream, String sensor, Batch batch, long appended) {
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
