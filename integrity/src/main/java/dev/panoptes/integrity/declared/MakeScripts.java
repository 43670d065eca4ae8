package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.text.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which scripts of the tree the recipes of Makefiles run, where a recipe's line is nothing but that command. Each line has a shell of
 * its own that starts beside the Makefile (GNU make, "Recipe Execution").
 */
public final class MakeScripts {
    private static final int MOST_LINES = 2_000;
    private static final int LONGEST_LINE = 1_000;
    private static final List<String> NAMES = List.of("Makefile", "makefile", "GNUmakefile");
    private static final Pattern RUN = Pattern.compile(
            "\\t[@+ -]*(?:[A-Z_][A-Z0-9_]*=[\\w./:-]*\\s+)*(?:(?:node|python|python3|bash|sh|ruby|php|perl)\\s+"
                    + "((?!/)[\\w./-]+\\.(?:mjs|cjs|js|py|sh|bash|rb|php|pl))|\\./([\\w./-]+\\.(?:sh|bash|py)))(?:\\s[^;&|<>$`(]*)?");

    private MakeScripts() {}

    /**
     * A script that a recipe runs.
     *
     * @param target true for a target or file that a rule needs, false for a script that a recipe runs
     * @param missing true where it does not exist and nothing of the Makefile names it but to run it
     */
    public record Run(String makefile, String script, boolean target, boolean missing, Evidence evidence) {}

    /** Of the Makefiles of the root and beside Dockerfiles; none of what is excluded, generated or not known. */
    public static List<Run> of(Declarations declarations) {
        TreeSet<String> folders = declarations.dockerfiles().stream()
                .map(Dockerfile::directory)
                .collect(Collectors.toCollection(TreeSet::new));
        folders.add("");
        List<Run> runs = new ArrayList<>();
        for (String folder : folders) {
            for (String name : NAMES) {
                String file = PathNames.join(folder, name);
                String text = declarations.code().text(file);
                if (text != null && !text.contains(".ONESHELL") && !text.contains(".RECIPEPREFIX")) {
                    read(declarations, folder, file, text, runs);
                    MakeTargets.of(file, folder, text, declarations.paths())
                            .forEach(each ->
                                    runs.add(new Run(file, each.name(), true, each.missing(), each.evidence())));
                }
            }
        }
        return runs;
    }

    private static void read(Declarations declarations, String folder, String file, String text, List<Run> into) {
        String[] lines = Lines.of(text);
        for (int i = 0; i < lines.length && i < MOST_LINES; i++) {
            boolean goesOn = i > 0 && lines[i - 1].endsWith("\\");
            Matcher run = RUN.matcher(lines[i].length() > LONGEST_LINE || goesOn ? "" : lines[i].stripTrailing());
            if (!run.matches() || lines[i].endsWith("\\")) {
                continue;
            }
            String script = run.group(1) == null ? run.group(2) : run.group(1);
            String rootPath = HostProcessReader.below(folder, script);
            if (rootPath != null
                    && declarations.paths().below(rootPath)
                            instanceof DeployedPath.Below(String found, boolean exists, boolean directory)
                    && (exists || !isMade(lines, script))) {
                into.add(new Run(file, found, false, !exists, new Evidence("make", file, i + 1, lines[i].strip())));
            }
        }
    }

    /** A target, a prerequisite, or what another command writes. */
    private static boolean isMade(String[] lines, String script) {
        String name = script.substring(script.lastIndexOf('/') + 1);
        for (String line : lines) {
            if (line.contains(name) && !RUN.matcher(line.stripTrailing()).matches()) {
                return true;
            }
        }
        return false;
    }
}
