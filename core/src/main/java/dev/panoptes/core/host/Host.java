package dev.panoptes.core.host;

import dev.panoptes.core.host.Listeners.Owned;
import dev.panoptes.core.host.SocketHolders.Holders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One host: this machine, or a tree captured from another one ({@code proc}, {@code etc} ... below one directory). All
 * access to processes and sockets goes through here. Holds no state; safe to share between threads.
 */
public final class Host {
    private static final int SHORT_FILE = 4_096;

    private final HostFiles files;

    /** @param root {@code /} for this machine, else the directory of a captured tree */
    public Host(Path root) {
        this.files = new HostFiles(root);
    }

    /** This machine. */
    public static Host live() {
        return new Host(Path.of("/"));
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

    /** The listening TCP sockets and who holds them, without digests of code. */
    public Listeners listeners() throws InterruptedException {
        return listeners(false);
    }

    /** The same with {@link HostProcess#codeDigest}; reads every program that listens. */
    public Listeners listenersWithCode() throws InterruptedException {
        return listeners(true);
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
        List<ListeningSocket> sockets;
        try {
            sockets = sockets();
        } catch (IOException e) {
            return new Listeners.Unseen(sentence(e));
        }
        Holders holders;
        try {
            holders = new SocketHolders(files)
                    .find(sockets.stream().map(ListeningSocket::inode).collect(Collectors.toSet()));
        } catch (IOException e) {
            holders = new Holders(Map.of(), 0, 0);
        }
        Set<Long> vanished = vanished(sockets, holders);
        Processes processes = processes(holders, withCode);
        List<Owned> owned = new ArrayList<>();
        boolean unknown = false;
        for (ListeningSocket socket : sockets) {
            if (vanished.contains(socket.inode())) {
                continue;
            }
            Owned each = owned(socket, holders, processes);
            unknown |= each.ownerUnknown() != null
                    && !processes.moved(holders.byInode().get(socket.inode()));
            owned.add(each);
        }
        owned.sort(Comparator.comparingInt((Owned each) -> each.socket().port())
                .thenComparing(each -> each.socket().address())
                .thenComparingLong(each -> each.socket().inode()));
        return new Listeners.Seen(owned, unknown ? hidden(holders) : null);
    }

    /** By netlink on this machine, by the socket tables where that is refused and in a captured tree. */
    private List<ListeningSocket> sockets() throws IOException, InterruptedException {
        if (!files.isLive()) {
            return tables().listening();
        }
        FutureTask<List<ListeningSocket>> dump = new FutureTask<>(new NetlinkSocketSource()::listening);
        // A native call that waits would block the carrier of a virtual thread.
        Thread.ofPlatform().daemon().name("netlink").start(dump);
        try {
            return dump.get();
        } catch (ExecutionException e) {
            // No netlink here (a sandbox, no native access): the tables say the same but for IPV6_V6ONLY.
            return tables().listening();
        }
    }

    private ProcNetSocketSource tables() {
        boolean captured = !files.isLive() && !files.isFile("/proc/net/tcp") && files.isFile("/proc/1/net/tcp");
        return new ProcNetSocketSource(files, captured ? "/proc/1/net" : "/proc/net");
    }

    /** Sockets without a holder that are not listed any more: they were closed while we looked. */
    private Set<Long> vanished(List<ListeningSocket> sockets, Holders holders) throws InterruptedException {
        Set<Long> without = new HashSet<>();
        for (ListeningSocket socket : sockets) {
            if (!holders.byInode().containsKey(socket.inode())) {
                without.add(socket.inode());
            }
        }
        if (without.isEmpty() || !files.isLive()) {
            return Set.of();
        }
        try {
            for (ListeningSocket socket : sockets()) {
                without.remove(socket.inode());
            }
            return without;
        } catch (IOException e) {
            return Set.of();
        }
    }

    /** What is known of the pids that hold sockets; a pid that is missing here was another process, or none, at the end. */
    private record Processes(Map<Integer, HostProcess> byPid) {
        boolean moved(@Nullable SortedSet<Integer> pids) {
            return pids != null && pids.stream().noneMatch(byPid::containsKey);
        }
    }

    private Processes processes(Holders holders, boolean withCode) throws InterruptedException {
        Set<Integer> pids = new TreeSet<>();
        holders.byInode().values().forEach(pids::addAll);
        ProcessSource source = new ProcessSource(files);
        CodeDigest digest = new CodeDigest(files);
        Map<Integer, HostProcess> byPid = new HashMap<>();
        for (int pid : pids) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Optional<HostProcess> process = source.read(pid);
            if (process.isPresent()) {
                byPid.put(pid, withCode ? withCode(process.get(), digest.of(process.get())) : process.get());
            }
        }
        byPid.values().removeIf(process -> {
            OptionalLong now = source.startTicks(process.pid());
            return now.isEmpty() || now.getAsLong() != process.startTicks();
        });
        return new Processes(byPid);
    }

    private static HostProcess withCode(HostProcess process, @Nullable String digest) {
        return new HostProcess(
                process.pid(),
                process.startTicks(),
                process.parentPid(),
                process.uid(),
                process.exe(),
                process.exeDeleted(),
                process.cwd(),
                process.command(),
                process.script(),
                process.realScript(),
                process.unit(),
                process.container(),
                process.apart(),
                digest);
    }

    private Owned owned(ListeningSocket socket, Holders holders, Processes processes) {
        SortedSet<Integer> pids = holders.byInode().get(socket.inode());
        if (pids == null) {
            return new Owned(socket, List.of(), hidden(holders));
        }
        List<HostProcess> owners = new ArrayList<>();
        for (int pid : pids) {
            HostProcess process = processes.byPid().get(pid);
            if (process != null) {
                owners.add(process);
            }
        }
        return new Owned(socket, owners, owners.isEmpty() ? "the owner moved while it was looked at" : null);
    }

    private String hidden(Holders holders) {
        if (!files.isLive()) {
            return holders.seen() == 0
                    ? "the captured tree holds no open files of processes"
                    : "no process in the captured tree holds the socket";
        }
        int uid = observerUid().orElse(-1);
        // With hidepid (proc(5)) the processes of others are not even listed, so nothing need have been denied.
        return holders.denied() > 0 || uid != 0
                ? "owners hidden from uid " + uid
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

    private static String sentence(IOException e) {
        return e instanceof java.nio.file.NoSuchFileException missing
                ? "there is no socket table " + missing.getFile()
                : "the socket table could not be read: " + e.getMessage();
    }
}
