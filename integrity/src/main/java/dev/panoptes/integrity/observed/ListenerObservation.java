package dev.panoptes.integrity.observed;

import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.HostProcess;
import dev.panoptes.core.host.Listeners;
import dev.panoptes.core.host.ListeningSocket;
import dev.panoptes.core.issue.CommandMask;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The listening sockets of a host in the words of a snapshot.
 *
 * @param sockets how far sockets could be seen
 * @param owners how far their owners could
 */
record ListenerObservation(List<Listener> listeners, Coverage sockets, Coverage owners) {
    static ListenerObservation of(Host host) throws InterruptedException {
        return switch (host.listenersWithCode()) {
            case Listeners.Unseen(String reason) -> unseen(reason);
            case Listeners.Seen seen ->
                new ListenerObservation(
                        listeners(seen),
                        new Coverage.Complete(),
                        seen.ownersHidden() == null
                                ? new Coverage.Complete()
                                : new Coverage.Denied(seen.ownersHidden()));
        };
    }

    static ListenerObservation unseen(String reason) {
        return new ListenerObservation(List.of(), new Coverage.Denied(reason), new Coverage.Denied(reason));
    }

    private static List<Listener> listeners(Listeners.Seen seen) {
        // A process that holds a thousand sockets is one owner, not a thousand.
        Map<HostProcess, Owner> owners = new HashMap<>();
        // The workers of one program have one command line.
        Map<List<String>, List<String>> masked = new HashMap<>();
        return seen.sockets().stream()
                .map(owned -> listener(owned.socket(), owned, owners, masked))
                .toList();
    }

    private static Listener listener(
            ListeningSocket socket,
            Listeners.Owned owned,
            Map<HostProcess, Owner> owners,
            Map<List<String>, List<String>> masked) {
        return new Listener(
                "tcp",
                socket.address(),
                socket.port(),
                socket.dualStack(),
                socket.inode(),
                socket.uid(),
                owned.owners().stream()
                        .map(process -> owners.computeIfAbsent(process, one -> owner(one, masked)))
                        .toList(),
                owned.ownerUnknown());
    }

    private static Owner owner(HostProcess process, Map<List<String>, List<String>> masked) {
        return new Owner(
                process.pid(),
                process.startTicks(),
                process.parentPid(),
                process.uid(),
                process.exe(),
                process.exeDeleted(),
                process.cwd(),
                masked.computeIfAbsent(process.command(), CommandMask::mask),
                process.script(),
                process.realScript(),
                process.unit(),
                process.container(),
                process.apart(),
                process.codeDigest());
    }
}
