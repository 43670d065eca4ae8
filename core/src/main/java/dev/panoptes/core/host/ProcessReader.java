package dev.panoptes.core.host;

import java.util.Optional;
import java.util.OptionalLong;

/** Tells what a pid stands for. */
interface ProcessReader {
    /** Everything but the digest of its code; empty where the process is gone. */
    Optional<HostProcess> read(int pid);

    /** Start time now; empty where the process is gone. */
    OptionalLong startTicks(int pid);
}
