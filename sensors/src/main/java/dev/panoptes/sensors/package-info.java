/** The nine watchers of a host, their spool, and how what they saw reaches the server. */
@NullMarked
package dev.panoptes.sensors;

import org.jspecify.annotations.NullMarked;
