/** How a running server and its fleet are, in one screen. */
@NullMarked
package dev.panoptes.cli.status;

import org.jspecify.annotations.NullMarked;
