package dev.panoptes.server.web;

import dev.panoptes.server.web.view.AgentView.DiffLine;
import java.util.ArrayList;
import java.util.List;

/** Lines that came and went between two texts, by their longest common subsequence. */
final class TextDiff {
    /** Beyond that the whole is shown as gone and come. */
    private static final int MOST = 600;

    private TextDiff() {}

    static List<DiffLine> of(String before, String after) {
        List<String> old = before.isEmpty() ? List.of() : before.lines().toList();
        List<String> now = after.isEmpty() ? List.of() : after.lines().toList();
        List<DiffLine> lines = new ArrayList<>();
        if (old.size() > MOST || now.size() > MOST) {
            old.forEach(line -> lines.add(new DiffLine("d", line)));
            now.forEach(line -> lines.add(new DiffLine("a", line)));
            return lines;
        }
        int[][] common = new int[old.size() + 1][now.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = now.size() - 1; j >= 0; j--) {
                common[i][j] = old.get(i).equals(now.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
                lines.add(new DiffLine("n", old.get(i)));
                i++;
                j++;
            } else if (j < now.size() && (i == old.size() || common[i][j + 1] >= common[i + 1][j])) {
                lines.add(new DiffLine("a", now.get(j)));
                j++;
            } else {
                lines.add(new DiffLine("d", old.get(i)));
                i++;
            }
        }
        return lines;
    }
}
