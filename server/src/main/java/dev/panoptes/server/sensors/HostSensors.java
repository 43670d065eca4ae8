package dev.panoptes.server.sensors;

import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.configs.ConfigDocument;
import dev.panoptes.server.configs.ConfigVersion;
import dev.panoptes.server.configs.Configs;
import dev.panoptes.server.configs.Configs.Subject;
import dev.panoptes.server.configs.SensorSchema;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.sensors.Daemon.ConfigState;
import dev.panoptes.server.sensors.Daemon.SensorState;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the sensors of hosts are to do, and what their daemons say that they do. */
final class HostSensors {
    /** How often a daemon beats. */
    static final Duration INTERVAL = Duration.ofSeconds(15);
    /** So many intervals without a beat, and what it said last is not taken for the present. */
    private static final int MISSED = 3;

    private static final String ENABLED = "enabled";

    private final Database database;
    private final Changes changes;
    private final Configs configs;
    private final InstantSource clock;
    private final DaemonStore store = new DaemonStore();

    HostSensors(Database database, Changes changes, Configs configs, InstantSource clock) {
        this.database = database;
        this.changes = changes;
        this.configs = configs;
        this.clock = clock;
    }

    static Subject subject(String host) {
        return new Subject(host, SensorSchema.NAME, false);
    }

    /** The host that a path names; refuses one that nobody knows. */
    Subject subject(Request request) {
        String host = request.pathParameter("host");
        if (!database.transaction(transaction -> store.known(transaction, host))) {
            throw Problem.notFound("There is neither a snapshot of a host of this name nor a token for its observer")
                    .exception();
        }
        return subject(host);
    }

    /** What its observer is to run; empty where it was never configured. */
    Optional<ConfigVersion> wanted(String host) {
        return configs.latest(host);
    }

    /** @param hash of the configuration that the daemon should run */
    record Wanted(int version, String hash) {
        static Wanted of(@Nullable ConfigVersion newest) {
            return newest == null
                    ? new Wanted(0, ConfigDocument.EMPTY.hash())
                    : new Wanted(newest.version(), newest.hash());
        }
    }

    /** Takes what a daemon says. @return what it should run */
    Wanted beat(String host, Daemon said) {
        return database.transaction(transaction -> {
            Daemon before = store.find(transaction, host).orElse(null);
            store.put(transaction, host, said);
            if (before == null
                    || before.configState() != said.configState()
                    || !before.configHash().equals(said.configHash())) {
                changes.record(transaction, change(host, before, said));
            }
            return Wanted.of(configs.latest(transaction, host).orElse(null));
        });
    }

    private static Change change(String host, @Nullable Daemon before, Daemon said) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("host", host);
        data.put("version", said.configVersion());
        data.put("hash", said.configHash());
        data.put("error", said.configError());
        return new Change(
                "sensor_configuration",
                host,
                host,
                before == null ? null : before.configState().name(),
                said.configState().name(),
                Actor.SYSTEM,
                said.configError(),
                data);
    }

    /** Switches one sensor of a host; nothing is written where the newest version says so already. @return what became of it */
    Configs.Put turn(Subject subject, String sensor, boolean on, Actor actor, @Nullable String cause) {
        return database.transaction(transaction -> {
            configs.lock(transaction, subject.id());
            ConfigVersion newest = configs.latest(transaction, subject.id()).orElse(null);
            ConfigDocument document = newest == null ? ConfigDocument.EMPTY : newest.document();
            if (enabled(document, sensor) == on && newest != null) {
                return new Configs.Put.Done(newest);
            }
            String why = cause == null ? sensor + (on ? " switched on" : " switched off") : cause;
            return configs.put(transaction, subject, with(document, sensor, on), null, actor, why, false);
        });
    }

    private static ConfigDocument with(ConfigDocument document, String sensor, boolean on) {
        Map<String, Object> parts = document.parts();
        Map<Object, Object> settings = copy(parts.get("settings"));
        Map<Object, Object> own = copy(settings.get(sensor));
        own.put(ENABLED, on);
        settings.put(sensor, own);
        parts.put("settings", settings);
        return new ConfigDocument(Json.writeText(parts));
    }

    private static Map<Object, Object> copy(@Nullable Object map) {
        return map instanceof Map<?, ?> known ? new LinkedHashMap<>(known) : new LinkedHashMap<>();
    }

    private static boolean enabled(ConfigDocument document, String sensor) {
        return !(document.parts().get("settings") instanceof Map<?, ?> settings
                && settings.get(sensor) instanceof Map<?, ?> own
                && Boolean.FALSE.equals(own.get(ENABLED)));
    }

    /** @param state running, or stale where it has not beaten for three intervals @param interval seconds between beats */
    record DaemonView(String version, String state, Instant seenAt, long interval) {}

    /**
     * @param version the newest; 0 where it was never configured
     * @param state PENDING until the daemon has said what became of the newest; null where no daemon ever beat
     * @param appliedVersion what the daemon runs; null where none ever beat
     * @param error why the newest could not be applied; null where it could, and while nobody knows
     */
    record ConfigView(
            int version,
            String hash,
            @Nullable String state,
            @Nullable Integer appliedVersion,
            @Nullable String error) {}

    /**
     * One sensor.
     *
     * @param enabled what the newest configuration wants
     * @param state what the daemon says: running, degraded, error or stopped; unknown where none beats
     * @param reason why it does not see all that it is made for; null where it does
     */
    record SensorView(
            String name,
            boolean enabled,
            String state,
            @Nullable String reason,
            @Nullable Double intervalSeconds,
            @Nullable Long cycles,
            @Nullable Long events,
            @Nullable Long errors,
            @Nullable String lastError) {}

    /** @param daemon null where none ever beat @param items every sensor there is */
    record View(String host, @Nullable DaemonView daemon, ConfigView configuration, List<SensorView> items) {}

    View view(String host) {
        return database.transaction(transaction -> view(transaction, host));
    }

    private View view(Transaction transaction, String host) {
        Daemon daemon = store.find(transaction, host).orElse(null);
        ConfigVersion newest = configs.latest(transaction, host).orElse(null);
        ConfigDocument document = newest == null ? ConfigDocument.EMPTY : newest.document();
        boolean fresh =
                daemon != null && !daemon.seenAt().isBefore(clock.instant().minus(INTERVAL.multipliedBy(MISSED)));
        List<SensorView> items = new ArrayList<>();
        for (String sensor : SensorSchema.SENSORS) {
            items.add(sensor(sensor, enabled(document, sensor), daemon, fresh));
        }
        return new View(
                host,
                daemon == null
                        ? null
                        : new DaemonView(
                                daemon.version(), fresh ? "running" : "stale", daemon.seenAt(), INTERVAL.toSeconds()),
                configuration(Wanted.of(newest), daemon),
                items);
    }

    private static ConfigView configuration(Wanted wanted, @Nullable Daemon daemon) {
        if (daemon == null) {
            return new ConfigView(wanted.version(), wanted.hash(), null, null, null);
        }
        boolean told = daemon.configHash().equals(wanted.hash()) && daemon.configVersion() == wanted.version();
        boolean failed = told && daemon.configState() == ConfigState.FAILED;
        return new ConfigView(
                wanted.version(),
                wanted.hash(),
                told ? daemon.configState().name() : "PENDING",
                daemon.appliedVersion(),
                failed ? daemon.configError() : null);
    }

    private static SensorView sensor(String name, boolean enabled, @Nullable Daemon daemon, boolean fresh) {
        SensorState said = daemon == null
                ? null
                : daemon.sensors().stream()
                        .filter(state -> state.name().equals(name))
                        .findFirst()
                        .orElse(null);
        if (said == null) {
            return new SensorView(
                    name,
                    enabled,
                    "unknown",
                    daemon == null ? "no daemon of this host has been heard of" : "its daemon does not run this sensor",
                    null,
                    null,
                    null,
                    null,
                    null);
        }
        return new SensorView(
                name,
                enabled,
                fresh ? said.state() : "unknown",
                fresh
                        ? said.reason()
                        : "the daemon has not been heard of since "
                                + Objects.requireNonNull(daemon).seenAt() + "; it said " + said.state(),
                said.intervalSeconds(),
                said.cycles(),
                said.events(),
                said.errors(),
                said.lastError());
    }

    Instant now() {
        return clock.instant();
    }
}
