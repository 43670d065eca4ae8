package dev.panoptes.code;

import java.util.Arrays;

/**
 * The code lines of one source file, counted and sketched in one pass over its bytes: lines that are neither blank nor only
 * comment. White space within a line does not matter. Strings that span lines are not followed, so a line of a string that
 * looks like a comment is taken for one; nor are block comments that begin after code, so their further lines count.
 *
 * @param count how many there are
 * @param sketch a sample of the distinct ones
 */
public record CodeLines(int count, LineSketch sketch) {
    /** @param content the file; only the first {@code length} bytes are read */
    public static CodeLines of(byte[] content, int length, Language language) {
        Pass pass = new Pass(content, length, hashComments(language));
        pass.run();
        return new CodeLines(pass.count, LineSketch.of(Arrays.copyOf(pass.hashes, pass.count)));
    }

    private static boolean hashComments(Language language) {
        return switch (language) {
            case PYTHON, SHELL -> true;
            case JAVASCRIPT, TYPESCRIPT, GO, JAVA -> false;
        };
    }

    private static final class Pass {
        private final byte[] content;
        private final int length;
        private final boolean hashComments;
        private int[] hashes = new int[64];
        private int count;
        private boolean inComment;

        private Pass(byte[] content, int length, boolean hashComments) {
            this.content = content;
            this.length = length;
            this.hashComments = hashComments;
        }

        private void run() {
            int start = 0;
            while (start < length) {
                int end = start;
                while (end < length && content[end] != '\n') {
                    end++;
                }
                line(start, end);
                start = end + 1;
            }
        }

        private void line(int start, int end) {
            int at = skipBlank(start, end);
            while (at < end && !hashComments && (inComment || starts(at, end, '/', '*'))) {
                at = skipBlank(afterComment(inComment ? at : at + 2, end), end);
            }
            if (at >= end || (hashComments ? content[at] == '#' : starts(at, end, '/', '/'))) {
                return;
            }
            long hash = 0;
            for (int i = at; i < end; i++) {
                if (content[i] > ' ' || content[i] < 0) {
                    hash = (hash + content[i]) * 0x9E3779B97F4A7C15L;
                    hash ^= hash >>> 29;
                }
            }
            if (count == hashes.length) {
                hashes = Arrays.copyOf(hashes, count * 2);
            }
            hashes[count++] = (int) (hash >>> 32);
        }

        /** The place after the end of the block comment, or the line's end where it goes on. */
        private int afterComment(int from, int end) {
            for (int i = from; i + 1 < end; i++) {
                if (content[i] == '*' && content[i + 1] == '/') {
                    inComment = false;
                    return i + 2;
                }
            }
            inComment = true;
            return end;
        }

        private int skipBlank(int from, int end) {
            int at = from;
            while (at < end && content[at] <= ' ' && content[at] >= 0) {
                at++;
            }
            return at;
        }

        private boolean starts(int at, int end, char first, char second) {
            return at + 1 < end && content[at] == first && content[at + 1] == second;
        }
    }
}
