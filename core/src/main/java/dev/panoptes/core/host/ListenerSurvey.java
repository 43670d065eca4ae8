package dev.panoptes.core.host;

import dev.panoptes.core.host.Listeners.Owned;
import dev.panoptes.core.host.SocketHolders.Holders;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings listening sockets and the processes that hold them together: sockets first, then their holders, then what these
 * processes are, and at the end whether they still are the same.
 */
final class ListenerSurvey {
    private final SocketSource sockets;
    private final HolderSource holders;
    private final ProcessReader processes;
    private final @Nullable CodeDigest digest;
    private final Function<Holders, String> hidden;

    /** Finds the processes that hold sockets. */
    interface HolderSource {
        Holders find(Set<Long> inodes) throws IOException, InterruptedException;
    }

    /**
     * @param digest null where the code of the owners is not to be read
     * @param hidden says why no holder of a socket was found
     */
    ListenerSurvey(
            SocketSource sockets,
            HolderSource holders,
            ProcessReader processes,
            @Nullable CodeDigest digest,
            Function<Holders, String> hidden) {
        this.sockets = sockets;
        this.holders = holders;
        this.processes = processes;
        this.digest = digest;
        this.hidden = hidden;
    }

    Listeners survey() throws InterruptedException {
        List<ListeningSocket> listed;
        try {
            listed = sockets.listening();
        } catch (NoSuchFileException e) {
            return new Listeners.Unseen("there is no socket table " + e.getFile());
        } catch (IOException e) {
            return new Listeners.Unseen("the socket table could not be read: " + e.getMessage());
        }
        Holders found;
        try {
            found = holders.find(listed.stream().map(ListeningSocket::inode).collect(Collectors.toSet()));
        } catch (IOException e) {
            found = new Holders(Map.of(), 0, 0);
        }
        Set<Long> vanished = vanished(listed, found);
        Map<Integer, HostProcess> byPid = read(found);
        List<Owned> owned = new ArrayList<>();
        boolean anyHidden = false;
        for (ListeningSocket socket : listed) {
            if (!vanished.contains(socket.inode())) {
                owned.add(owned(socket, found, byPid));
                anyHidden |= !found.byInode().containsKey(socket.inode());
            }
        }
        owned.sort(Comparator.comparingInt((Owned each) -> each.socket().port())
                .thenComparing(each -> each.socket().address())
                .thenComparingLong(each -> each.socket().inode()));
        return new Listeners.Seen(owned, anyHidden ? hidden.apply(found) : null);
    }

    /** Sockets without a holder that are not listed any more: they were closed while we looked. */
    private Set<Long> vanished(List<ListeningSocket> listed, Holders found) throws InterruptedException {
        Set<Long> gone = new HashSet<>();
        for (ListeningSocket socket : listed) {
            if (!found.byInode().containsKey(socket.inode())) {
                gone.add(socket.inode());
            }
        }
        if (gone.isEmpty()) {
            return gone;
        }
        try {
            for (ListeningSocket socket : sockets.listening()) {
                gone.remove(socket.inode());
            }
            return gone;
        } catch (IOException e) {
            // it could be listed a moment ago, so what was listed then counts
            return Set.of();
        }
    }

    /** Each holder once; a pid that is left out here was another process, or none, by the end. */
    private Map<Integer, HostProcess> read(Holders found) throws InterruptedException {
        SortedSet<Integer> pids = new TreeSet<>();
        found.byInode().values().forEach(pids::addAll);
        List<HostProcess> first = new ArrayList<>();
        Walkers.forEach(List.copyOf(pids), processes::read).forEach(process -> process.ifPresent(first::add));
        List<HostProcess> known = new ArrayList<>();
        for (HostProcess process : first) {
            known.add(digest == null ? process : process.withCodeDigest(digest.of(process)));
        }
        List<OptionalLong> starts = Walkers.forEach(known, process -> processes.startTicks(process.pid()));
        Map<Integer, HostProcess> byPid = new HashMap<>();
        for (int i = 0; i < known.size(); i++) {
            HostProcess process = known.get(i);
            OptionalLong now = starts.get(i);
            if (now.isPresent() && now.getAsLong() == process.startTicks()) {
                byPid.put(process.pid(), process);
            }
        }
        return byPid;
    }

    private Owned owned(ListeningSocket socket, Holders found, Map<Integer, HostProcess> byPid) {
        SortedSet<Integer> pids = found.byInode().get(socket.inode());
        if (pids == null) {
            return new Owned(socket, List.of(), hidden.apply(found));
        }
        List<HostProcess> owners = new ArrayList<>();
        for (int pid : pids) {
            HostProcess process = byPid.get(pid);
            if (process != null) {
                owners.add(process);
            }
        }
        return new Owned(socket, owners, owners.isEmpty() ? "the owner moved while it was looked at" : null);
    }
}
