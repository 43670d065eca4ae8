package dev.panoptes.sensors.persistence;

import dev.panoptes.core.ContentDigest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One mechanism: something that will run.
 *
 * @param kind one of the closed set in {@link Places}
 * @param name what it is called where it stands
 * @param path of the file, as the host sees it
 * @param line in that file; 0 where the whole file is meant
 * @param runs what is run; null where that is the file itself, or cannot be told
 * @param user as whom; null where that is whoever triggers it
 * @param schedule as written; null where it has none
 * @param enabled false where it stands there but nothing runs it
 * @param digest SHA-256, lower-case hex, of what would change it
 */
record Entry(
        String kind,
        String name,
        String path,
        int line,
        @Nullable String runs,
        @Nullable String user,
        @Nullable String schedule,
        boolean enabled,
        String digest) {
    /** A line of a file: only that line changes it. */
    static Entry ofLine(String kind, String name, String path, int line, String text) {
        return new Entry(kind, name, path, line, null, null, null, true, sha256(text));
    }

    /** A whole file. */
    static Entry ofFile(String kind, String name, String path, String digest) {
        return new Entry(kind, name, path, 0, null, null, null, true, digest);
    }

    Entry runs(@Nullable String value) {
        return new Entry(kind, name, path, line, blank(value), user, schedule, enabled, digest);
    }

    Entry user(@Nullable String value) {
        return new Entry(kind, name, path, line, runs, blank(value), schedule, enabled, digest);
    }

    Entry schedule(@Nullable String value) {
        return new Entry(kind, name, path, line, runs, user, blank(value), enabled, digest);
    }

    Entry enabled(boolean value) {
        return new Entry(kind, name, path, line, runs, user, schedule, value, digest);
    }

    /** Everything but where in the file it stands: a line that only moved is the same. */
    boolean sameSubstance(Entry other) {
        return name.equals(other.name)
                && digest.equals(other.digest)
                && enabled == other.enabled
                && java.util.Objects.equals(runs, other.runs)
                && java.util.Objects.equals(user, other.user)
                && java.util.Objects.equals(schedule, other.schedule);
    }

    private static @Nullable String blank(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }

    static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    static String sha256(byte[] bytes) {
        return ContentDigest.sha256(bytes);
    }
}
