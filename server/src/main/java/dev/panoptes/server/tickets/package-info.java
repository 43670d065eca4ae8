/** Work that somebody tracks: opened by hand, or from an issue, a finding or an agent. */
@NullMarked
package dev.panoptes.server.tickets;

import org.jspecify.annotations.NullMarked;
