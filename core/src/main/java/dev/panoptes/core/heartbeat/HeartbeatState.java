package dev.panoptes.core.heartbeat;

import java.util.Locale;

/** How somebody who beats is. */
public enum HeartbeatState {
    RUNNING,
    /** It runs, but its last cycle failed, or it sees less than it is made for. */
    DEGRADED,
    /** It has not beaten for three intervals. */
    STALE,
    /** It said so, or its process is gone. */
    STOPPED;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
