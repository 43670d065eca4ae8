package dev.panoptes.cli.shell;

import dev.panoptes.core.Boundary;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/** The time zone that stamps of logs are meant in where they have none. */
public final class StampZone {
    private static final Set<String> UTC = Set.of("UTC", "Etc/UTC", "UCT", "Etc/UCT", "Zulu", "Etc/Zulu", "Universal");

    private StampZone() {}

    /** @param name as it was asked for; null: that of the process */
    @Boundary("stamps without a zone are meant in the zone of the process unless --timezone names another")
    public static ZoneId of(@Nullable String name) throws UsageException {
        if (name == null) {
            // The JDK opens every archive of the program before it knows a zone of the database, 30 ms of CPU: most
            // servers need none.
            return UTC.contains(TimeZone.getDefault().getID()) ? ZoneOffset.UTC : ZoneId.systemDefault();
        }
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new UsageException("there is no time zone " + name, "For example UTC, Europe/Berlin, +02:00");
        }
    }
}
