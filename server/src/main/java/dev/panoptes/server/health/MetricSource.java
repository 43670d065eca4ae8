package dev.panoptes.server.health;

/** A part of the server that has figures to tell. */
@FunctionalInterface
public interface MetricSource {
    void write(Exposition out);
}
