/** Who did what, when, and what it was before. */
@NullMarked
package dev.panoptes.server.audit;

import org.jspecify.annotations.NullMarked;
