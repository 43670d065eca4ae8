package dev.panoptes.sensors.persistence;

import dev.panoptes.core.host.Privileges;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorStatus;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.replay.Captures;
import dev.panoptes.sensors.replay.Feed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

/** What runs again by itself on the host. */
public final class PersistenceSensor implements Sensor {
    @Override
    public String name() {
        return "persistence";
    }

    @Override
    public Duration interval() {
        return Duration.ofSeconds(300);
    }

    @Override
    public String reads() {
        return Places.every().size() + " kinds of places: cron, systemd, shells, ssh, sudo, PAM, udev, packages, ...";
    }

    @Override
    public String needs() {
        return "CAP_DAC_READ_SEARCH for homes, crontabs, sudoers and shadow";
    }

    /** Every kind, as docs/events.md lists them. */
    public static List<String> kinds() {
        return Places.every().stream().map(Place::kind).toList();
    }

    @Override
    public List<String> techniques() {
        TreeSet<String> all = new TreeSet<>();
        Places.every().forEach(place -> all.addAll(place.techniques()));
        return List.copyOf(all);
    }

    @Override
    public SensorStatus status(Surroundings surroundings) {
        Privileges own = surroundings.privileges();
        if (!surroundings.host().isLive() || own.readsAll()) {
            return new SensorStatus.Permitted();
        }
        return new SensorStatus.Degraded(
                "homes, crontabs and sudoers of others may not be read", "give it CAP_DAC_READ_SEARCH");
    }

    @Override
    public ReplayResult replay(Replay replay, EventSink sink) throws IOException, InterruptedException {
        // Of captures it reads its own events only.
        return Captures.replay(name(), new Feed() {}, replay, sink);
    }

    @Override
    public Watch open(Surroundings surroundings, EventSink sink) {
        return new PersistenceWatch(surroundings, sink);
    }
}
