/** The observer: what is really there on one host, as a snapshot. */
@NullMarked
package dev.panoptes.integrity.observed;

import org.jspecify.annotations.NullMarked;
