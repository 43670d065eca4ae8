/** What operators declare on a server, as files that can be reviewed: reading, writing and comparing them. */
@NullMarked
package dev.panoptes.cli.gitops;

import org.jspecify.annotations.NullMarked;
