package dev.panoptes.server.health;

import dev.panoptes.server.http.CallCounts;
import dev.panoptes.server.storage.Database;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's own figures: what it is, calls, connections, memory. */
public final class ServerMetrics implements MetricSource {
    private static final Logger LOG = LoggerFactory.getLogger(ServerMetrics.class);

    private final String version;
    private final CallCounts calls;
    private final Database database;
    private final Path directory;
    private final Duration watchInterval;

    /** @param directory the data directory */
    public ServerMetrics(String version, CallCounts calls, Database database, Path directory, Duration watchInterval) {
        this.version = version;
        this.calls = calls;
        this.database = database;
        this.directory = directory;
        this.watchInterval = watchInterval;
    }

    @Override
    public void write(Exposition out) {
        out.metric("panoptes_build_info", "info", "Always 1; the version is the label.")
                .value("panoptes_build_info", Map.of("version", version), 1);
        out.gauge(
                "panoptes_start_time_seconds",
                "When the server started, in seconds since 1970.",
                ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
        calls.figures().forEach(out::counted);
        out.gauge(
                "panoptes_database_connections",
                "Connections to the database that are in use.",
                database.connectionsInUse());
        out.gauge(
                "panoptes_database_waiting", "Callers that wait for a connection to the database.", database.waiting());
        out.metric("panoptes_database_transactions_total", "counter", "Transactions that were begun.")
                .value("panoptes_database_transactions_total", Map.of(), database.transactions());
        Runtime runtime = Runtime.getRuntime();
        out.gauge("panoptes_heap_bytes", "Heap in use.", (double) runtime.totalMemory() - runtime.freeMemory());
        out.gauge("panoptes_heap_limit_bytes", "Heap that may be used.", runtime.maxMemory());
        out.gauge(
                "panoptes_watch_interval_seconds",
                "How often sockets, owners, units and health are judged.",
                watchInterval.toMillis() / 1e3);
        disk(out);
    }

    private void disk(Exposition out) {
        try {
            FileStore store = Files.getFileStore(directory);
            out.gauge(
                    "panoptes_data_directory_free_bytes",
                    "What the server may still write below its data directory.",
                    store.getUsableSpace());
            out.gauge(
                    "panoptes_data_directory_size_bytes",
                    "Size of the file system that the data directory lies on.",
                    store.getTotalSpace());
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("the file system of the data directory cannot be looked at");
        }
    }
}
