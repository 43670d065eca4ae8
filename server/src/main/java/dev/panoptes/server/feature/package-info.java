/** What a feature stands on and what it gives to the server. */
@NullMarked
package dev.panoptes.server.feature;

import org.jspecify.annotations.NullMarked;
