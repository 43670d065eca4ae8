package dev.panoptes.sensors.auth;

import dev.panoptes.core.host.Exec;
import dev.panoptes.core.host.HostFiles;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorStatus;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.live.FollowedLogs;
import dev.panoptes.sensors.live.JournalWatch;
import dev.panoptes.sensors.live.PollingWatch;
import dev.panoptes.sensors.replay.Captures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Logins, sessions, privileges and accounts. */
public final class AuthSensor implements Sensor {
    private static final List<String> LOGS = List.of("/var/log/auth.log", "/var/log/secure");

    @Override
    public String name() {
        return "auth";
    }

    @Override
    public Duration interval() {
        return Duration.ofSeconds(60);
    }

    @Override
    public String reads() {
        return "/var/log/auth.log, /var/log/secure; where neither is there, systemd's journal; else wtmp and btmp";
    }

    @Override
    public String needs() {
        return "to read the logs or the journal (root, or group adm or systemd-journal)";
    }

    @Override
    public List<String> techniques() {
        return List.of("T1078", "T1110", "T1552", "T1548");
    }

    @Override
    public SensorStatus status(Surroundings surroundings) {
        HostFiles files = surroundings.host().files();
        if (!FollowedLogs.readable(files, LOGS).isEmpty()) {
            return new SensorStatus.Permitted();
        }
        if (hasJournal(surroundings)) {
            return new SensorStatus.Permitted();
        }
        if (!FollowedLogs.readable(files, LoginRecordSource.FILES).isEmpty()) {
            return new SensorStatus.Degraded(
                    "there is neither auth.log nor secure nor a journal: only what wtmp and btmp tell",
                    "a syslog daemon that writes auth.log");
        }
        return FollowedLogs.refused(files, LOGS).isEmpty()
                ? new SensorStatus.Degraded(
                        "there is neither auth.log nor secure nor a journal", "a syslog daemon that writes auth.log")
                : new SensorStatus.Degraded("the logs may not be read", "run as root or in group adm");
    }

    @Override
    public ReplayResult replay(Replay replay, EventSink sink) throws IOException, InterruptedException {
        return Captures.replay(name(), new AuthFeed(), replay, sink);
    }

    private static boolean hasJournal(Surroundings surroundings) {
        HostFiles files = surroundings.host().files();
        return surroundings.host().isLive()
                && new Exec().has(Exec.Tool.JOURNALCTL)
                && (hasEntries(files, "/run/log/journal") || hasEntries(files, "/var/log/journal"));
    }

    private static boolean hasEntries(HostFiles files, String folder) {
        try {
            return !files.list(folder).isEmpty();
        } catch (IOException e) {
            return false; // there is no journal of this kind
        }
    }

    /** One source, the logs where there are any: what both hold would be told twice. */
    @Override
    public Watch open(Surroundings surroundings, EventSink sink) throws IOException {
        AuthFeed feed = new AuthFeed();
        if (FollowedLogs.readable(surroundings.host().files(), LOGS).isEmpty() && hasJournal(surroundings)) {
            return JournalWatch.open(feed, sink, surroundings);
        }
        HostFiles files = surroundings.host().files();
        if (FollowedLogs.readable(files, LOGS).isEmpty()
                && FollowedLogs.refused(files, LOGS).isEmpty()
                && !FollowedLogs.readable(files, LoginRecordSource.FILES).isEmpty()) {
            return new LoginRecordSource(surroundings, sink);
        }
        return new PollingWatch(
                name(), FollowedLogs.look(LOGS, feed, sink, surroundings), () -> {}, surroundings.once());
    }
}
