package dev.panoptes.server.issues;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to an issue, as the API gives it.
 *
 * @param issue the issue's id
 * @param from null for a new issue
 * @param actor {@code scan}, {@code panoptes}, or a person's or token's name
 * @param reportId null where no report was the cause
 * @param note null where nobody wrote one
 */
record TimelineEntry(
        long id,
        Instant at,
        String fingerprint,
        String issue,
        String check,
        String severity,
        String title,
        String host,
        @Nullable String from,
        String to,
        String actor,
        @Nullable String reportId,
        @Nullable String note) {}
