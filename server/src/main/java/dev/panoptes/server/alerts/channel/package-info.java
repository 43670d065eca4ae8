/** Where alerts go: one class for each kind of receiver. */
@NullMarked
package dev.panoptes.server.alerts.channel;

import org.jspecify.annotations.NullMarked;
