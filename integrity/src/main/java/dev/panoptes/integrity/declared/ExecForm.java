package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommandParser;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What reaches a program as it is written, because no shell reads its command line (Dockerfile reference, "Shell and exec
 * form").
 */
public final class ExecForm {
    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ash", "zsh", "ksh");
    /** Programs that replace variables or run a shell themselves. */
    private static final Set<String> EXPANDING = Set.of(
            "npm",
            "yarn",
            "pnpm",
            "bun",
            "java",
            "make",
            "just",
            "task",
            "envsubst",
            "dotenv",
            "cross-env",
            "mvn",
            "gradle",
            "supervisord",
            "s6-svscan",
            "awk",
            "sed",
            "psql",
            "mongo",
            "mongosh",
            "perl",
            "jq",
            "expect",
            "eval",
            "doppler",
            "fish",
            "pwsh",
            "su",
            "watch",
            "parallel",
            "xargs",
            "forever",
            "pm2",
            "concurrently",
            "nodemon",
            "honcho",
            "foreman",
            "dumb-init-shell");

    private static final Set<String> OPERATORS = Set.of("&&", "||", "|", ";", ">", ">>", "<", "2>&1", "&");
    private static final Pattern VARIABLE =
            Pattern.compile("(?<![\\\\$])\\$(\\{[A-Za-z_]\\w*(:?[-+?=][^}]*)?}|[A-Za-z_]\\w*)");

    private ExecForm() {}

    /**
     * The first word that only a shell would understand.
     *
     * @param words a whole command line in exec form
     * @param open variables of the file that are not known, and so not literally there
     * @return null where there is none, or a shell or the program itself replaces it
     */
    public static @Nullable String literal(List<String> words, Set<String> open) {
        for (int i = 0; i < words.size(); i++) {
            String base = StartCommandParser.baseName(words.get(i));
            boolean runsShell = SHELLS.contains(base)
                    && i + 1 < words.size()
                    && words.get(i + 1).matches("-\\w*c\\w*");
            if (runsShell || EXPANDING.contains(base)) {
                return null;
            }
        }
        for (String word : words) {
            if (OPERATORS.contains(word)) {
                return word;
            }
            Matcher variable = VARIABLE.matcher(word);
            while (variable.find()) {
                String name = variable.group(1).replaceAll("^\\{|[:?+=}-].*$", "");
                if (!open.contains(name)) {
                    return variable.group();
                }
            }
        }
        return null;
    }
}
