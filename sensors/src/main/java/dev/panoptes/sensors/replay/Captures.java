package dev.panoptes.sensors.replay;

import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import java.io.IOException;
import java.nio.file.Path;

/** Sends captures through a sensor's {@link Feed} and what it tells to a sink, in order. */
public final class Captures {
    private Captures() {}

    /** @param sensor the sensor's name, as in {@code event.dataset} */
    public static ReplayResult replay(String sensor, Feed feed, Replay replay, EventSink sink)
            throws IOException, InterruptedException {
        SinkOutput out = new SinkOutput(sink, "capture");
        CaptureReader reader = new CaptureReader(sensor, feed, out, replay.zone(), replay.year());
        for (Path file : replay.files()) {
            reader.read(file);
        }
        reader.finish();
        return out.result(reader.records());
    }
}
