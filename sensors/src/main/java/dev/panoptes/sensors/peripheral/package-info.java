/** What is plugged into a host: uevents of the kernel, and what the kernel logs of USB devices. */
@NullMarked
package dev.panoptes.sensors.peripheral;

import org.jspecify.annotations.NullMarked;
