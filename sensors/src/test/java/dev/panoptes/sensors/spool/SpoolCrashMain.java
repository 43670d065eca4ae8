package dev.panoptes.sensors.spool;

import dev.panoptes.sensors.Log;
import dev.panoptes.sensors.forward.Forwarder;
import dev.panoptes.sensors.forward.Publisher;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * A source, its spool and its forwarder, to be killed at any moment: numbers from 1 on are the events, and how far they have
 * been given is the source's position. With {@code drain} it only sends what is there, and ends.
 */
final class SpoolCrashMain {
    private static final Limits SMALL = new Limits(24_000, 4_000, true);
    private static final Limits NEWEST_GO = new Limits(24_000, 4_000, false);

    private SpoolCrashMain() {}

    public static void main(String[] args) throws IOException {
        Random random = new Random(Long.parseLong(args[2]));
        Limits limits = args[3].equals("oldest") ? SMALL : NEWEST_GO;
        PrintStream out = System.out;
        try (Spool spool = Spool.open(Path.of(args[0]), limits, UUID.randomUUID());
                CrashLedger ledger = CrashLedger.open(Path.of(args[1]))) {
            if (args[4].equals("drain")) {
                drain(spool, ledger);
                out.println("drained " + spool.position("source").orElse("0"));
                return;
            }
            Publisher publisher = (stream, sensor, batch, appended) -> {
                try {
                    // Now and then it is away, so that the bound is reached.
                    return random.nextInt(4) == 0
                            ? new Publisher.Answer.Later("away", null)
                            : new Publisher.Answer.Kept(ledger.take(batch));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            };
            Log log = new Log(
                    new PrintStream(java.io.OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                    java.time.InstantSource.system(),
                    Log.Level.ERROR);
            Forwarder forwarder = new Forwarder("auth", spool, publisher, log, random);
            Thread.ofPlatform().daemon().start(forwarder);
            out.println("ready");
            long given = Long.parseLong(spool.position("source").orElse("0"));
            while (true) {
                int count = 1 + random.nextInt(40);
                StringBuilder lines = new StringBuilder();
                for (int i = 1; i <= count; i++) {
                    lines.append("{\"n\":").append(given + i).append("}\n");
                }
                given += count;
                spool.append(
                        lines.toString().getBytes(StandardCharsets.UTF_8),
                        count,
                        Map.of("source", Long.toString(given)));
                forwarder.wake();
            }
        }
    }

    private static void drain(Spool spool, CrashLedger ledger) throws IOException {
        // A frame of nothing writes down what was lost and not yet written.
        spool.append(new byte[0], 0, Map.of("end", "1"));
        for (Batch batch = spool.batch(1 << 20, 1000); !batch.isEmpty(); batch = spool.batch(1 << 20, 1000)) {
            spool.acknowledge(ledger.take(batch));
        }
    }
}
