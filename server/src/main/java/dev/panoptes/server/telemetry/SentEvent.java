package dev.panoptes.server.telemetry;

import dev.panoptes.core.event.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of a batch.
 *
 * @param at its {@code @timestamp}; null where it has none
 * @param batch the bytes that it came in
 * @param from where it begins there
 * @param to where it ends, before the line break
 */
record SentEvent(long number, @Nullable Instant at, Event event, byte[] batch, int from, int to) {}
