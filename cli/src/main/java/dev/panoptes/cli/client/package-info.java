/** Talks to a running server: where it is, with which token, and what it answered. */
@NullMarked
package dev.panoptes.cli.client;

import org.jspecify.annotations.NullMarked;
