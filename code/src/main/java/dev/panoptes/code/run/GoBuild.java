package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.library.Table;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Whether a Go file belongs to an ordinary build for Linux (go help buildconstraint). */
final class GoBuild {
    private static final Set<String> GIVEN = Set.of("linux", "unix", "amd64", "gc", "cgo");
    private static final Set<String> ELSEWHERE = Table.of(Language.GO).words("elsewhere");
    private static final int LONGEST_HEAD = 4_096;

    private GoBuild() {}

    /** False for another system's file and for one whose tags nobody sets by default, such as {@code ignore} or {@code wireinject}. */
    static boolean applies(Module module) {
        String path = module.rootPath();
        String stem = path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.go$", "");
        int last = stem.lastIndexOf('_');
        if (last > 0 && ELSEWHERE.contains(stem.substring(last + 1))) {
            return false;
        }
        byte[] source = module.source();
        String head = new String(source, 0, Math.min(source.length, LONGEST_HEAD), StandardCharsets.UTF_8);
        for (String line : (Iterable<String>) head.lines()::iterator) {
            if (line.startsWith("package ")) {
                break;
            }
            if (line.startsWith("//go:build ")) {
                return holds(line.substring("//go:build ".length())
                        .replaceAll("//.*", "")
                        .strip());
            }
        }
        return true;
    }

    /** An expression of tags with {@code ||}, {@code &&}, {@code !} and brackets. */
    private static boolean holds(String expression) {
        String inner = expression;
        while (inner.startsWith("(") && closing(inner) == inner.length() - 1) {
            inner = inner.substring(1, inner.length() - 1).strip();
        }
        for (String operator : List.of("||", "&&")) {
            int at = outside(inner, operator);
            if (at >= 0) {
                boolean left = holds(inner.substring(0, at).strip());
                boolean right = holds(inner.substring(at + 2).strip());
                return operator.equals("||") ? left || right : left && right;
            }
        }
        if (inner.startsWith("!")) {
            return !holds(inner.substring(1).strip());
        }
        return GIVEN.contains(inner) || inner.startsWith("go1.");
    }

    private static int closing(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private static int outside(String text, String operator) {
        int depth = 0;
        for (int i = 0; i + 1 < text.length(); i++) {
            depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
            if (depth == 0 && text.startsWith(operator, i)) {
                return i;
            }
        }
        return -1;
    }
}
