/** How the server itself is: alive, ready, and what it measures. */
@NullMarked
package dev.panoptes.server.health;

import org.jspecify.annotations.NullMarked;
