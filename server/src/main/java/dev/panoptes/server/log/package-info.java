/** Logging: one line per event on the error stream. */
@NullMarked
package dev.panoptes.server.log;

import org.jspecify.annotations.NullMarked;
