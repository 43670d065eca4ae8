/** The files by which sensors and the original's agents say that they live. */
@NullMarked
package dev.panoptes.core.heartbeat;

import org.jspecify.annotations.NullMarked;
