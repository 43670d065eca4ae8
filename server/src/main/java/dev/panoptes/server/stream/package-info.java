/** What happened, told to everybody who listens: server-sent events that survive a change of replica. */
@NullMarked
package dev.panoptes.server.stream;

import org.jspecify.annotations.NullMarked;
