/** Files that must not change unseen: a baseline, what differs from it, and notifications between two looks. */
@NullMarked
package dev.panoptes.sensors.fileintegrity;

import org.jspecify.annotations.NullMarked;
