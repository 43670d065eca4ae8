/** What a check is and answers, and how all of them are run over a world. */
@NullMarked
package dev.panoptes.integrity.judging;

import org.jspecify.annotations.NullMarked;
