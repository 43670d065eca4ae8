/** Backups: a whole database in one file, and a database from such a file. The format is described in docs/backup.md. */
@NullMarked
package dev.panoptes.server.storage.backup;

import org.jspecify.annotations.NullMarked;
