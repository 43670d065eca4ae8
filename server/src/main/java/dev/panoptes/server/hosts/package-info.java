/** Hosts, their observers, and the snapshots that these send. */
@NullMarked
package dev.panoptes.server.hosts;

import org.jspecify.annotations.NullMarked;
