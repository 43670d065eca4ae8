/** What agents measure of themselves, kept for thirty days. */
@NullMarked
package dev.panoptes.server.metrics;

import org.jspecify.annotations.NullMarked;
