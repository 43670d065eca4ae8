package dev.panoptes.core.host;

import dev.panoptes.core.Interpreters;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells from a command line what an interpreter runs: python(1), node(1), java(1), sh(1), ruby(1), perl(1) and their kin.
 * Pure.
 */
final class ScriptParser {
    private static final Set<String> NODE_OPTIONS = Set.of(
            "-r",
            "--require",
            "--import",
            "--loader",
            "--experimental-loader",
            "-C",
            "--conditions",
            "--input-type",
            "--title",
            "--env-file",
            "--icu-data-dir",
            "--openssl-config",
            "--redirect-warnings",
            "--disable-warning");
    private static final Set<String> JAVA_OPTIONS = Set.of(
            "-p",
            "--module-path",
            "--upgrade-module-path",
            "--add-modules",
            "--limit-modules",
            "--add-opens",
            "--add-exports",
            "--add-reads",
            "--patch-module",
            "--source",
            "--enable-native-access");
    private static final Set<String> CLASS_PATH_OPTIONS = Set.of("-cp", "-classpath", "--class-path");
    private static final Set<String> SHELL_OPTIONS = Set.of("-o", "+o", "-O", "+O", "--rcfile", "--init-file");
    private static final Set<String> PYTHON_SERVERS =
            Set.of("uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "waitress-serve", "flask", "fastapi");
    private static final Set<String> SERVER_DIRECTORIES = Set.of("--app-dir", "--chdir", "--working-dir");
    private static final Pattern APPLICATION =
            Pattern.compile("([A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*):[A-Za-z_][\\w.]*(?:\\(.*\\))?");

    private final Deque<String> rest;
    private final String cwd;
    private boolean isolated;

    private ScriptParser(List<String> arguments, String cwd) {
        this.rest = new ArrayDeque<>(arguments);
        this.cwd = cwd;
    }

    /**
     * @param exe path of the executable; null where it could not be read, then the first argument stands for it
     * @param command all arguments, the first included
     * @param cwd null where unknown
     */
    static Script parse(@Nullable String exe, List<String> command, @Nullable String cwd) {
        String program = exe != null ? exe : command.isEmpty() ? "" : command.getFirst();
        String language = Interpreters.family(fileName(program));
        if (language.isEmpty()) {
            return new Script.Native();
        }
        // One argument with blanks is a title that the program gave itself.
        if (command.size() < 2 || command.getFirst().indexOf(' ') >= 0) {
            return new Script.Untold();
        }
        ScriptParser parser = new ScriptParser(command.subList(1, command.size()), cwd == null ? "" : cwd);
        return switch (language) {
            case "python" -> parser.python();
            case "node" -> parser.node();
            case "java" -> parser.java();
            case "sh" -> parser.letters("c", "", SHELL_OPTIONS);
            case "ruby" -> parser.letters("e", "rICE", Set.of("-r", "-I", "-C", "-E"));
            case "perl" -> parser.letters("eE", "IMmCDx", Set.of("-I"));
            case "php" -> parser.letters("rBRE", "d", Set.of("-d", "-c", "-S", "-t", "-z"));
            default -> parser.subcommand();
        };
    }

    private Script python() {
        while (!rest.isEmpty()) {
            String argument = rest.removeFirst();
            if (argument.equals("--check-hash-based-pycs")) {
                rest.pollFirst();
            } else if (argument.equals("-")) {
                return new Script.Untold();
            } else if (!argument.startsWith("-") || argument.equals("--")) {
                String path = argument.equals("--") ? rest.pollFirst() : argument;
                return path == null
                        ? new Script.Untold()
                        : pythonProgram(fileName(path), new Script.Entry(path, cwd, false));
            } else if (!argument.startsWith("--")) {
                Script found = pythonLetters(argument);
                if (found != null) {
                    return found;
                }
            }
        }
        return new Script.Untold();
    }

    /** Options in one word: {@code -um module}, {@code -Wignore}. Null where the script is still to come. */
    private @Nullable Script pythonLetters(String argument) {
        for (int i = 1; i < argument.length(); i++) {
            String value = argument.substring(i + 1);
            switch (argument.charAt(i)) {
                case 'c' -> {
                    return new Script.Untold();
                }
                case 'm' -> {
                    String module = value.isEmpty() ? rest.pollFirst() : value;
                    // With -I and -P the working directory is not searched, so where the module lies is not told.
                    return module == null || isolated
                            ? new Script.Untold()
                            : pythonProgram(module, new Script.PythonModule(module, cwd));
                }
                case 'I', 'P' -> isolated = true;
                case 'W', 'X', 'Q' -> {
                    if (value.isEmpty()) {
                        rest.pollFirst();
                    }
                    return null;
                }
                default -> {
                    // a switch without a value
                }
            }
        }
        return null;
    }

    /** A server such as uvicorn runs the application that it is told, and that is the agent's code. */
    private Script pythonProgram(String name, Script itself) {
        String server = name.endsWith(".py") ? name.substring(0, name.length() - 3) : name;
        if (!PYTHON_SERVERS.contains(server)) {
            return itself;
        }
        String directory = cwd;
        @Nullable Script application = null;
        String before = "";
        for (String argument : rest) {
            int equals = argument.indexOf('=');
            if (equals > 0 && SERVER_DIRECTORIES.contains(argument.substring(0, equals))) {
                directory = against(argument.substring(equals + 1));
            } else if (SERVER_DIRECTORIES.contains(before)) {
                directory = against(argument);
            }
            Matcher matcher = APPLICATION.matcher(argument);
            if (application == null && matcher.matches()) {
                application = new Script.PythonModule(matcher.group(1), directory);
            } else if (application == null && !argument.startsWith("-") && argument.endsWith(".py")) {
                application = new Script.File(argument, directory);
            }
            before = argument;
        }
        return switch (application) {
            case null -> new Script.Untold();
            case Script.PythonModule(String module, String ignored) -> new Script.PythonModule(module, directory);
            case Script other -> other;
        };
    }

    private Script node() {
        while (!rest.isEmpty()) {
            String argument = rest.removeFirst();
            if (argument.equals("-")
                    || List.of("-e", "--eval", "-p", "--print", "-pe").contains(argument)) {
                return new Script.Untold();
            } else if (NODE_OPTIONS.contains(argument)) {
                rest.pollFirst();
            } else if (!argument.startsWith("-") && !argument.equals("inspect")) {
                return new Script.Entry(argument, cwd, true);
            }
        }
        return new Script.Untold();
    }

    private Script java() {
        List<String> classPath = List.of();
        while (!rest.isEmpty()) {
            String argument = rest.removeFirst();
            if (argument.equals("-jar")) {
                String jar = rest.pollFirst();
                return jar == null ? new Script.Untold() : new Script.File(jar, cwd);
            } else if (CLASS_PATH_OPTIONS.contains(argument)) {
                classPath = classPath(rest.pollFirst());
            } else if (argument.startsWith("--class-path=")) {
                classPath = classPath(argument.substring("--class-path=".length()));
            } else if (argument.equals("-m") || argument.equals("--module")) {
                String module = rest.pollFirst();
                return module == null ? new Script.Untold() : new Script.JavaClass(module, classPath, cwd);
            } else if (JAVA_OPTIONS.contains(argument)) {
                rest.pollFirst();
            } else if (argument.startsWith("@")) {
                // what follows depends on a file of arguments
                return new Script.Untold();
            } else if (!argument.startsWith("-")) {
                return argument.endsWith(".java")
                        ? new Script.File(argument, cwd)
                        : new Script.JavaClass(argument, classPath, cwd);
            }
        }
        return new Script.Untold();
    }

    private static List<String> classPath(@Nullable String written) {
        return written == null
                ? List.of()
                : Arrays.stream(written.split(":"))
                        .filter(entry -> !entry.isEmpty())
                        .toList();
    }

    /**
     * Shells, Ruby, Perl, PHP: options in words of letters.
     *
     * @param code letters after which code follows on the command line
     * @param valued letters that take the rest of their word
     * @param separate whole options that take the next argument
     */
    private Script letters(String code, String valued, Set<String> separate) {
        while (!rest.isEmpty()) {
            String argument = rest.removeFirst();
            if (argument.equals("--")) {
                String path = rest.pollFirst();
                return path == null ? new Script.Untold() : new Script.File(path, cwd);
            } else if (separate.contains(argument)) {
                rest.pollFirst();
            } else if (argument.equals("-")) {
                return new Script.Untold();
            } else if (!argument.startsWith("-") && !argument.startsWith("+")) {
                return new Script.File(argument, cwd);
            } else if (!argument.startsWith("--") && givesCode(argument, code, valued)) {
                return new Script.Untold();
            }
        }
        return new Script.Untold();
    }

    private static boolean givesCode(String argument, String code, String valued) {
        for (int i = 1; i < argument.length(); i++) {
            if (code.indexOf(argument.charAt(i)) >= 0) {
                return true;
            }
            if (valued.indexOf(argument.charAt(i)) >= 0) {
                return false;
            }
        }
        return false;
    }

    /** {@code deno run server.ts}, {@code bun server.ts}. */
    private Script subcommand() {
        for (String argument : rest) {
            if (argument.matches("[^-].*\\.[cm]?[jt]sx?")) {
                return new Script.File(argument, cwd);
            }
        }
        return new Script.Untold();
    }

    private String against(String directory) {
        return directory.startsWith("/") || cwd.isEmpty() ? directory : cwd + "/" + directory;
    }

    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
