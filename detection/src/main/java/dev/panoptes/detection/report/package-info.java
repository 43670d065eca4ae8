/** What an investigation found, as JSON, text and HTML. */
@NullMarked
package dev.panoptes.detection.report;

import org.jspecify.annotations.NullMarked;
