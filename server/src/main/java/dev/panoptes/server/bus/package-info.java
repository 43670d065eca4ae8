/** NATS: agents that speak nothing else, their findings, and what others are told. The only importer of its client here. */
@NullMarked
package dev.panoptes.server.bus;

import org.jspecify.annotations.NullMarked;
