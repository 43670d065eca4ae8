/** Text that strangers wrote, made fit to be shown. */
@NullMarked
package dev.panoptes.core.text;

import org.jspecify.annotations.NullMarked;
