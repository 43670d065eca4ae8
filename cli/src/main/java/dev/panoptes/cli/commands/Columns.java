package dev.panoptes.cli.commands;

import java.util.List;

/** Rows of text as columns that are as wide as they must be. */
final class Columns {
    private Columns() {}

    /** Every row with as many cells as the first one; each ends with a line feed. */
    static String of(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        int columns = rows.isEmpty() ? 0 : rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                text.append(row.get(i));
                if (i < columns - 1) {
                    text.repeat(' ', widths[i] - row.get(i).length() + 2);
                }
            }
            text.append('\n');
        }
        return text.toString();
    }
}
