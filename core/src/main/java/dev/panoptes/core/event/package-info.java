/** What sensors see: one event, its fields by the names of the Elastic Common Schema, and its JSON form. */
@NullMarked
package dev.panoptes.core.event;

import org.jspecify.annotations.NullMarked;
