/** What agents report and rules conclude: one finding however often it is told, and what people make of it. */
@NullMarked
package dev.panoptes.server.findings;

import org.jspecify.annotations.NullMarked;
