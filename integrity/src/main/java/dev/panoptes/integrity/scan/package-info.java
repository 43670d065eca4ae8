/** The scan: reads the three views, has them judged and makes the report. */
@NullMarked
package dev.panoptes.integrity.scan;

import org.jspecify.annotations.NullMarked;
