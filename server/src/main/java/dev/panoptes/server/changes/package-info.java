/** The change spine: one line for everything that changed and that somebody may want to know or must answer for. */
@NullMarked
package dev.panoptes.server.changes;

import org.jspecify.annotations.NullMarked;
