/** What the kernel's audit system records: records joined into one event a serial, from audit.log or netlink. */
@NullMarked
package dev.panoptes.sensors.kernelaudit;

import org.jspecify.annotations.NullMarked;
