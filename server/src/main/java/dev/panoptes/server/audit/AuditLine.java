package dev.panoptes.server.audit;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log, as the API gives it.
 *
 * @param via session, token, local or system
 * @param before JSON; null for something new
 * @param after JSON; null for something that is gone
 */
record AuditLine(
        long id,
        Instant at,
        String actor,
        String via,
        @Nullable String address,
        String action,
        String target,
        @JsonRawValue @Nullable String before,
        @JsonRawValue @Nullable String after) {}
