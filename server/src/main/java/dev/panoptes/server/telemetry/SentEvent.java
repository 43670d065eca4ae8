package dev.panoptes.server.telemetry;

import dev.panoptes.core.event.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of a batch.
 *
 * @param at its {@code @timestamp}; null where it has none
 * @param line its bytes as they came, without a line break
 */
record SentEvent(long number, @Nullable Instant at, Event event, byte[] line) {}
