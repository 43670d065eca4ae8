/** The way from a spool to a server. */
@NullMarked
package dev.panoptes.sensors.forward;

import org.jspecify.annotations.NullMarked;
