/**
 * What happens on a host between two looks: nine sensors, each a package with Source (reads), Parser (pure) and Sensor, over one
 * spool that proves its losses. {@link dev.panoptes.sensors.Sensors} is the list.
 */
@NullMarked
package dev.panoptes.sensors;

import org.jspecify.annotations.NullMarked;
