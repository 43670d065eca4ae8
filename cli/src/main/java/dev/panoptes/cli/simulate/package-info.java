/** Pretended agents that enrol, beat and report with a real server. */
@NullMarked
package dev.panoptes.cli.simulate;

import org.jspecify.annotations.NullMarked;
