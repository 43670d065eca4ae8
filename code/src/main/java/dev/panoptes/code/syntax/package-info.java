/** Source files of every language in one small common form, and the readers that bring them into it. */
@NullMarked
package dev.panoptes.code.syntax;

import org.jspecify.annotations.NullMarked;
