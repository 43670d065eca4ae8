/** What agents are told to do: versions, schemas, differences and the way back. */
@NullMarked
package dev.panoptes.server.configs;

import org.jspecify.annotations.NullMarked;
