/** Servers that a command starts for itself, in processes of their own. */
@NullMarked
package dev.panoptes.cli.child;

import org.jspecify.annotations.NullMarked;
