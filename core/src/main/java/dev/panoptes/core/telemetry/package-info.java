/** What sensors and the server must agree on of how events travel. */
@NullMarked
package dev.panoptes.core.telemetry;

import org.jspecify.annotations.NullMarked;
