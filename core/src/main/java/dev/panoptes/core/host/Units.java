package dev.panoptes.core.host;

import java.util.List;
import java.util.OptionalLong;

/** What could be seen of a host's service units. */
public sealed interface Units {
    /**
     * @param units those in memory, those that the administrator installed and those asked for; one that does not exist has
     *     the load state {@code not-found}
     * @param uptimeMicros the host's uptime, on the clock of {@link HostUnit#activeMicros}; empty where unknown
     */
    record Seen(List<HostUnit> units, OptionalLong uptimeMicros) implements Units {
        public Seen {
            units = List.copyOf(units);
        }
    }

    /** @param reason a clause, for example {@code systemctl did not answer within 10 s} */
    record Denied(String reason) implements Units {}

    /** The host was not booted with systemd. */
    record Absent(String reason) implements Units {}
}
