/** Sensors in one process: their configuration, their run, and the way to a server. */
@NullMarked
package dev.panoptes.cli.sensor;

import org.jspecify.annotations.NullMarked;
