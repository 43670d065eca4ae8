package dev.panoptes.integrity.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes the difference of two texts as {@code git apply} reads it (unified format, three lines of context). */
final class UnifiedDiff {
    private static final int CONTEXT = 3;

    private UnifiedDiff() {}

    /**
     * @param before the lines without their ends; a last element that is not empty means no newline at the end of the file
     * @param after likewise
     */
    static String modified(String path, List<String> before, List<String> after) {
        return header(path) + "--- " + named("a/", path) + "\n+++ " + named("b/", path) + "\n"
                + hunks(edits(before, after));
    }

    static String created(String path, List<String> after) {
        return header(path) + "new file mode 100644\n--- /dev/null\n+++ " + named("b/", path) + "\n"
                + hunks(edits(List.of(""), after));
    }

    static String deleted(String path, List<String> before, String mode) {
        return header(path) + "deleted file mode " + mode + "\n--- " + named("a/", path) + "\n+++ /dev/null\n"
                + hunks(edits(before, List.of("")));
    }

    private static String header(String path) {
        return "diff --git " + named("a/", path) + " " + named("b/", path) + "\n";
    }

    /** In quotes where the name holds what ends a name there, as git-diff(1) says under core.quotePath. */
    private static String named(String side, String path) {
        if (path.chars().noneMatch(c -> c < ' ' || c == 0x7f || c == '"' || c == '\\')) {
            return side + path;
        }
        StringBuilder quoted = new StringBuilder("\"").append(side);
        path.chars().forEach(c -> {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append((char) c);
                case '\t' -> quoted.append("\\t");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        quoted.append(String.format(Locale.ROOT, "\\%03o", c));
                    } else {
                        quoted.append((char) c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    private record Edit(char kind, String line, boolean endsFile) {}

    /** The shortest edit script by the greedy algorithm of Myers (1986); its memory is bounded by the number of edits. */
    private static List<Edit> edits(List<String> before, List<String> after) {
        List<String> a = terminated(before);
        List<String> b = terminated(after);
        int max = a.size() + b.size();
        int[] furthest = new int[2 * max + 2];
        List<int[]> trace = new ArrayList<>();
        outer:
        for (int d = 0; d <= max; d++) {
            int[] row = furthest.clone();
            trace.add(row);
            for (int k = -d; k <= d; k += 2) {
                int x = k == -d || (k != d && furthest[max + k - 1] < furthest[max + k + 1])
                        ? furthest[max + k + 1]
                        : furthest[max + k - 1] + 1;
                int y = x - k;
                while (x < a.size() && y < b.size() && a.get(x).equals(b.get(y))) {
                    x++;
                    y++;
                }
                furthest[max + k] = x;
                if (x >= a.size() && y >= b.size()) {
                    break outer;
                }
            }
        }
        return backtrack(a, b, trace, max, endsBare(before), endsBare(after));
    }

    private static List<Edit> backtrack(
            List<String> a, List<String> b, List<int[]> trace, int max, boolean bareBefore, boolean bareAfter) {
        List<Edit> edits = new ArrayList<>();
        int x = a.size();
        int y = b.size();
        for (int d = trace.size() - 1; d >= 0; d--) {
            int[] row = trace.get(d);
            int k = x - y;
            int previousK = k == -d || (k != d && row[max + k - 1] < row[max + k + 1]) ? k + 1 : k - 1;
            int previousX = d == 0 ? 0 : row[max + previousK];
            int previousY = d == 0 ? 0 : previousX - previousK;
            while (x > previousX && y > previousY) {
                x--;
                y--;
                edits.addFirst(new Edit(' ', a.get(x), bareBefore && x == a.size() - 1));
            }
            if (d > 0) {
                if (x == previousX) {
                    y--;
                    edits.addFirst(new Edit('+', b.get(y), bareAfter && y == b.size() - 1));
                } else {
                    x--;
                    edits.addFirst(new Edit('-', a.get(x), bareBefore && x == a.size() - 1));
                }
            }
        }
        return edits;
    }

    /** Without the empty piece behind the last newline. A line that ends the file bare differs from one that does not. */
    private static List<String> terminated(List<String> lines) {
        return endsBare(lines)
                ? append(lines.subList(0, lines.size() - 1), lines.getLast() + "\0")
                : lines.subList(0, lines.size() - 1);
    }

    private static List<String> append(List<String> lines, String last) {
        List<String> all = new ArrayList<>(lines);
        all.add(last);
        return all;
    }

    private static boolean endsBare(List<String> lines) {
        return !lines.getLast().isEmpty();
    }

    private static String hunks(List<Edit> edits) {
        StringBuilder text = new StringBuilder();
        int index = 0;
        int oldLine = 1;
        int newLine = 1;
        while (index < edits.size()) {
            if (edits.get(index).kind() == ' ') {
                index++;
                oldLine++;
                newLine++;
                continue;
            }
            int start = Math.max(index - CONTEXT, 0);
            int end = index;
            int quiet = 0;
            for (int i = index; i < edits.size() && quiet <= 2 * CONTEXT; i++) {
                quiet = edits.get(i).kind() == ' ' ? quiet + 1 : 0;
                if (quiet == 0) {
                    end = i + 1;
                }
            }
            int stop = Math.min(end + CONTEXT, edits.size());
            int lead = index - start;
            List<Edit> hunk = edits.subList(start, stop);
            int oldCount =
                    (int) hunk.stream().filter(edit -> edit.kind() != '+').count();
            int newCount =
                    (int) hunk.stream().filter(edit -> edit.kind() != '-').count();
            text.append("@@ -")
                    .append(range(oldLine - lead, oldCount))
                    .append(" +")
                    .append(range(newLine - lead, newCount))
                    .append(" @@\n");
            for (Edit edit : hunk) {
                String line = edit.endsFile() ? edit.line().replace("\0", "") : edit.line();
                text.append(edit.kind()).append(line).append('\n');
                if (edit.endsFile()) {
                    text.append("\\ No newline at end of file\n");
                }
            }
            oldLine += oldCount - lead;
            newLine += newCount - lead;
            index = stop;
        }
        return text.toString();
    }

    private static String range(int line, int count) {
        return (count == 0 ? line - 1 : line) + "," + count;
    }
}
