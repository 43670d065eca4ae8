/** What every command needs of the shell that started it: arguments refused, exit codes, streams, the end of the process. */
@NullMarked
package dev.panoptes.cli.shell;

import org.jspecify.annotations.NullMarked;
