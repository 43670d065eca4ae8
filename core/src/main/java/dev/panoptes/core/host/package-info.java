/** What is real on one host: processes, sockets, units and files, all read below one root path. */
@NullMarked
package dev.panoptes.core.host;

import org.jspecify.annotations.NullMarked;
