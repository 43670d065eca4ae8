/** Findings, how they become incidents, and what level of threat follows. */
@NullMarked
package dev.panoptes.detection.fusion;

import org.jspecify.annotations.NullMarked;
