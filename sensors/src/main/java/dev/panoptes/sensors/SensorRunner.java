package dev.panoptes.sensors;

import dev.panoptes.core.host.ThreadTime;
import dev.panoptes.sensors.spool.Limits;
import dev.panoptes.sensors.spool.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Runs sensors in one process, each on its own: what one of them suffers is no matter of the others. */
public final class SensorRunner implements AutoCloseable {
    private final List<SensorWorker> workers;
    private final MemoryBudget memory;

    private SensorRunner(List<SensorWorker> workers, MemoryBudget memory) {
        this.memory = memory;
        this.workers = List.copyOf(workers);
    }

    /**
     * Opens the spool of every sensor, and starts them.
     *
     * @param orders what a sensor is told, by its name
     * @throws IOException where a spool cannot be opened or is in use; nothing is started then
     */
    public static SensorRunner start(List<Sensor> sensors, RunOptions options, Function<String, Orders> orders, Log log)
            throws IOException {
        List<SensorWorker> workers = new ArrayList<>();
        MemoryBudget memory = new MemoryBudget(
                options.once() ? 0 : options.budgets().memoryBytes(),
                ThreadTime::residentBytes,
                System::nanoTime,
                System::gc);
        try {
            for (Sensor sensor : sensors) {
                Path directory = options.data().resolve(sensor.name());
                Spool spool = Spool.open(directory, options.limits(), UUID.randomUUID());
                workers.add(
                        new SensorWorker(sensor, options, orders.apply(sensor.name()), log, spool, directory, memory));
            }
        } catch (IOException e) {
            for (SensorWorker worker : workers) {
                worker.spool().close();
            }
            throw e;
        }
        workers.forEach(SensorWorker::start);
        return new SensorRunner(workers, memory);
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

    /**
     * Tells some sensors something else: each ends what it does, and goes on so.
     *
     * @param orders by the names of those that are told
     * @return what could not be done, a line for each; empty where all could
     */
    public List<String> apply(Map<String, Orders> orders) throws InterruptedException {
        List<String> problems = new ArrayList<>();
        for (SensorWorker worker : workers) {
            Orders told = orders.get(worker.sensor().name());
            String problem = told == null ? null : worker.apply(told);
            if (problem != null) {
                problems.add(worker.sensor().name() + ": " + problem);
            }
        }
        return problems;
    }

    /** How large every spool may grow from now on. */
    public void limit(Limits limits) {
        workers.forEach(worker -> worker.spool().limit(limits));
    }

    /** What sensors may take of the machine from now on. */
    public void budget(Budgets budgets) {
        memory.most(budgets.memoryBytes());
        workers.forEach(worker -> worker.budget(budgets));
    }

    /** How every sensor is. */
    public List<SensorState> states() {
        return workers.stream().map(SensorWorker::state).toList();
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
