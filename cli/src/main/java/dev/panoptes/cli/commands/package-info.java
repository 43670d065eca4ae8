/** The verbs of the command line, one class each. */
@NullMarked
package dev.panoptes.cli.commands;

import org.jspecify.annotations.NullMarked;
