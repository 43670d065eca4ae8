/** The sensors of every host: what they are told to do, and how their daemons say that they are. */
@NullMarked
package dev.panoptes.server.sensors;

import org.jspecify.annotations.NullMarked;
