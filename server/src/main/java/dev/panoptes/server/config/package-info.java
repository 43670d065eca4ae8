/** What the operator may set: the list of settings, where each effective value came from, and every problem at once. */
@NullMarked
package dev.panoptes.server.config;

import org.jspecify.annotations.NullMarked;
