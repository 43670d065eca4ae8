package dev.panoptes.sensors;

import org.jspecify.annotations.Nullable;

/**
 * Who says it: what every event of one run has in common.
 *
 * @param hostId null where the host has no identity that may leave it
 * @param hostName null where it is not known, as in a replay of a capture from elsewhere
 */
public record Origin(@Nullable String hostId, @Nullable String hostName, String version) {}
