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
            "pwsh.exe",
            "powershell",
            "powershell.exe",
            "cmd",
            "cmd.exe",
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

    /** They start what follows as it is. */
    private static final Set<String> PASSING = Set.of("tini", "dumb-init", "catatonit", "exec", "env", "nice");

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
            if (base.equals("java")) {
                // A script before it may make a line of its own of what follows.
                boolean passedOn = words.subList(0, i).stream()
                        .allMatch(word -> word.startsWith("-") || PASSING.contains(StartCommandParser.baseName(word)));
                return passedOn ? ofJava(words.subList(i + 1, words.size()), open) : null;
            }
            boolean runsShell = SHELLS.contains(base)
                    && i + 1 < words.size()
                    && words.get(i + 1).matches("-\\w*c\\w*");
            if (runsShell || EXPANDING.contains(base)) {
                return null;
            }
        }
        for (String word : words) {
            String literal = OPERATORS.contains(word) ? word : variable(word, open);
            if (literal != null) {
                return literal;
            }
        }
        return null;
    }

    private static @Nullable String variable(String word, Set<String> open) {
        Matcher variable = VARIABLE.matcher(word);
        while (variable.find()) {
            String name = variable.group(1).replaceAll("^\\{|[:?+=}-].*$", "");
            if (!open.contains(name)) {
                return variable.group();
            }
        }
        return null;
    }

    /**
     * The virtual machine takes its own options, the archive and the main class as they are written; what follows those is the
     * program's, and what {@code -D} sets may be replaced by a framework.
     */
    private static @Nullable String ofJava(List<String> words, Set<String> open) {
        boolean archive = false;
        for (String word : words) {
            boolean property = word.startsWith("-D") || word.startsWith("@");
            String literal = property ? null : variable(word, open);
            if (literal != null || archive || !word.startsWith("-")) {
                return literal;
            }
            archive = word.equals("-jar");
        }
        return null;
    }
}
