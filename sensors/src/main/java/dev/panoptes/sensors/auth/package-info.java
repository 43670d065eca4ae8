/** Who logs in, who fails to, who becomes whom, and whose account changes: from the journal, auth.log or secure, wtmp and btmp. */
@NullMarked
package dev.panoptes.sensors.auth;

import org.jspecify.annotations.NullMarked;
