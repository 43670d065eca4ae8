package dev.panoptes.integrity.declared;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.text.Lines;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the rules of a Makefile need, where every rule is written out: no pattern, no variable in a target, nothing included (GNU
 * make, "Rule Syntax", "Recursion").
 */
final class MakeTargets {
    private static final int MOST = 2_000;
    private static final int LONGEST = 1_000;
    private static final Pattern RULE = Pattern.compile("([^\\s:#=][^:#=]*?)\\s*::?(?![=:])\\s*([^=;#|]*)(?:[|;#].*)?");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][\\w-]*");
    private static final Pattern AGAIN = Pattern.compile("\\t[@+ -]*\\$[({]MAKE[)}]\\s+([A-Za-z][\\w-]*)\\s*");
    private static final Pattern OTHERWISE = Pattern.compile(
            "(?m)^ *-?(?:include|sinclude|define|vpath|VPATH|\\.SUFFIXES|\\.DEFAULT|\\$[({])\\b|^[^\\t#:=\\n%$*]*+[%$*][^\\t#:=\\n]*+:(?!=)");

    private MakeTargets() {}

    /** @param name a target or file that a rule needs; @param missing true where it is neither */
    record Needed(String name, boolean missing, Evidence evidence) {}

    /** @param folder rootPath of the folder of the Makefile */
    static List<Needed> of(String file, String folder, String text, DeployedPaths paths) {
        List<Needed> needed = new ArrayList<>();
        if (OTHERWISE.matcher(text).find()) {
            return needed;
        }
        Set<String> targets = new HashSet<>();
        String[] lines = Lines.of(text);
        for (String line : lines) {
            Matcher rule = RULE.matcher(line.length() > LONGEST ? "" : line);
            if (rule.matches() && !line.startsWith(".")) {
                targets.addAll(List.of(rule.group(1).split("\\s+")));
            }
        }
        for (int i = 0; i < lines.length && needed.size() < MOST; i++) {
            String line = lines[i];
            if (line.length() > LONGEST || line.endsWith("\\") || (i > 0 && lines[i - 1].endsWith("\\"))) {
                continue;
            }
            Matcher again = AGAIN.matcher(line);
            Matcher rule = RULE.matcher(line);
            boolean plain = rule.matches() && !line.startsWith(".");
            String names =
                    again.matches() ? again.group(1) : plain ? rule.group(2).strip() : "";
            for (String name : names.isEmpty() ? new String[0] : names.split("\\s+")) {
                if (PLAIN.matcher(name).matches() && (targets.contains(name) || isKnown(paths, folder, name))) {
                    boolean missing = !targets.contains(name) && !isMade(paths, folder, name);
                    needed.add(new Needed(name, missing, new Evidence("make", file, i + 1, line.strip())));
                }
            }
        }
        return needed;
    }

    private static boolean isKnown(DeployedPaths paths, String folder, String name) {
        String rootPath = HostProcessReader.below(folder, name);
        return rootPath != null && paths.below(rootPath) instanceof DeployedPath.Below;
    }

    /** It is there, or what a rule that make knows itself makes it of (GNU make, "Catalogue of Built-In Rules"). */
    private static boolean isMade(DeployedPaths paths, String folder, String name) {
        for (String suffix : List.of("", ".sh", ".c", ".cc", ".cpp", ".o")) {
            String rootPath = HostProcessReader.below(folder, name + suffix);
            if (rootPath == null
                    || !(paths.below(rootPath)
                            instanceof DeployedPath.Below(String found, boolean exists, boolean folders))
                    || exists) {
                return true;
            }
        }
        return false;
    }
}
