/** Writes a first registry from what runs on a host. */
@NullMarked
package dev.panoptes.integrity.adopt;

import org.jspecify.annotations.NullMarked;
