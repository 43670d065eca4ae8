/** What the server does by itself, once for all replicas. */
@NullMarked
package dev.panoptes.server.jobs;

import org.jspecify.annotations.NullMarked;
