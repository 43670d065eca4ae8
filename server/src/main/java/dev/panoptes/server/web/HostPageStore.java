package dev.panoptes.server.web;

import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.SnapshotJson;
import dev.panoptes.server.storage.Database;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Reads what was last seen on a host. */
final class HostPageStore {
    private final Database database;

    HostPageStore(Database database) {
        this.database = database;
    }

    /** @param confirmed when the host was last seen to be so */
    record Seen(Snapshot snapshot, Instant confirmed) {}

    /** Empty for a host that nothing was ever seen of. */
    Optional<Seen> newest(String host) {
        return database.transaction(transaction -> transaction.first(
                "SELECT confirmed_at, body FROM snapshots WHERE host = ? ORDER BY taken_at DESC, id LIMIT 1",
                row -> new Seen(read(row.bytes("body")), row.instant("confirmed_at")),
                host));
    }

    private static Snapshot read(byte[] gzip) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return switch (new SnapshotJson().read(in)) {
                case SnapshotJson.Result.Read(Snapshot snapshot) -> snapshot;
                case SnapshotJson.Result.Refused(String reason) ->
                    throw new IllegalStateException("a stored snapshot cannot be read: " + reason);
            };
        } catch (IOException e) {
            throw new UncheckedIOException("a stored snapshot is damaged", e);
        }
    }
}
