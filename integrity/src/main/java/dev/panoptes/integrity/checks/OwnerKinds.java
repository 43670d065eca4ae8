package dev.panoptes.integrity.checks;

import dev.panoptes.integrity.observed.Snapshot.Owner;
import java.util.Set;

/** Processes that hold a socket on behalf of somebody else. */
final class OwnerKinds {
    /** What container engines put before a published port. */
    private static final Set<String> FORWARDERS = Set.of(
            "docker-proxy", "rootlessport", "slirp4netns", "pasta", "passt", "pasta.avx2", "passt.avx2", "conmon");

    private OwnerKinds() {}

    static boolean forwardsToContainer(Owner owner) {
        return FORWARDERS.contains(program(owner));
    }

    /** systemd, of the system or of a user, holds sockets until it starts the service (systemd.socket(5)). */
    static boolean activatesSockets(Owner owner) {
        return program(owner).equals("systemd")
                || (owner.pid() == 1 && program(owner).equals("init"));
    }

    /** The file name of the executable, or of the first argument where that is not known. */
    static String program(Owner owner) {
        String path = owner.exe() != null
                ? owner.exe()
                : owner.command().isEmpty() ? "" : owner.command().getFirst();
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
