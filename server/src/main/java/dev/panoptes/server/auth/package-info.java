/** Who gets in: people, sessions, API tokens, lockout, and the record of what they did. */
@NullMarked
package dev.panoptes.server.auth;

import org.jspecify.annotations.NullMarked;
