/** What network devices say by SNMP: traps and informs of versions 1, 2c and 3. */
@NullMarked
package dev.panoptes.sensors.snmp;

import org.jspecify.annotations.NullMarked;
