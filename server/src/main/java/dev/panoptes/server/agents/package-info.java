/** Who is enrolled: tokens to enroll with, instances and their keys, heartbeats, and what they say of themselves. */
@NullMarked
package dev.panoptes.server.agents;

import org.jspecify.annotations.NullMarked;
