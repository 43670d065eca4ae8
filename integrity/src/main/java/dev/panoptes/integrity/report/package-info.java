/** How a scan report is told: one writer per format. */
@NullMarked
package dev.panoptes.integrity.report;

import org.jspecify.annotations.NullMarked;
