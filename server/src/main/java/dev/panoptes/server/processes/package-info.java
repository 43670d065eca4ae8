/** What runs on hosts, as their proc sensors tell: which processes started and ended, and what is used. */
@NullMarked
package dev.panoptes.server.processes;

import org.jspecify.annotations.NullMarked;
