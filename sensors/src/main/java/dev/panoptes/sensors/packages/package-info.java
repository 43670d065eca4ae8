/** Which package of the distribution owns a file, and whether it is as the package has it. */
@NullMarked
package dev.panoptes.sensors.packages;

import org.jspecify.annotations.NullMarked;
