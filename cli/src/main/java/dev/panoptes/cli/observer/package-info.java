/** The observer of this host for a server elsewhere: looks, sends, tries again. */
@NullMarked
package dev.panoptes.cli.observer;

import org.jspecify.annotations.NullMarked;
