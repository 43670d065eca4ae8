package dev.panoptes.detection.analytics;

import dev.panoptes.detection.fusion.Hit;
import java.util.List;

/**
 * Concludes something of many events. What it concludes does not depend on the order in which it saw them. State is bounded;
 * what does not fit is counted. For one thread.
 */
public interface Analytic {
    void see(Seen seen);

    /** What the events seen so far mean. */
    List<Hit> conclude();

    /** How many events did not fit. */
    default long dropped() {
        return 0;
    }
}
