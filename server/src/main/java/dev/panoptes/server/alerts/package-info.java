/** Telling people and programs: what is to be told, to whom, and that it arrives. */
@NullMarked
package dev.panoptes.server.alerts;

import org.jspecify.annotations.NullMarked;
