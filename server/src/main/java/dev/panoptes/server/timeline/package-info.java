/** What happened to an agent, whatever feature changed it. */
@NullMarked
package dev.panoptes.server.timeline;

import org.jspecify.annotations.NullMarked;
