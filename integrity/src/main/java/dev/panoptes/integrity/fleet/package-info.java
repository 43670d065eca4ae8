/** What is known of a fleet before it is read: where its registry is, and its habits. */
@NullMarked
package dev.panoptes.integrity.fleet;

import org.jspecify.annotations.NullMarked;
