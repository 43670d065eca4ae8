/** Pages for people, readable without a script. */
@NullMarked
package dev.panoptes.server.web;

import org.jspecify.annotations.NullMarked;
