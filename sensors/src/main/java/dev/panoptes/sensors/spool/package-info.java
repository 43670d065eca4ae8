/** The durable local queue of a sensor: sequence numbers without a gap, positions and losses in one file with the events. */
@NullMarked
package dev.panoptes.sensors.spool;

import org.jspecify.annotations.NullMarked;
