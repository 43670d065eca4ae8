/** Processes: what started, changed, ended, and what uses much of the machine. */
@NullMarked
package dev.panoptes.sensors.proc;

import org.jspecify.annotations.NullMarked;
