package dev.panoptes.integrity.plan;

import java.util.Locale;

/** What a step can break. */
public enum Risk {
    /** Changes a declaration or a comment of the fleet; nothing running notices. */
    LOW,
    /** Takes effect with the next restart or deployment. */
    MEDIUM,
    /** Stops, starts or removes something. */
    HIGH;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
