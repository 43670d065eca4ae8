/** The control plane: remembers scans, watches, alerts, answers. */
@NullMarked
package dev.panoptes.server;

import org.jspecify.annotations.NullMarked;
