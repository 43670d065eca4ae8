package dev.panoptes.core.host;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The listening sockets of a host, as far as they could be seen. */
public sealed interface Listeners {
    /**
     * @param sockets sorted by port, then address
     * @param ownersHidden why some owners are not known although their sockets are; null where all that can be known is
     */
    record Seen(List<Owned> sockets, @Nullable String ownersHidden) implements Listeners {
        public Seen {
            sockets = List.copyOf(sockets);
        }
    }

    /** The sockets could not be listed. @param reason one sentence */
    record Unseen(String reason) implements Listeners {}

    /**
     * A socket and the processes that hold it: several after a fork; empty where they are not known.
     *
     * @param ownerUnknown why no owner is known; null where one is
     */
    record Owned(
            ListeningSocket socket,
            List<HostProcess> owners,
            @Nullable String ownerUnknown) {
        public Owned {
            owners = List.copyOf(owners);
        }
    }
}
