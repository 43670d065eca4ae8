package dev.panoptes.code.run;

import dev.panoptes.code.PathNames;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which variables of a shell script reach the programs that it starts: those that it exports or was given, and those of the files
 * that it reads with {@code .} or {@code source}.
 */
final class ShellVariables {
    /** Where a script's scope keeps why more variables may be set than are known. */
    static final String OPEN = "#open";

    private static final Pattern ALL = Pattern.compile("(?m)^[ \t]*set[ \t]+(-[b-zA-Z]*a|-o[ \t]+allexport)");
    private static final Pattern FROM_OUTPUT =
            Pattern.compile("(?m)^[ \t]*(?:export|eval|declare[ \t]+-\\w*x)[ \t]+(?:-\\w+[ \t]+)*\"?(?:\\$\\(|`)");
    private static final Pattern ASSIGNMENT =
            Pattern.compile("[ \t]*(?:export[ \t]+)?([A-Za-z_]\\w*)=(\"[^\"]*\"|'[^']*'|[^\\s#]*)[ \t]*(?:#.*)?");
    /** Files that only prepare the shell. */
    private static final Pattern PREPARES = Pattern.compile(
            "(?:.*/)?(?:activate|functions|init-functions|nvm\\.sh|\\.(?:bashrc|profile|bash_profile))");

    private final String script;

    ShellVariables(Module module) {
        this.script = new String(module.source(), StandardCharsets.UTF_8);
    }

    /** True where a program that the script starts sees this variable of the script. */
    boolean exported(String name) {
        return ALL.matcher(script).find()
                || Pattern.compile(
                                "(?m)(?:^|[;&{(]|\\bthen|\\bdo)[ \t]*(?:export|declare[ \t]+-\\w*x\\w*|typeset[ \t]+-\\w*x\\w*)\\b[^\\n;&|]*\\b"
                                        + Pattern.quote(name) + "\\b")
                        .matcher(script)
                        .find();
    }

    /** Why programs may see other variables; null where they may not. */
    static @Nullable String open(Module module) {
        return FROM_OUTPUT
                        .matcher(new String(module.source(), StandardCharsets.UTF_8))
                        .find()
                ? "the script takes variables from what a command prints"
                : null;
    }

    /** Puts what {@code . file} sets into the script's names. */
    static void source(@Nullable String file, Scope scope, Interpreter run) {
        Store names = scope.outermost().names;
        if (file != null && PREPARES.matcher(file).matches()) {
            return;
        }
        String path = file == null || file.startsWith("/") ? null : file.replaceFirst("^(\\./)+", "");
        String text =
                path == null || path.isEmpty() ? null : run.modules.text(PathNames.join(scope.module.folder(), path));
        Map<String, String> set = text == null ? null : assignments(text);
        if (set == null) {
            names.put(OPEN, Values.constant("the script takes variables from a file that was not followed"));
        } else {
            set.forEach((name, value) -> names.put(name, Values.constant(value)));
        }
    }

    /** The variables of a file that holds nothing but assignments of plain texts; null for others. */
    private static @Nullable Map<String, String> assignments(String text) {
        Map<String, String> set = new HashMap<>();
        for (String line : text.lines().toList()) {
            String stripped = line.strip();
            if (stripped.isEmpty() || stripped.startsWith("#")) {
                continue;
            }
            Matcher assignment = ASSIGNMENT.matcher(line);
            String value = assignment.matches() ? assignment.group(2) : "$";
            boolean quoted = value.startsWith("\"") || value.startsWith("'");
            if (!value.startsWith("'") && (value.indexOf('$') >= 0 || value.indexOf('`') >= 0)) {
                return null;
            }
            set.put(assignment.group(1), quoted ? value.substring(1, value.length() - 1) : value);
        }
        return set;
    }
}
