/** Readers of the other declarations: code, Dockerfiles, compose files, unit files. */
@NullMarked
package dev.panoptes.integrity.declared;

import org.jspecify.annotations.NullMarked;
