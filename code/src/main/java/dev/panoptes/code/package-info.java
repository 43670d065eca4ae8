/** The reader of code trees: which ports programs bind, which names they report, which files are entries. */
@NullMarked
package dev.panoptes.code;

import org.jspecify.annotations.NullMarked;
