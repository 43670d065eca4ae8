/** Who talks to whom and how much: NetFlow v5 and v9, IPFIX, sFlow v5, and this host's own connections. */
@NullMarked
package dev.panoptes.sensors.flow;

import org.jspecify.annotations.NullMarked;
