package dev.panoptes.sensors;

import java.time.Instant;

/**
 * One look.
 *
 * @param number from 1, anew with every start
 * @param time when it began
 */
public record Cycle(long number, Instant time) {}
