/** Words that every module shares. */
@NullMarked
package dev.panoptes.core;

import org.jspecify.annotations.NullMarked;
