/** Captures sent through the parsers of the sensors: logs, journals, packet captures and raw datagrams, known by their content. */
@NullMarked
package dev.panoptes.sensors.replay;

import org.jspecify.annotations.NullMarked;
