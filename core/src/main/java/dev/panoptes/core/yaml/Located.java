package dev.panoptes.core.yaml;

/** A value and where it stands in its file. */
public record Located<T>(T value, Location location) {}
