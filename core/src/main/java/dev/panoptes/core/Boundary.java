package dev.panoptes.core;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the few places that may touch the clock, start a process, write to the terminal or end the program. The build
 * refuses those calls everywhere else; {@link #value} says why this place is one of the few.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface Boundary {
    String value();
}
