package dev.panoptes.detection.analytics;

import dev.panoptes.detection.fusion.Hit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Concludes something of many events. What it concludes does not depend on the order in which it saw them. State is bounded;
 * what does not fit is counted. For one thread.
 */
public interface Analytic {
    void see(Seen seen);

    /** By what it is known where something is kept for it. */
    String name();

    /**
     * What an event must be seen together with: of all events that have one of these in common, the analytic concludes the same
     * as of all events, where that is about them. None where it does not look at the event.
     */
    List<String> keys(Seen seen);

    /** False where it looks at no event of a dataset. */
    default boolean looksAt(String dataset) {
        return !dataset.equals("panoptes.proc");
    }

    /**
     * Of events of a group that have the same of this, only the first in time is needed, and it is remembered for long; null
     * where each event is needed, for as long as events may come late.
     *
     * @param key one of {@link #keys}
     */
    default @Nullable String once(Seen seen, String key) {
        return null;
    }

    /** Of fewer events nothing follows. */
    int least();

    /** What the events seen so far mean. */
    List<Hit> conclude();

    /** How many events did not fit. */
    default long dropped() {
        return 0;
    }
}
