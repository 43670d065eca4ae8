/** Scans: when they run, what they judged, what they found. */
@NullMarked
package dev.panoptes.server.scans;

import org.jspecify.annotations.NullMarked;
