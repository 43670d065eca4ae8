package dev.panoptes.sensors;

import dev.panoptes.sensors.spool.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Runs sensors in one process, each on its own: what one of them suffers is no matter of the others. */
public final class SensorRunner implements AutoCloseable {
    private final List<SensorWorker> workers;

    private SensorRunner(List<SensorWorker> workers) {
        this.workers = List.copyOf(workers);
    }

    /**
     * Opens the spool of every sensor, and starts them.
     *
     * @param settings the configuration of a sensor, by its name
     * @throws IOException where a spool cannot be opened or is in use; nothing is started then
     */
    public static SensorRunner start(
            List<Sensor> sensors, RunOptions options, Function<String, Settings> settings, Log log) throws IOException {
        List<SensorWorker> workers = new ArrayList<>();
        try {
            for (Sensor sensor : sensors) {
                Path directory = options.data().resolve(sensor.name());
                Spool spool = Spool.open(directory, options.limits(), UUID.randomUUID());
                workers.add(new SensorWorker(sensor, options, settings.apply(sensor.name()), log, spool, directory));
            }
        } catch (IOException e) {
            for (SensorWorker worker : workers) {
                worker.spool().close();
            }
            throw e;
        }
        workers.forEach(SensorWorker::start);
        return new SensorRunner(workers);
    }

    /** Waits until every sensor has done its single cycle. @return false where one of them could not */
    public boolean await() throws InterruptedException {
        boolean fine = true;
        for (SensorWorker worker : workers) {
            worker.await();
            fine &= worker.counters().seen().errors() == 0;
        }
        return fine;
    }

    /** One sensor at a moment. */
    public record Seen(String sensor, Counters.Seen counters, UUID stream, long next, long acknowledged, long bytes) {}

    public List<Seen> seen() {
        return workers.stream()
                .map(worker -> new Seen(
                        worker.sensor().name(),
                        worker.counters().seen(),
                        worker.spool().stream(),
                        worker.spool().next(),
                        worker.spool().acknowledged(),
                        worker.spool().bytes()))
                .toList();
    }

    /** Ends the running cycles, makes durable what they took, and writes last heartbeats. Idempotent. */
    @Override
    public void close() throws IOException {
        // All at once first, so that the time each is given runs for all.
        workers.forEach(SensorWorker::stop);
        for (SensorWorker worker : workers) {
            worker.close();
        }
    }
}
