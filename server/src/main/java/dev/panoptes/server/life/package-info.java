/** How a server begins and ends. */
@NullMarked
package dev.panoptes.server.life;

import org.jspecify.annotations.NullMarked;
