package dev.panoptes.sensors;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.event.EventLine;
import dev.panoptes.sensors.spool.Spool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the events of one sensor into its spool. They are gathered for a moment, so that one write makes many durable; whoever
 * brings more than the memory for that holds waits. After the write, and only then, they go to standard output where that is
 * wanted.
 */
final class SpoolSink implements EventSink {
    /** A write is due at this size. */
    private static final int DUE = 256 << 10;
    /** Who brings more waits. */
    private static final int MOST = 2 << 20;

    private final String sensor;
    private final Spool spool;
    private final Stamp stamp;
    private final InstantSource clock;
    private final Counters counters;
    private final Log log;
    private final Budget budget;
    private final @Nullable OutputStream out;
    private final boolean printedIsDone;
    private final Object writing = new Object();
    private ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final EventLine line = new EventLine();
    private Map<String, String> positions = new LinkedHashMap<>();
    private int count;
    private long taken;
    private long durable;
    private boolean refused;
    /** True while events are given that are not to be torn apart: nobody waits between them. */
    private boolean whole;

    /** The spool counts alike: nobody else appends, and numbers that it refuses are used up. */
    private long next;

    /**
     * @param out where events are written to once they are durable; null: nowhere
     * @param printedIsDone true where nobody else waits for what has been written there
     */
    SpoolSink(
            String sensor,
            Spool spool,
            Origin origin,
            InstantSource clock,
            Counters counters,
            Log log,
            Budget budget,
            @Nullable OutputStream out,
            boolean printedIsDone) {
        this.sensor = sensor;
        this.spool = spool;
        this.stamp = new Stamp(sensor, origin, spool.stream().toString());
        this.clock = clock;
        this.counters = counters;
        this.log = log;
        this.budget = budget;
        this.out = out;
        this.printedIsDone = printedIsDone;
        this.next = spool.next();
    }

    @Override
    public void event(Event.Builder builder) throws InterruptedException {
        synchronized (this) {
            awaitRoom();
            long number = next++;
            stamp.fill(builder, number, number);
            line.clear();
            builder.json(line);
            line.append('\n');
            line.writeTo(lines);
            count++;
            taken++;
            if (count == 1 || lines.size() >= DUE) {
                notifyAll();
            }
        }
        counters.event();
    }

    private synchronized void awaitRoom() throws InterruptedException {
        while (!whole && lines.size() >= MOST) {
            wait();
        }
    }

    @Override
    public synchronized void together(Giving giving) throws InterruptedException {
        awaitRoom();
        whole = true;
        try {
            giving.give();
        } finally {
            whole = false;
        }
    }

    @Override
    public void lost(Loss reason, String provider, long number) throws InterruptedException {
        counters.lost(reason, number);
        event(LossEvent.of(clock.instant(), reason, provider, number));
    }

    @Override
    public void malformed(String provider, long number) {
        counters.malformed(number);
        log.debug(sensor, number + " records of " + provider + " could not be read");
    }

    @Override
    public synchronized void position(String source, String position) {
        positions.put(source, position);
        taken++;
        if (count == 0 && positions.size() == 1) {
            notifyAll();
        }
    }

    @Override
    public Duration rest() {
        return budget.rest();
    }

    @Override
    public void flush() throws InterruptedException {
        long wanted;
        synchronized (this) {
            wanted = taken;
        }
        commit();
        synchronized (this) {
            while (durable < wanted) {
                wait();
            }
        }
    }

    /** Waits until there is something to write, and then for so long at most until there is much. */
    synchronized void awaitWork(long millis) throws InterruptedException {
        while (count == 0 && positions.isEmpty()) {
            wait();
        }
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; left > 0 && lines.size() < DUE; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    /** Makes durable what has been taken. */
    void commit() {
        synchronized (writing) {
            ByteArrayOutputStream piece;
            Map<String, String> changed;
            int number;
            long upTo;
            synchronized (this) {
                if (count == 0 && positions.isEmpty()) {
                    durable = taken;
                    notifyAll();
                    return;
                }
                piece = lines;
                changed = positions;
                number = count;
                upTo = taken;
                lines = new ByteArrayOutputStream(Math.min(piece.size(), DUE) + 1_024);
                positions = new LinkedHashMap<>();
                count = 0;
            }
            byte[] bytes = piece.toByteArray();
            try {
                boolean kept = append(bytes, number, changed);
                if (kept && number > 0 && out != null) {
                    print(out, bytes);
                }
            } finally {
                synchronized (this) {
                    durable = upTo;
                    notifyAll();
                }
            }
        }
    }

    private boolean append(byte[] bytes, int number, Map<String, String> changed) {
        try {
            boolean kept = spool.append(bytes, number, changed);
            if (!kept) {
                refuse("the spool is at its bound", number);
            } else if (refused) {
                refused = false;
                log.info(sensor, "the spool takes events again");
            }
            return kept;
        } catch (IOException e) {
            refuse(String.valueOf(e.getMessage()), number);
            return false;
        }
    }

    private void refuse(String reason, int number) {
        counters.lost(Loss.DISK_FULL, number);
        counters.error("the spool cannot be written: " + reason);
        if (!refused) {
            refused = true;
            log.error(sensor, "events are lost: " + reason);
        }
    }

    private void print(OutputStream to, byte[] bytes) {
        try {
            synchronized (to) {
                to.write(bytes);
                to.flush();
            }
            if (printedIsDone) {
                spool.acknowledge(spool.next() - 1);
            }
        } catch (IOException e) {
            counters.error(String.valueOf(e.getMessage()));
            log.error(sensor, String.valueOf(e.getMessage()));
        }
    }
}
