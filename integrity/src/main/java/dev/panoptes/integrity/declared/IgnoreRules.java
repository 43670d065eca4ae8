package dev.panoptes.integrity.declared;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one {@code .gitignore} (gitignore(5)) or {@code .dockerignore} (Docker, "Build context: .dockerignore files").
 * The last rule that fits a path decides; one that begins with {@code !} takes it back.
 */
final class IgnoreRules {
    private static final int MOST_RULES = 2_000;
    private static final int LONGEST_RULE = 400;

    /** @param onlyFolders a rule that ends in a slash */
    private record Rule(Pattern pattern, String glob, boolean excludes, boolean onlyFolders) {}

    private final List<Rule> rules;

    private IgnoreRules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Rules as Git reads them: one without a slash inside fits at any depth. */
    static IgnoreRules git(String text) {
        return parse(text, false);
    }

    /** Rules as Docker reads them: every one is rooted in the build context. */
    static IgnoreRules docker(String text) {
        return parse(text, true);
    }

    private static IgnoreRules parse(String text, boolean rooted) {
        List<Rule> rules = new ArrayList<>();
        for (String raw : (Iterable<String>) text.lines()::iterator) {
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#") || line.length() > LONGEST_RULE || rules.size() >= MOST_RULES) {
                continue;
            }
            boolean excludes = !line.startsWith("!");
            String glob = excludes ? line : line.substring(1).strip();
            boolean folders = glob.endsWith("/") && !rooted;
            while (glob.endsWith("/")) {
                glob = glob.substring(0, glob.length() - 1);
            }
            boolean anchored = rooted || glob.indexOf('/') >= 0;
            while (glob.startsWith("/") || glob.startsWith("./")) {
                glob = glob.substring(glob.indexOf('/') + 1);
            }
            if (glob.equals(".") && rooted) {
                glob = "*";
            }
            Pattern pattern = pattern(glob, anchored);
            if (pattern != null) {
                rules.add(new Rule(pattern, glob, excludes, folders));
            }
        }
        return new IgnoreRules(rules);
    }

    private static @Nullable Pattern pattern(String glob, boolean anchored) {
        StringBuilder regex = new StringBuilder(anchored ? "" : "(?:.*/)?");
        int at = 0;
        while (at < glob.length()) {
            char c = glob.charAt(at);
            if (glob.startsWith("**/", at)) {
                regex.append("(?:.*/)?");
                at += 3;
            } else if (glob.startsWith("**", at)) {
                regex.append(".*");
                at += 2;
            } else if (c == '*') {
                regex.append("[^/]*");
                at++;
            } else if (c == '?') {
                regex.append("[^/]");
                at++;
            } else if (c == '[' && glob.indexOf(']', at + 1) > at) {
                int end = glob.indexOf(']', at + 1);
                String inside = glob.substring(at + 1, end)
                        .replace("\\", "\\\\")
                        .replace("[", "\\[")
                        .replace("&", "\\&");
                regex.append('[')
                        .append(inside.startsWith("!") ? "^" + inside.substring(1) : inside)
                        .append(']');
                at = end + 1;
            } else {
                if (c == '\\' && at + 1 < glob.length()) {
                    c = glob.charAt(++at);
                }
                regex.append(Pattern.quote(String.valueOf(c)));
                at++;
            }
        }
        try {
            return Pattern.compile(regex.toString());
        } catch (PatternSyntaxException e) {
            // A rule that is no pattern fits nothing, as for Git and Docker.
            return null;
        }
    }

    /**
     * Whether these rules exclude a file, itself or through a folder above it.
     *
     * @param path relative to the folder of the rules
     * @return null where no rule fits
     */
    @Nullable
    Boolean excludes(String path) {
        Boolean decided = null;
        for (Rule rule : rules) {
            if (fits(rule, path)) {
                decided = rule.excludes;
            }
        }
        return decided;
    }

    /** True where a rule takes this path or something below it back: then it is not told whether all of it is excluded. */
    boolean takesBackBelow(String path) {
        return rules.stream()
                .anyMatch(rule -> !rule.excludes
                        && (rule.glob.startsWith(path + "/")
                                || rule.pattern.matcher(path).matches()));
    }

    private static boolean fits(Rule rule, String path) {
        if (!rule.onlyFolders && rule.pattern.matcher(path).matches()) {
            return true;
        }
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (rule.pattern.matcher(path.substring(0, slash)).matches()) {
                return true;
            }
        }
        // Of what is not there it is not known whether it would be a folder.
        return rule.onlyFolders && rule.pattern.matcher(path).matches();
    }
}
