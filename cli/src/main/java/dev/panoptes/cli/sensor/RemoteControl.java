package dev.panoptes.cli.sensor;

import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.cli.shell.Version;
import dev.panoptes.sensors.Log;
import dev.panoptes.sensors.Orders;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorRunner;
import dev.panoptes.sensors.SensorState;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The part of the daemon that the server speaks to: it says how the sensors are, hears which configuration they should run,
 * fetches it, applies it or goes back to the last good one, and says which of both. For one thread.
 */
final class RemoteControl implements Runnable {
    private static final String NAME = "configuration";
    private static final String NONE = "none";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(1);
    private static final Duration EVERY = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MOST_TEXT = 2_000;
    private static final double NANOS = 1e9;

    private final ServerClient client;
    private final SensorRunner runner;
    private final List<Sensor> sensors;
    private final SensorConfiguration local;
    private final KeptConfiguration kept;
    private final Log log;
    private final RandomGenerator random;
    private final Semaphore never = new Semaphore(0);
    /** What runs; null: only what the host's own file says. */
    private @Nullable RemoteConfiguration applied;

    private int triedVersion;
    private String triedHash;
    /** Why the newest could not be applied; null where it could. */
    private @Nullable String error;

    private @Nullable String told;
    private volatile boolean heard;

    /** @param applied what the sensors were started with; null: only what the host's own file says */
    RemoteControl(
            ServerClient client,
            SensorRunner runner,
            List<Sensor> sensors,
            SensorConfiguration local,
            KeptConfiguration kept,
            @Nullable RemoteConfiguration applied,
            Log log,
            RandomGenerator random) {
        this.client = client;
        this.runner = runner;
        this.sensors = List.copyOf(sensors);
        this.local = local;
        this.kept = kept;
        this.applied = applied;
        this.triedVersion = applied == null ? 0 : applied.version();
        this.triedHash = applied == null ? NONE : applied.hash();
        this.log = log;
        this.random = random;
    }

    /** Runs until it is interrupted. */
    @Override
    public void run() {
        try {
            while (true) {
                long millis = step().toMillis();
                // A fleet that was started at once does not beat at once for ever.
                long spread = millis - millis / 10 + random.nextLong(millis / 10 + 1);
                if (never.tryAcquire(spread, TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("nobody releases it");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One beat, and what follows from its answer. @return when the next one is due */
    Duration step() throws InterruptedException {
        try {
            Reply reply = beat(runner.states(), PATIENCE);
            if (reply instanceof Reply.Done(int _, JsonNode wanted)) {
                heard = true;
                well();
                String hash = wanted.path("config_hash").asString("");
                if (!hash.isEmpty() && !hash.equals(triedHash)) {
                    fetch(wanted.path("config_version").asInt(-1), hash);
                }
                long seconds = wanted.path("interval").asLong(EVERY.toSeconds());
                return Duration.ofSeconds(Math.clamp(seconds, 1, LONGEST.toSeconds()));
            }
            return failed(reply);
        } catch (UsageException e) {
            say(e.text());
            return EVERY;
        }
    }

    private Duration failed(Reply reply) {
        return switch (reply) {
            case Reply.Refused(int status, String _, Duration _)
            when status == 404 -> {
                say("the server is older than this program and configures no sensors");
                yield LONGEST;
            }
            case Reply.Refused(int _, String reason, Duration after) -> {
                say(reason);
                yield after == null || after.compareTo(EVERY) < 0 ? EVERY : after;
            }
            case Reply.Unreached(String reason, String _) -> {
                say(reason);
                yield EVERY;
            }
            case Reply.Done _ -> EVERY;
        };
    }

    /** Said when it begins or changes, not at every try. */
    private void say(String reason) {
        if (!reason.equals(told)) {
            told = reason;
            RemoteConfiguration now = applied;
            log.warning(
                    NAME,
                    "the server is not heard: " + reason + "; "
                            + (now == null ? "the host's own settings hold" : "version " + now.version() + " holds"));
        }
    }

    private void well() {
        if (told != null) {
            told = null;
            log.info(NAME, "the server is heard again");
        }
    }

    private void fetch(int version, String hash) throws UsageException, InterruptedException {
        ServerClient.Tagged answer = client.tagged("/api/v1/observers/config");
        if (!(answer.reply() instanceof Reply.Done(int _, JsonNode document))) {
            failed(answer.reply());
            return;
        }
        if (!("\"" + version + "\"").equals(answer.tag())) {
            // Another one was put meanwhile: the next beat tells which.
            return;
        }
        triedVersion = version;
        triedHash = hash;
        error = switch (RemoteConfiguration.of(version, hash, document, sensors, local)) {
            case RemoteConfiguration.Result.Refused refused -> refused.text();
            case RemoteConfiguration.Result.Usable(RemoteConfiguration configuration) -> apply(configuration);
        };
        if (error == null) {
            log.info(NAME, "version " + version + " is applied");
        } else {
            log.error(NAME, "version " + version + " is not applied: " + error);
        }
        beat(runner.states(), PATIENCE);
    }

    /** @return why it could not; then everything is as it was before */
    private @Nullable String apply(RemoteConfiguration wanted) throws InterruptedException {
        RemoteConfiguration before = applied;
        Map<String, Orders> changed = new HashMap<>();
        for (Sensor sensor : sensors) {
            if (!wanted.sameFor(sensor.name(), before)) {
                changed.put(sensor.name(), wanted.orders(sensor.name(), local));
            }
        }
        List<String> problems = runner.apply(changed);
        if (problems.isEmpty()) {
            try {
                kept.write(wanted);
            } catch (IOException e) {
                problems = List.of("it cannot be kept over a restart: " + e.getMessage());
            }
        }
        if (problems.isEmpty()) {
            runner.limit(wanted.limits() == null ? local.spool() : wanted.limits());
            runner.budget(wanted.budgets() == null ? local.budgets() : wanted.budgets());
            applied = wanted;
            return null;
        }
        changed.replaceAll((sensor, _) -> orders(before, sensor));
        List<String> back = runner.apply(changed);
        back.forEach(problem -> log.error(NAME, "the last good configuration: " + problem));
        return String.join("; ", problems);
    }

    private Orders orders(@Nullable RemoteConfiguration configuration, String sensor) {
        return configuration == null ? Orders.of(local.of(sensor)) : configuration.orders(sensor, local);
    }

    private Reply beat(List<SensorState> states, Duration patience) throws UsageException, InterruptedException {
        ObjectNode beat = JsonMapper.shared()
                .createObjectNode()
                .put("version", Version.current())
                .put("config_version", triedVersion)
                .put("config_hash", triedHash)
                .put("config_state", error == null ? "APPLIED" : "FAILED")
                .put("config_error", cut(error))
                .put("applied_version", applied == null ? 0 : applied.version());
        ArrayNode list = beat.putArray("sensors");
        for (SensorState state : states) {
            Duration interval = state.interval();
            ObjectNode one = list.addObject()
                    .put("name", state.sensor())
                    .put("state", state.word().text())
                    .put("reason", cut(state.reason()))
                    .put("cycles", state.counters().cycles())
                    .put("events", state.counters().events())
                    .put("errors", state.counters().errors())
                    .put("last_error", cut(state.counters().lastError()));
            if (interval != null) {
                one.put("interval_seconds", interval.toNanos() / NANOS);
            }
        }
        return client.call("POST", "/api/v1/observers/heartbeat", ServerClient.bytes(beat), patience);
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT);
    }

    /** Tells the server that the daemon ends, where it was heard before; waits a second at most. For the thread that ends it. */
    void ends() {
        if (!heard) {
            return;
        }
        try {
            List<SensorState> last = runner.states().stream()
                    .map(state -> new SensorState(
                            state.sensor(),
                            SensorState.Word.STOPPED,
                            state.word() == SensorState.Word.STOPPED ? state.reason() : "its daemon was stopped",
                            null,
                            state.counters()))
                    .toList();
            Reply reply = beat(last, LAST_PATIENCE);
            if (!(reply instanceof Reply.Done)) {
                log.debug(NAME, "the server does not hear that this daemon ends");
            }
        } catch (UsageException e) {
            log.debug(NAME, e.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
