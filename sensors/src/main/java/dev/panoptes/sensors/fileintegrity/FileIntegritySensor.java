package dev.panoptes.sensors.fileintegrity;

import dev.panoptes.core.host.Privileges;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorStatus;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.replay.Captures;
import dev.panoptes.sensors.replay.Feed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Files of the host that must not change unseen. */
public final class FileIntegritySensor implements Sensor {
    @Override
    public String name() {
        return "file_integrity";
    }

    @Override
    public Duration interval() {
        return Duration.ofSeconds(60);
    }

    @Override
    public String reads() {
        return "inotify, and in every cycle the files themselves against a baseline; fanotify for who wrote them";
    }

    @Override
    public String needs() {
        return "CAP_DAC_READ_SEARCH for files that others may not read, CAP_SYS_ADMIN for who wrote";
    }

    @Override
    public List<String> techniques() {
        return List.of("T1014", "T1574.010", "T1505.003", "T1548.001");
    }

    @Override
    public void check(Settings settings) {
        for (String key : List.of("paths", "exclude")) {
            for (String path : settings.texts(key)) {
                if (!path.startsWith("/")) {
                    settings.refuse(key, "'" + path + "' is no absolute path");
                }
            }
        }
        settings.flag("inotify", true);
    }

    @Override
    public SensorStatus status(Surroundings surroundings) {
        Privileges own = surroundings.privileges();
        if (!surroundings.host().isLive()) {
            return new SensorStatus.Permitted();
        }
        if (!own.readsAll()) {
            return new SensorStatus.Degraded(
                    "the content of files that others may not read is not compared, and who wrote a file is not told",
                    "give it CAP_DAC_READ_SEARCH; CAP_SYS_ADMIN for who wrote");
        }
        return own.has(Privileges.Capability.SYS_ADMIN) && !own.ownNamespace()
                ? new SensorStatus.Permitted()
                : new SensorStatus.Degraded(
                        "who wrote a file is not told", "give it CAP_SYS_ADMIN, if that is worth so much power");
    }

    @Override
    public ReplayResult replay(Replay replay, EventSink sink) throws IOException, InterruptedException {
        // Of captures it reads its own events only.
        return Captures.replay(name(), new Feed() {}, replay, sink);
    }

    @Override
    public Watch open(Surroundings surroundings, EventSink sink) throws IOException {
        return new FileIntegrityWatch(surroundings, sink);
    }
}
