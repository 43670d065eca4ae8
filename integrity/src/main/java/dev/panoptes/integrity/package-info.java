/** The scan: three views of a fleet, the checks over them, and the report. */
@NullMarked
package dev.panoptes.integrity;

import org.jspecify.annotations.NullMarked;
