/** Where things are kept: the data directory, the database and its own PostgreSQL, migrations, transactions. */
@NullMarked
package dev.panoptes.server.storage;

import org.jspecify.annotations.NullMarked;
