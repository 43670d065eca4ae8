/** The servers on one database: whether all of them read the same registry and sign with the same secret. */
@NullMarked
package dev.panoptes.server.replicas;

import org.jspecify.annotations.NullMarked;
