package dev.panoptes.server.storage;

import dev.panoptes.core.IoReason;
import dev.panoptes.server.life.CannotStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of our own below the data directory: durable, unprivileged, reachable over a Unix socket only. Whoever makes
 * one holds the lock of the {@link DataDirectory}.
 *
 * <p>One platform thread forks the process and waits for its end, because the kernel's parent death signal follows the
 * thread that forked (prctl(2), PR_SET_PDEATHSIG). When PostgreSQL ends without being asked, the same thread starts it again.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    /** The database role and the database. */
    public static final String NAME = "panoptes";

    /** Far less than one segment of the log of writes, which has 16 MiB. */
    private static final long TOO_LITTLE_BYTES = 1L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final String DATABASE = "postgres";
    private static final int PORT = 5432;
    private static final String SOCKET = ".s.PGSQL." + PORT;
    /** sun_path of unix(7), less the terminating zero. */
    private static final int LONGEST_SOCKET_PATH = 107;

    private static final Duration POLL = Duration.ofMillis(2);
    private static final Duration SHUTDOWN = Duration.ofSeconds(8);
    /** Before the second start in a row, and twice as long before each further one. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** Who ran so long has come up well: its end is a new failure and not the same one again. */
    private static final Duration WELL = Duration.ofSeconds(30);

    private static final long LARGEST_LOG_BYTES = 8L << 20;
    private static final int STATUS_LINE = 7;

    /** Given on the command line, so that an upgrade of the product changes them and no file has to be edited. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("listen_addresses", ""),
            Map.entry("unix_socket_permissions", "0700"),
            Map.entry("max_connections", "60"),
            Map.entry("shared_buffers", "64MB"),
            Map.entry("wal_level", "minimal"),
            Map.entry("max_wal_senders", "0"),
            Map.entry("max_wal_size", "512MB"),
            Map.entry("checkpoint_timeout", "15min"),
            Map.entry("max_logical_replication_workers", "0"),
            // One process per connection is enough; the workers of io_method=worker are three more.
            Map.entry("io_method", "sync"),
            Map.entry("dynamic_shared_memory_type", "mmap"),
            Map.entry("jit", "off"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_checkpoints", "off"),
            Map.entry("log_min_messages", "warning"),
            // Statements and the DETAIL of an error quote values, and values may be secrets.
            Map.entry("log_min_error_statement", "panic"),
            Map.entry("log_error_verbosity", "terse"),
            Map.entry("cluster_name", NAME));

    private final Path home;
    private final Path cluster;
    private final Path sockets;
    private final Path log;
    private final Path programs;
    private final RunAs runAs;
    private final CompletableFuture<Void> firstReady = new CompletableFuture<>();
    private final AtomicReference<@Nullable Process> process = new AtomicReference<>();
    private final Thread owner;
    private volatile boolean closing;

    private EmbeddedPostgres(Path home, Path programs, RunAs runAs) {
        this.home = home;
        this.programs = programs;
        this.runAs = runAs;
        this.cluster = home.resolve("data");
        this.sockets = home.resolve("run");
        this.log = home.resolve("postgresql.log");
        this.owner = new Thread(this::own, "postgresql-owner");
    }

    /**
     * Unpacks, initialises where it is new, starts, and returns when connections are accepted.
     *
     * @param data the data directory, whose lock the caller holds
     */
    public static EmbeddedPostgres start(Path data) throws CannotStart {
        return start(data, data.resolve("postgresql"));
    }

    /** The same with the programs unpacked elsewhere, where several clusters can share them. */
    static EmbeddedPostgres start(Path data, Path programsHome) throws CannotStart {
        Path home = data.resolve("postgresql");
        try {
            directory(home, "rwx--x--x");
            directory(programsHome, "rwxr-xr-x");
            Path programs = PostgresBinaries.unpack(programsHome);
            RunAs runAs = RunAsChoice.of(home);
            EmbeddedPostgres postgres = new EmbeddedPostgres(home, programs, runAs);
            postgres.prepare();
            postgres.owner.start();
            postgres.awaitFirstReady();
            return postgres;
        } catch (IOException e) {
            throw new CannotStart(
                    "the embedded PostgreSQL below " + home + " could not be prepared: " + DataDirectory.reason(e), e);
        }
    }

    /** The socket that it listens on. */
    public Path socket() {
        return sockets.resolve(SOCKET);
    }

    /** The database in it. */
    public DatabaseAddress address() {
        return new DatabaseAddress.Socket(socket(), NAME, DATABASE);
    }

    /** The one that the server which holds this data directory runs; only its user and root get in. */
    public static DatabaseAddress running(Path data) {
        return new DatabaseAddress.Socket(socket(data), NAME, DATABASE);
    }

    /** Whether somebody has begun to listen below this data directory, and not ended in good order since. */
    static boolean runs(Path data) {
        return Files.exists(socket(data));
    }

    private static Path socket(Path data) {
        return data.resolve("postgresql/run").resolve(SOCKET);
    }

    /** Whether there is a database below this data directory. */
    public static boolean exists(Path data) {
        return Files.isDirectory(data.resolve("postgresql/data"));
    }

    /** What it and those before it wrote, the newest last; some of them may be missing. */
    public static List<Path> logs(Path data) {
        return List.of(data.resolve("postgresql/postgresql.log.1"), data.resolve("postgresql/postgresql.log"));
    }

    /** Of the running process; for tests that kill it. */
    long pid() {
        Process running = process.get();
        return running == null ? -1 : running.pid();
    }

    /** Forgets the process and leaves it running, as a server that was killed without its death signal would; for tests. */
    void abandon() {
        closing = true;
        process.set(null);
    }

    private void prepare() throws IOException, CannotStart {
        if (socket().toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH) {
            throw new CannotStart("the path of the data directory is too long for a Unix socket: " + socket()
                    + " has more than " + LONGEST_SOCKET_PATH + " bytes; choose a shorter --data-dir");
        }
        OrphanedPostgres.end(cluster);
        if (!Files.isDirectory(cluster)) {
            initialise();
        }
        String major = Files.readString(cluster.resolve("PG_VERSION")).strip();
        if (!major.equals(Integer.toString(PostgresBinaries.MAJOR))) {
            throw new CannotStart("the data in " + cluster + " is of PostgreSQL " + major + ", this is "
                    + PostgresBinaries.MAJOR + "; make a backup with the older release and restore it with this one");
        }
        directory(sockets, "rwx------");
        own(sockets);
        own(cluster);
        // Left by a crash; nobody listens there, for the lock is ours.
        Files.deleteIfExists(socket());
        Files.deleteIfExists(sockets.resolve(SOCKET + ".lock"));
        Files.writeString(home.resolve("pg_hba.conf"), "local all all peer map=" + NAME + "\n");
        Files.writeString(home.resolve("pg_ident.conf"), NAME + " \"" + runAs.peer() + "\" " + NAME + "\n");
        for (String name : List.of("pg_hba.conf", "pg_ident.conf")) {
            Files.setPosixFilePermissions(home.resolve(name), PosixFilePermissions.fromString("rw-r--r--"));
        }
        if (Files.exists(log) && Files.size(log) > LARGEST_LOG_BYTES) {
            Files.move(log, log.resolveSibling("postgresql.log.1"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Into another directory first: one that bears the final name is complete. */
    private void initialise() throws IOException, CannotStart {
        Path unfinished = home.resolve("data.new");
        PostgresBinaries.delete(unfinished);
        directory(unfinished, "rwx------");
        own(unfinished);
        Programs.Ended ended = Programs.run(runAs.command(List.of(
                program("initdb"),
                "--pgdata=" + unfinished,
                "--username=" + NAME,
                "--auth=peer",
                "--encoding=UTF8",
                "--no-locale",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions")));
        if (ended.status() != 0) {
            throw new CannotStart("PostgreSQL's initdb failed with status " + ended.status() + ": "
                    + ended.output().strip());
        }
        Files.move(unfinished, cluster);
        DataDirectory.sync(home);
    }

    private String program(String name) {
        return programs.resolve("bin").resolve(name).toString();
    }

    private static void directory(Path path, String mode) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        }
    }

    /** Hands a tree to the user that runs the database; its top comes last, so that a broken walk is taken up again. */
    private void own(Path tree) throws IOException {
        if (Files.getAttribute(tree, "unix:uid").equals(runAs.ownerId())) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path each : all.toList().reversed()) {
                Files.setAttribute(each, "unix:gid", runAs.groupId(), java.nio.file.LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(each, "unix:uid", runAs.ownerId(), java.nio.file.LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private void awaitFirstReady() throws CannotStart {
        try {
            firstReady.get();
        } catch (ExecutionException e) {
            close();
            if (e.getCause() instanceof CannotStart cannotStart) {
                throw cannotStart;
            }
            throw new CannotStart("the embedded PostgreSQL could not be started: " + e.getCause(), e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new CannotStart("interrupted while PostgreSQL was starting", e);
        }
    }

    /** The owner thread's whole life. */
    private void own() {
        Duration pause = Duration.ZERO;
        while (!closing) {
            long began = System.nanoTime();
            try {
                Process running = Programs.start(runAs.command(command()), home, log);
                process.set(running);
                if (closing) {
                    running.destroy();
                }
                awaitReady(running);
                firstReady.complete(null);
                int status = running.waitFor();
                if (!closing) {
                    LOG.atError().addKeyValue("status", status).log("PostgreSQL ended by itself; starting it again");
                    OrphanedPostgres.end(cluster);
                }
            } catch (CannotStart | IOException e) {
                if (!firstReady.isDone()) {
                    firstReady.completeExceptionally(e);
                    return;
                }
                LOG.atError()
                        .addKeyValue("why", e.getMessage())
                        .log("PostgreSQL could not be started again; trying on");
            } catch (InterruptedException e) {
                firstReady.completeExceptionally(e);
                return;
            }
            boolean well = System.nanoTime() - began > WELL.toNanos();
            pause(well ? Duration.ZERO : pause);
            pause = well ? FIRST_PAUSE : longer(pause);
        }
    }

    private static Duration longer(Duration pause) {
        Duration next = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(program("postgres"), "-D", cluster.toString()));
        SETTINGS.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        command.addAll(List.of("-c", "unix_socket_directories=" + sockets));
        command.addAll(List.of("-c", "hba_file=" + home.resolve("pg_hba.conf")));
        command.addAll(List.of("-c", "ident_file=" + home.resolve("pg_ident.conf")));
        return command;
    }

    /** Recovery after a crash takes as long as it takes: only the end of the process is a failure. */
    private void awaitReady(Process running) throws CannotStart, InterruptedException {
        while (!ready(running.pid())) {
            if (running.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new CannotStart("PostgreSQL ended with status " + running.exitValue()
                        + " at its start; the end of " + log + " says: " + lastLine() + fullDisk());
            }
        }
    }

    /** On a full disk PostgreSQL cannot even write that to its log. */
    private String fullDisk() {
        try {
            long free = Files.getFileStore(cluster).getUsableSpace();
            return free < TOO_LITTLE_BYTES
                    ? "; No space left on device: " + free + " bytes are free where " + cluster + " lies"
                    : "";
        } catch (IOException e) {
            return "; how much room there is cannot be told: " + IoReason.of(e);
        }
    }

    /** What pg_ctl asks: the status line of postmaster.pid, written by this very process. */
    private boolean ready(long pid) {
        try {
            List<String> lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
            return lines.size() > STATUS_LINE
                    && lines.getFirst().strip().equals(Long.toString(pid))
                    && lines.get(STATUS_LINE).strip().equals("ready");
        } catch (IOException e) {
            // Not written yet, or being written.
            return false;
        }
    }

    private String lastLine() {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty() ? "(nothing)" : lines.getLast();
        } catch (IOException e) {
            return "(unreadable)";
        }
    }

    private void pause(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        while (!closing && System.nanoTime() < end) {
            LockSupport.parkNanos(Math.min(end - System.nanoTime(), FIRST_PAUSE.toNanos()));
        }
    }

    /** Fast shutdown, then a kill, which loses nothing. Idempotent. */
    @Override
    public void close() {
        closing = true;
        Process running = process.get();
        if (running == null || !running.isAlive()) {
            return;
        }
        try {
            Programs.interrupt(running.pid());
            if (!running.waitFor(SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("PostgreSQL did not end in time and is killed; it will recover at its next start");
                running.destroyForcibly().waitFor();
                // Its children notice only a moment later, and write until then.
                OrphanedPostgres.end(cluster);
            }
        } catch (CannotStart e) {
            LOG.atWarn().setCause(e).log("a part of PostgreSQL still runs; the next start ends it");
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("PostgreSQL could not be asked to end and is killed");
            running.destroyForcibly();
        } catch (InterruptedException e) {
            running.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
