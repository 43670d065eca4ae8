/** What was declared, as evidence for and against what rules and analytics find. */
@NullMarked
package dev.panoptes.detection.intent;

import org.jspecify.annotations.NullMarked;
