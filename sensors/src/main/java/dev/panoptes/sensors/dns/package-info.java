/** What is asked and answered by DNS: from packets, captures and the logs of resolvers. */
@NullMarked
package dev.panoptes.sensors.dns;

import org.jspecify.annotations.NullMarked;
