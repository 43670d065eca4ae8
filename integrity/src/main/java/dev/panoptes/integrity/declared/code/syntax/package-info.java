/** Source files of every language in one small common form, and the readers that bring them into it. */
@NullMarked
package dev.panoptes.integrity.declared.code.syntax;

import org.jspecify.annotations.NullMarked;
