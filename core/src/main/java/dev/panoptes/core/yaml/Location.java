package dev.panoptes.core.yaml;

/** A place in a text file. Line and column count from 1; 0 means the whole file. */
public record Location(int line, int column) {
    public static final Location WHOLE_FILE = new Location(0, 0);
}
