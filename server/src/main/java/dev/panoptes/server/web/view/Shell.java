package dev.panoptes.server.web.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What stands around every page.
 *
 * @param current which place of the navigation the page belongs to; empty for none
 * @param counts null where the page may not ask for them
 */
public record Shell(
        String title,
        String current,
        Caller caller,
        @Nullable Counts counts,
        String version,
        Links links,
        Instant now) {
    /**
     * Figures beside the places of the navigation.
     *
     * @param incidents that nobody has taken up; null while nothing makes incidents
     * @param tickets null while there is no tracker
     * @param scanned when the last scan ended; null before the first
     * @param due when the fleet is looked at next; null where that is not known
     * @param stream the last event of the stream that this page already shows
     * @param sensors null while no sensor reports
     */
    public record Counts(
            int agents,
            long issues,
            boolean severe,
            @Nullable Long incidents,
            @Nullable Long tickets,
            @Nullable Instant scanned,
            @Nullable Instant due,
            @Nullable String sensors,
            long stream) {}

    public boolean at(String place) {
        return current.equals(place);
    }
}
