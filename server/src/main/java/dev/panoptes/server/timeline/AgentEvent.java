package dev.panoptes.server.timeline;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to an agent, as the API gives it. What only an issue has is null for the other kinds.
 *
 * @param kind {@code issue}, {@code agent} or {@code configuration}
 * @param title the issue's; else the agent's name
 * @param host null where it is nowhere
 * @param from the state or version before; null for something new
 * @param to the state or version after; null for something that is gone
 * @param actor {@code scan}, {@code panoptes}, or a person's, an agent's or a token's name
 * @param reportId null where no report was the cause
 * @param note what somebody wrote, or why; null where there is nothing to say
 */
record AgentEvent(
        long id,
        Instant at,
        String kind,
        String title,
        @Nullable String fingerprint,
        @Nullable String issue,
        @Nullable String check,
        @Nullable String severity,
        @Nullable String host,
        @Nullable String from,
        @Nullable String to,
        String actor,
        @Nullable String reportId,
        @Nullable String note) {}
