/** What the results add up to: report, score, causes, waivers, and whether that is good enough. */
@NullMarked
package dev.panoptes.integrity.verdict;

import org.jspecify.annotations.NullMarked;
