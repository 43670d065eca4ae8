package dev.panoptes.code;

import dev.panoptes.code.library.Table;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which files and folders are whose code. */
final class Languages {
    private static final Set<String> SKIPPED = Table.files().words("skipped");
    private static final Set<String> TESTS = Table.files().words("tests");
    /** What they hold is there to be read, not run. */
    private static final Set<String> EXAMPLES = Table.files().words("examples");
    /** Languages by the suffixes of their files, and by the words of their interpreters in a first line. */
    private static final Map<String, String> SUFFIXES = Table.files().pairs("suffixes");

    private Languages() {}

    /** Null where the name does not say; a file without a suffix may still say so in its first line. */
    static @Nullable Language of(String name) {
        int dot = name.lastIndexOf('.');
        String suffix = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
        String language = SUFFIXES.get(suffix);
        boolean made = name.endsWith(".min.js") || name.endsWith(".d.ts");
        return language == null || made ? null : Language.valueOf(language);
    }

    /** By the interpreter that the first line names. */
    static @Nullable Language ofFirstLine(byte[] source) {
        if (source.length < 4 || source[0] != '#' || source[1] != '!') {
            return null;
        }
        int end = 2;
        while (end < Math.min(source.length, 200) && source[end] != '\n') {
            end++;
        }
        String line = new String(source, 2, end - 2, StandardCharsets.UTF_8);
        if (line.contains("python")) {
            return Language.PYTHON;
        }
        if (line.contains("node") || line.contains("bun") || line.contains("deno")) {
            return Language.JAVASCRIPT;
        }
        return line.matches(".*\\b(ba|da|k|z)?sh\\b.*") ? Language.SHELL : null;
    }

    /** Hidden, vendored, virtual environment, build product or test: not the agent's own code. */
    static boolean skippedFolder(String name) {
        return name.startsWith(".")
                || SKIPPED.contains(name)
                || TESTS.contains(name)
                || name.endsWith(".egg-info")
                || name.endsWith(".dist-info");
    }

    /**
     * A folder of examples, documentation or benchmarks, where it lies directly in an agent's directory. As the agents path's
     * own child such a name is an agent's, and deeper it may be a package's, as in {@code org/example}.
     */
    static boolean besideTheCode(String name) {
        return EXAMPLES.contains(name);
    }

    static boolean skippedFile(String name) {
        if (name.startsWith(".")) {
            return true;
        }
        int dot = name.lastIndexOf('.');
        String stem = dot < 0 ? name : name.substring(0, dot);
        return name.equals("conftest.py")
                || (name.endsWith(".py")
                        && (stem.startsWith("test_") || stem.endsWith("_test") || stem.equals("tests")))
                || name.endsWith("_test.go")
                || stem.endsWith(".spec")
                || stem.endsWith(".test")
                || (name.endsWith(".java") && (stem.endsWith("Test") || stem.endsWith("Tests") || stem.endsWith("IT")));
    }
}
