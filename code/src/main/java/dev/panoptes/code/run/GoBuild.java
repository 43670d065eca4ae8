package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.library.Table;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether a Go file belongs to an ordinary build for Linux (go help buildconstraint). */
final class GoBuild {
    private static final Set<String> GIVEN = Set.of("linux", "unix", "amd64", "gc", "cgo");
    private static final Set<String> ELSEWHERE = Table.of(Language.GO).words("elsewhere");
    private static final Pattern TAG = Pattern.compile("[\\w.]+");
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

    /** An expression of tags with {@code ||}, {@code &&}, {@code !} and brackets, of which the inner parts are told first. */
    private static boolean holds(String expression) {
        String left = TAG.matcher(expression)
                .replaceAll(tag -> GIVEN.contains(tag.group()) || tag.group().startsWith("go1.") ? "1" : "0")
                .replaceAll("\\s", "");
        for (String before = ""; !before.equals(left); ) {
            before = left;
            left = left.replace("!1", "0").replace("!0", "1").replaceAll("\\(([01])\\)", "$1");
            left = left.replace("1&&1", "1").replaceAll("[01]&&[01]", "0");
            // What is joined by && is told before.
            left = left.replaceAll("(?<![&!])0\\|\\|0(?!&)", "0").replaceAll("(?<![&!])[01]\\|\\|[01](?!&)", "1");
        }
        return left.equals("1");
    }
}
