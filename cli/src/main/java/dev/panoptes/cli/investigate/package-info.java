/** Reads what an investigator was given, and hands its events to detection. */
@NullMarked
package dev.panoptes.cli.investigate;

import org.jspecify.annotations.NullMarked;
