/** What sensors send: batches in, a ledger of what is missing, events out. */
@NullMarked
package dev.panoptes.server.telemetry;

import org.jspecify.annotations.NullMarked;
