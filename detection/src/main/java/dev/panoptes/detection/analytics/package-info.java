/** What no predicate over one event can tell: each class a formula over many, with bounded state. */
@NullMarked
package dev.panoptes.detection.analytics;

import org.jspecify.annotations.NullMarked;
