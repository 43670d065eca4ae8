package dev.panoptes.sensors.replay;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event of the kernel's device model.
 *
 * @param time when it was received; null where the source does not tell
 * @param action add, remove, change, move, online, offline, bind, unbind
 * @param devicePath below /sys, beginning with a slash
 * @param properties the KEY=VALUE pairs, in order
 * @param provider the source, as {@code event.provider} tells it
 */
public record Uevent(
        @Nullable Instant time, String action, String devicePath, Map<String, String> properties, String provider) {}
