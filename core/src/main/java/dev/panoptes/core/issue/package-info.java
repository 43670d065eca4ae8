/** What a failed check becomes: issues with evidence, severity and a stable fingerprint. */
@NullMarked
package dev.panoptes.core.issue;

import org.jspecify.annotations.NullMarked;
