/** Fix plans: ordered steps for an issue, and where it is safe to say so, a patch. Nothing here changes anything. */
@NullMarked
package dev.panoptes.integrity.plan;

import org.jspecify.annotations.NullMarked;
