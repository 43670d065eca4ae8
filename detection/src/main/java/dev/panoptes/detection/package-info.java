/** Conclusions from events: rules, analytics, findings, incidents, threat level. */
@NullMarked
package dev.panoptes.detection;

import org.jspecify.annotations.NullMarked;
