/** What is known about libraries, read from tables: one row for each call that binds, routes, reads or passes something on. */
@NullMarked
package dev.panoptes.code.library;

import org.jspecify.annotations.NullMarked;
