/** Sources that several sensors share: logs that are followed through their rotations, and threads that wait for the kernel. */
@NullMarked
package dev.panoptes.sensors.live;

import org.jspecify.annotations.NullMarked;
