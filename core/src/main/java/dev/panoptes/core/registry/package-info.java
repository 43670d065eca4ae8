/** What is declared: the agent registry, its loader and its problems. */
@NullMarked
package dev.panoptes.core.registry;

import org.jspecify.annotations.NullMarked;
