package dev.panoptes.core.host;

import dev.panoptes.core.host.SocketHolders.Holders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One host: this machine, or a tree captured from another one ({@code proc}, {@code etc} ... below one directory). All
 * access to processes and sockets goes through here. Holds no state; safe to share between threads.
 */
public final class Host {
    private static final String RUNNING = "/sys/fs/cgroup/system.slice";
    private static final List<String> UNIT_FOLDERS = List.of(RUNNING, "/etc/systemd/system", "/run/systemd/system");
    private static final int SHORT_FILE = 4_096;
    private static final int LARGEST_TABLE = 16 << 20;

    private final HostFiles files;

    /** @param root {@code /} for this machine, else the directory of a captured tree */
    public Host(Path root) {
        this.files = new HostFiles(root);
    }

    /** This machine. */
    public static Host live() {
        return new Host(Path.of("/"));
    }

    /**
     * Begins with what the first look at this machine's sockets needs whatever it is asked: binding the C library takes 40 ms, in which
     * the caller can do something else. Tells nothing; where it fails, so does the look, which knows another way.
     */
    public static void prepare() {
        Thread.ofPlatform().daemon().name("prepare").start(Libc::prepare);
    }

    /** Its files, by the paths that they have there. */
    public HostFiles files() {
        return files;
    }

    /** True for this machine, false for a captured tree. */
    public boolean isLive() {
        return files.isLive();
    }

    /** The kernel's host name; empty where it cannot be read. */
    public Optional<String> name() {
        return firstLine("/proc/sys/kernel/hostname").or(() -> firstLine("/etc/hostname"));
    }

    /** machine-id(5), to be hashed before it leaves the host; empty where there is none. */
    public Optional<String> machineId() {
        return firstLine("/etc/machine-id");
    }

    /** Changes with every boot; empty where it cannot be read. */
    public Optional<String> bootId() {
        return firstLine("/proc/sys/kernel/random/boot_id");
    }

    /** The effective user who looks; empty for a captured tree. */
    public OptionalInt observerUid() {
        if (!files.isLive()) {
            return OptionalInt.empty();
        }
        try {
            return ProcStatusParser.effectiveUid(files.readText("/proc/self/status", SHORT_FILE));
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    /** How many sockets take what is sent to them besides TCP listeners; a table that cannot be read counts as empty. */
    public OtherListeners otherListeners() {
        return OtherListeners.parse(table("/proc/net/udp"), table("/proc/net/udp6"), table("/proc/net/unix"));
    }

    private String table(String path) {
        try {
            return files.readText(path, LARGEST_TABLE);
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * The listening TCP sockets of the network that a process lives in, such as a container's.
     *
     * @throws IOException where the process is gone or may not be looked at
     */
    public List<ListeningSocket> listeningInside(int pid) throws IOException, InterruptedException {
        return new ProcNetSocketSource(files, "/proc/" + pid + "/net").listening();
    }

    /** The listening TCP sockets and who holds them, without digests of code. */
    public Listeners listeners() throws InterruptedException {
        return listeners(false);
    }

    /** The same with {@link HostProcess#codeDigest}; reads every program that listens. */
    public Listeners listenersWithCode() throws InterruptedException {
        return listeners(true);
    }

    /**
     * The processes that hold sockets, by the sockets' inodes: of several that share one the eldest, by its pid. What nobody holds
     * that may be looked at is left out. One walk over the open files of all processes.
     */
    public Map<Long, HostProcess> socketHolders(Set<Long> inodes) throws IOException, InterruptedException {
        Map<Long, HostProcess> found = new HashMap<>();
        ProcessSource processes = new ProcessSource(files);
        new SocketHolders(files)
                .find(inodes)
                .byInode()
                .forEach((inode, pids) -> pids.stream()
                        .map(processes::read)
                        .flatMap(Optional::stream)
                        .findFirst()
                        .ifPresent(process -> found.put(inode, process)));
        return found;
    }

    /**
     * The service units.
     *
     * @param names units that are wanted whether or not they are in memory, for example {@code hermes.service}
     */
    public Units units(Collection<String> names) throws InterruptedException {
        return new SystemdSource(files, new Exec()).read(names);
    }

    private Listeners listeners(boolean withCode) throws InterruptedException {
        SocketSource sockets = files.isLive() ? this::dump : tables();
        return new ListenerSurvey(
                        sockets,
                        new SocketHolders(files)::find,
                        new ProcessSource(files),
                        withCode ? new CodeDigest(files) : null,
                        this::hidden)
                .survey();
    }

    /**
     * A number that is another one when other sockets listen, without their owners: cheap enough for every second. Of two hosts
     * or starts it tells nothing.
     */
    public int listeningDigest() throws IOException, InterruptedException {
        return new HashSet<>(files.isLive() ? dump() : tables().listening()).hashCode();
    }

    /**
     * A number that is another one when other services of systemd run, or their unit files are others; of every second, for it
     * costs one listing and the dates of a few folders.
     */
    public int unitsDigest() {
        int digest = 0;
        for (String folder : UNIT_FOLDERS) {
            try {
                List<String> names = files.list(folder);
                digest = 31 * digest + new HashSet<>(names).hashCode();
                for (String name : folder.equals(RUNNING) ? List.<String>of() : names) {
                    digest += modified(folder, name);
                }
            } catch (IOException e) {
                digest = 31 * digest; // there is no such folder
            }
        }
        return digest;
    }

    private int modified(String folder, String name) {
        try {
            return name.hashCode()
                    * Files.getLastModifiedTime(files.locate(folder).resolve(name), LinkOption.NOFOLLOW_LINKS)
                            .hashCode();
        } catch (IOException e) {
            return 0; // it went while it was looked at
        }
    }

    /** By netlink, by the socket tables where that is refused. */
    private List<ListeningSocket> dump() throws IOException, InterruptedException {
        FutureTask<List<ListeningSocket>> task = new FutureTask<>(new NetlinkSocketSource()::listening);
        // A native call that waits would block the carrier of a virtual thread.
        Thread.ofPlatform().daemon().name("netlink").start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            // No netlink here (a sandbox, no native access): the tables say the same but for IPV6_V6ONLY.
            return tables().listening();
        }
    }

    private ProcNetSocketSource tables() {
        boolean captured = !files.isLive() && !files.isFile("/proc/net/tcp") && files.isFile("/proc/1/net/tcp");
        return new ProcNetSocketSource(files, captured ? "/proc/1/net" : "/proc/net");
    }

    /** Why no holder of a socket was found. */
    private String hidden(Holders holders) {
        if (!files.isLive()) {
            return holders.seen() == 0
                    ? "the captured tree holds no open files of processes"
                    : "no process in the captured tree holds the socket";
        }
        int uid = observerUid().orElse(-1);
        if (uid != 0) {
            // With hidepid (proc(5)) the processes of others are not even listed, so nothing need have been denied.
            return "owners hidden from uid " + uid;
        }
        return holders.denied() > 0
                ? "owners hidden even from root (a missing capability or a security module)"
                : "no process that can be seen here holds the socket (the kernel's own, or of another pid namespace)";
    }

    private Optional<String> firstLine(String path) {
        try {
            return files.readText(path, SHORT_FILE)
                    .lines()
                    .map(String::strip)
                    .findFirst()
                    .filter(line -> !line.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
