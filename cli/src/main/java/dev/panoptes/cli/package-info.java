/** The command line: knows everything, decides nothing. */
@NullMarked
package dev.panoptes.cli;

import org.jspecify.annotations.NullMarked;
