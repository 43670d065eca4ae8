package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.SnapshotJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes what the observer of one host saw. */
final class SnapshotFile {
    private SnapshotFile() {}

    static byte[] bytes(Snapshot snapshot) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new SnapshotJson().write(snapshot, bytes);
        return bytes.toByteArray();
    }

    /** @param snapshots one; none where no check that judges the observed is to run */
    static void write(List<Snapshot> snapshots, Path file) throws IOException, UsageException {
        if (snapshots.isEmpty()) {
            throw new UsageException(
                    "--snapshot writes what is observed, but no check that judges it is to run",
                    "See --only and --skip");
        }
        new AtomicFile(file).write(bytes(snapshots.getFirst()));
    }
}
