package dev.panoptes.integrity.report;

/**
 * How text may look.
 *
 * @param colour true for ANSI colours (ECMA-48)
 * @param unicode true where the reader's terminal shows more than ASCII
 * @param columns longest line; file names and ids are not broken and may be longer
 */
public record TextStyle(boolean colour, boolean unicode, int columns) {
    /** For a pipe or a file. */
    public static final TextStyle PLAIN = new TextStyle(false, false, 100);

    public TextStyle {
        columns = Math.max(40, Math.min(columns, 100));
    }
}
