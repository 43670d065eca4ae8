/** Source text as a syntax tree: tree-sitter's C library, called directly. */
@NullMarked
package dev.panoptes.code.tree;

import org.jspecify.annotations.NullMarked;
