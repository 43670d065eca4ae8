/** The API's own description. */
@NullMarked
package dev.panoptes.server.api;

import org.jspecify.annotations.NullMarked;
