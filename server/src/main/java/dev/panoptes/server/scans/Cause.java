package dev.panoptes.server.scans;

import java.util.Locale;

/** Why a scan ran. */
public enum Cause {
    START,
    REQUEST,
    SCHEDULE,
    WATCH;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
