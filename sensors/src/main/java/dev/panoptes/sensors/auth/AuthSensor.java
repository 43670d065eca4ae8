package dev.panoptes.sensors.auth;

import dev.panoptes.core.host.HostFiles;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorStatus;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.live.FollowedLogs;
import dev.panoptes.sensors.live.JournalWatch;
import dev.panoptes.sensors.live.PollingWatch;
import dev.panoptes.sensors.live.UserNames;
import dev.panoptes.sensors.replay.Captures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Logins, sessions, privileges and accounts. */
public final class AuthSensor implements Sensor {
    private static final List<String> LOGS = List.of("/var/log/auth.log", "/var/log/secure");
    private static final String SOURCE = "source";
    private static final String JOURNAL = "journal";

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
        return "systemd's journal; where there is none, /var/log/auth.log, /var/log/secure; else wtmp and btmp";
    }

    @Override
    public String needs() {
        return "to read the logs or the journal (root, or group adm or systemd-journal)";
    }

    @Override
    public List<String> techniques() {
        return List.of("T1078", "T1110", "T1552", "T1548");
    }

    /** The journal knows who wrote an entry, a log only what he called himself. */
    @Override
    public void check(Settings settings) {
        String source = settings.text(SOURCE).orElse(JOURNAL);
        if (!source.equals(JOURNAL) && !source.equals("log")) {
            settings.refuse(SOURCE, "'" + source + "' is neither journal nor log");
        }
    }

    @Override
    public SensorStatus status(Surroundings surroundings) {
        HostFiles files = surroundings.host().files();
        JournalWatch.Access journal = journal(surroundings);
        if (journal == JournalWatch.Access.READABLE
                || !FollowedLogs.readable(files, LOGS).isEmpty()) {
            return new SensorStatus.Permitted();
        }
        if (journal == JournalWatch.Access.REFUSED) {
            return new SensorStatus.Degraded(
                    "systemd's journal may not be read", "run as root or in group systemd-journal");
        }
        if (!FollowedLogs.readable(files, LoginRecordSource.FILES).isEmpty()) {
            return new SensorStatus.Degraded(
                    "there is neither a journal nor auth.log nor secure: only what wtmp and btmp tell",
                    "a syslog daemon that writes auth.log");
        }
        return FollowedLogs.refused(files, LOGS).isEmpty()
                ? new SensorStatus.Degraded(
                        "there is neither a journal nor auth.log nor secure", "a syslog daemon that writes auth.log")
                : new SensorStatus.Degraded("the logs may not be read", "run as root or in group adm");
    }

    @Override
    public ReplayResult replay(Replay replay, EventSink sink) throws IOException, InterruptedException {
        return Captures.replay(name(), new AuthFeed(), replay, sink);
    }

    private static JournalWatch.Access journal(Surroundings surroundings) {
        return surroundings.host().isLive()
                        && surroundings.settings().text(SOURCE).orElse(JOURNAL).equals(JOURNAL)
                ? JournalWatch.access(surroundings.host().files())
                : JournalWatch.Access.ABSENT;
    }

    /** One source, the journal where there is one: what a log holds too would be told twice. */
    @Override
    public Watch open(Surroundings surroundings, EventSink sink) throws IOException, InterruptedException {
        HostFiles files = surroundings.host().files();
        AuthFeed feed = new AuthFeed(uid -> new UserNames(files).of(uid)); // seldom asked, and users come and go
        if (journal(surroundings) == JournalWatch.Access.READABLE) {
            return JournalWatch.open(feed, sink, surroundings);
        }
        if (FollowedLogs.readable(files, LOGS).isEmpty()
                && FollowedLogs.refused(files, LOGS).isEmpty()
                && !FollowedLogs.readable(files, LoginRecordSource.FILES).isEmpty()) {
            return new LoginRecordSource(surroundings, sink);
        }
        return new PollingWatch(
                name(), FollowedLogs.look(LOGS, feed, sink, surroundings), () -> {}, surroundings.once());
    }
}
