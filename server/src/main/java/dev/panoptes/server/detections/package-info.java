/** Rules and analytics over what sensors send, incidents, and the level of threat. */
@NullMarked
package dev.panoptes.server.detections;

import org.jspecify.annotations.NullMarked;
