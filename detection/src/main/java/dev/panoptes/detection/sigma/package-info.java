/** Sigma rules (specification 2.1): reading, checking, compiling and matching them, and correlating what they match. */
@NullMarked
package dev.panoptes.detection.sigma;

import org.jspecify.annotations.NullMarked;
