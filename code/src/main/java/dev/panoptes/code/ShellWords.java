package dev.panoptes.code;

import dev.panoptes.code.library.Table;

/** What the words of a shell script say about it: it may start a server where it names something that runs one. */
final class ShellWords {
    private static final Words RUNNERS = new Words(Table.of(Language.SHELL).words("runners"));

    private ShellWords() {}

    static WordScan scan(byte[] source) {
        int i = 0;
        while (i < source.length) {
            if (!Words.part(source[i])) {
                i++;
                continue;
            }
            int start = i;
            while (i < source.length && Words.part(source[i])) {
                i++;
            }
            if (RUNNERS.has(source, start, i)) {
                return new WordScan(true, true);
            }
        }
        return new WordScan(false, false);
    }
}
