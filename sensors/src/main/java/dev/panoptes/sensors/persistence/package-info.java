/**
 * What runs again by itself: every mechanism of the host by which something is started at boot, login, a time or an event. {@link
 * dev.panoptes.sensors.persistence.Places} is the list of places; a new kind costs one line there and what reads it.
 */
@NullMarked
package dev.panoptes.sensors.persistence;

import org.jspecify.annotations.NullMarked;
