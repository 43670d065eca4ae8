/** Command lines: what a shell line, an argument list or a wrapper starts. */
@NullMarked
package dev.panoptes.code.command;

import org.jspecify.annotations.NullMarked;
