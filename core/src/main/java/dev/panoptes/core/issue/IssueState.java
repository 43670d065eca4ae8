package dev.panoptes.core.issue;

import java.util.Locale;

/** Where an issue stands in its life. Only a later scan may set {@link #RESOLVED}. */
public enum IssueState {
    NEW,
    ACKNOWLEDGED,
    FIXING,
    RESOLVED,
    REGRESSED,
    WAIVED;

    /** Lower case, as in reports. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
