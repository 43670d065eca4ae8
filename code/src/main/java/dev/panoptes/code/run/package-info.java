/**
 * What a program does when it runs, as far as its text says: an abstract run that follows constants, calls and imports,
 * takes both ways where a condition is not known, and notes what is bound and which routes are served. Nothing is executed.
 */
@NullMarked
package dev.panoptes.code.run;

import org.jspecify.annotations.NullMarked;
