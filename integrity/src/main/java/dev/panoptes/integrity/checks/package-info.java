/** One class per check, and the list of them all. */
@NullMarked
package dev.panoptes.integrity.checks;

import org.jspecify.annotations.NullMarked;
