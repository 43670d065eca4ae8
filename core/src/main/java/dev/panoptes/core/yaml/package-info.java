/** Reads YAML that nobody vouches for: one bounded reader for the registry, waivers, configuration, rules and compose files. */
@NullMarked
package dev.panoptes.core.yaml;

import org.jspecify.annotations.NullMarked;
