/** What checks judge: the declared, the enrolled and the observed view of one fleet. */
@NullMarked
package dev.panoptes.integrity.world;

import org.jspecify.annotations.NullMarked;
