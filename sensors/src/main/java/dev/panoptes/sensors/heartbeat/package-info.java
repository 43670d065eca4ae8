/** The files by which sensors say that they live. */
@NullMarked
package dev.panoptes.sensors.heartbeat;

import org.jspecify.annotations.NullMarked;
