/** The example fleet, started and stopped. */
@NullMarked
package dev.panoptes.cli.demo;

import org.jspecify.annotations.NullMarked;
