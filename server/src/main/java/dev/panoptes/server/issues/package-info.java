/** The life of issues: found, acknowledged, being fixed, resolved by a later scan, back again, waived. */
@NullMarked
package dev.panoptes.server.issues;

import org.jspecify.annotations.NullMarked;
