package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.Arguments;
import dev.panoptes.code.command.ModuleName;
import dev.panoptes.code.command.ShellLine;
import dev.panoptes.code.command.StartCommandParser;
import dev.panoptes.code.command.Word;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a RUN of a Dockerfile may have made the file that is looked for. */
final class MadeByRun {
    /** Commands that put files with names of their own choosing, and the subcommands that do so; none means all do. */
    private static final Map<String, Set<String>> MAKERS = Map.ofEntries(
            Map.entry("git", Set.of("clone", "checkout", "pull", "submodule", "-C")),
            Map.entry("npm", Set.of("run", "exec")),
            Map.entry("yarn", Set.of("run", "build")),
            Map.entry("pnpm", Set.of("run", "build", "exec")),
            Map.entry("bun", Set.of("run", "build")),
            Map.entry("npx", Set.of()),
            Map.entry("tsc", Set.of()),
            Map.entry("esbuild", Set.of()),
            Map.entry("webpack", Set.of()),
            Map.entry("vite", Set.of()),
            Map.entry("make", Set.of()),
            Map.entry("cmake", Set.of()),
            Map.entry("ninja", Set.of()),
            Map.entry("go", Set.of("build", "install", "generate")),
            Map.entry("cargo", Set.of("build", "install")),
            Map.entry("mvn", Set.of()),
            Map.entry("gradle", Set.of()),
            Map.entry("gradlew", Set.of()),
            Map.entry("mvnw", Set.of()),
            Map.entry("javac", Set.of()),
            Map.entry("gcc", Set.of()),
            Map.entry("g++", Set.of()),
            Map.entry("dotnet", Set.of("build", "publish")),
            Map.entry("swift", Set.of("build")),
            Map.entry("mix", Set.of("release", "compile")),
            Map.entry("cython", Set.of()),
            Map.entry("envsubst", Set.of()),
            Map.entry("patch", Set.of()),
            Map.entry("protoc", Set.of()),
            Map.entry("svn", Set.of()),
            Map.entry("aws", Set.of()),
            Map.entry("gsutil", Set.of()));

    private static final Set<String> PACKAGE_MANAGERS = Set.of("npm", "yarn", "pnpm", "bun", "composer", "bundle");
    private static final Set<String> INSTALL_VERBS =
            Set.of("install", "ci", "i", "add", "update", "require", "create-project", "clean-install");
    /** Where package managers and the scripts that they run put what they make. */
    private static final Set<String> MADE_FOLDERS = Set.of(
            "dist",
            "build",
            "out",
            "lib",
            "vendor",
            "node_modules",
            ".next",
            ".nuxt",
            ".output",
            "public",
            "es",
            "cjs");
    /** Commands that make what their last argument, or an archive, says. */
    private static final Set<String> MOVERS = Set.of("mv", "cp", "ln", "rsync", "install", "tar", "unzip");

    private static final Set<String> SYSTEM_FOLDERS =
            Set.of("/usr", "/bin", "/sbin", "/etc", "/root", "/home", "/tmp", "/var", "/lib", "/opt/venv");

    /** They change what is there, but make nothing. */
    private static final Set<String> KEEPERS = Set.of(
            "chmod", "chown", "dos2unix", "sed", "test", "ls", "[", "echo", "rm", "mkdir", "python", "python3", "node");

    private static final Set<String> INSTALLERS = Set.of("pip", "pip3", "uv", "conda", "mamba", "micromamba", "pipx");

    /** They install a project's own package as well as what it needs. */
    private static final Set<String> PROJECT_INSTALLERS = Set.of("poetry", "pdm", "pipenv", "flit", "hatch");

    private MadeByRun() {}

    /** Why a RUN may have made it; null where none can have. */
    static @Nullable String reason(List<Dockerfile.Run> runs, ModuleName.Files files) {
        String first = files.paths().getFirst();
        String name = first.substring(first.lastIndexOf('/') + 1);
        for (Dockerfile.Run run : runs) {
            if (run.text().contains("<<") || redirectsTo(run.text(), name)) {
                return "line " + run.line() + " may make it";
            }
            for (ShellLine.Simple command : ShellLine.split(run.text())) {
                List<String> words = words(command);
                if (!words.isEmpty() && makes(words, name, first)) {
                    return "line " + run.line() + " may make it";
                }
                if (!words.isEmpty() && files.packaged() && installs(words, files.topLevel())) {
                    return "an installed package may hold it";
                }
            }
        }
        return null;
    }

    /** Without flags of RUN, assignments and wrappers before the program. */
    private static List<String> words(ShellLine.Simple command) {
        int at = 0;
        List<Word> words = command.words();
        while (at < words.size()) {
            String text = text(words.get(at));
            if (!text.startsWith("--")
                    && !text.equals("sudo")
                    && !text.equals("then")
                    && !text.equals("do")
                    && Arguments.assignedName(words.get(at)) == null) {
                break;
            }
            at++;
        }
        return words.subList(at, words.size()).stream().map(MadeByRun::text).toList();
    }

    private static String text(Word word) {
        return word.expand(Map.of()).source();
    }

    private static boolean makes(List<String> words, String name, String path) {
        String program = StartCommandParser.baseName(words.getFirst());
        String verb = words.size() > 1 ? words.get(1) : "";
        boolean installs = verb.isEmpty() || INSTALL_VERBS.contains(verb) || verb.startsWith("-");
        if (PACKAGE_MANAGERS.contains(program) && installs) {
            // npm install also runs the package's prepare and postinstall scripts (npm-scripts, "Life Cycle Scripts").
            return List.of(path.split("/")).stream().anyMatch(MADE_FOLDERS::contains);
        }
        Set<String> verbs = MAKERS.get(program);
        if (verbs != null) {
            return verbs.isEmpty() || verbs.contains(verb);
        }
        if (MOVERS.contains(program)) {
            return words.stream().anyMatch(word -> word.contains(name)) || mayMoveIntoImage(words.getLast());
        }
        boolean setup = program.startsWith("python") && verb.equals("setup.py");
        return setup || (!KEEPERS.contains(program) && words.stream().anyMatch(word -> word.contains(name)));
    }

    /** False for a system folder and for a file with another name. */
    private static boolean mayMoveIntoImage(String target) {
        if (SYSTEM_FOLDERS.stream().anyMatch(folder -> ContainerPath.below(folder, target) != null)) {
            return false;
        }
        String base = StartCommandParser.baseName(target);
        return base.isEmpty() || base.equals(".") || base.equals("..") || base.indexOf('.') < 0;
    }

    private static boolean redirectsTo(String text, String name) {
        int at = text.indexOf('>');
        while (at >= 0) {
            int start = at + 1;
            while (start < text.length() && (text.charAt(start) == '>' || Character.isWhitespace(text.charAt(start)))) {
                start++;
            }
            int end = start;
            while (end < text.length() && !Character.isWhitespace(text.charAt(end)) && text.charAt(end) != '>') {
                end++;
            }
            if (text.substring(start, end).contains(name)) {
                return true;
            }
            at = text.indexOf('>', end);
        }
        return false;
    }

    private static boolean installs(List<String> words, String topLevel) {
        int start = words.size() > 2
                        && words.getFirst().startsWith("python")
                        && words.get(1).equals("-m")
                ? 2
                : 0;
        String program = StartCommandParser.baseName(words.get(start));
        List<String> rest = words.subList(start + 1, words.size());
        if (PROJECT_INSTALLERS.contains(program)) {
            return rest.contains("install") || rest.contains("sync");
        }
        if (!INSTALLERS.contains(program)) {
            return false;
        }
        return rest.contains("sync")
                || rest.contains("env")
                || rest.stream().anyMatch(word -> isOwnPackage(word) || isCalled(word, plain(topLevel)));
    }

    private static boolean isOwnPackage(String word) {
        return word.equals(".")
                || word.equals("..")
                || word.startsWith("./")
                || word.startsWith("../")
                || word.startsWith(".[")
                || word.equals("-e")
                || word.startsWith("--editable")
                || word.contains(".whl")
                || word.startsWith("git+")
                || word.startsWith("https://");
    }

    private static boolean isCalled(String word, String wanted) {
        String installed = plain(word.split("[=<>~!\\[;@]", 2)[0]);
        return installed.equals(wanted) || (wanted.length() >= 5 && installed.contains(wanted));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
