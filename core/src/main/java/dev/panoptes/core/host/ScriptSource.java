package dev.panoptes.core.host;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the file behind what {@link ScriptParser} read. */
final class ScriptSource {
    private static final Pattern MAIN = Pattern.compile("\"main\"\\s*:\\s*\"([^\"\\\\]+)\"");
    private static final int MOST_OF_MANIFEST = 64 << 10;

    private final HostFiles files;

    ScriptSource(HostFiles files) {
        this.files = files;
    }

    /**
     * @param script as {@link HostProcess#script}
     * @param real the file itself, links resolved; null where there is none
     */
    record Resolved(@Nullable String script, @Nullable String real) {
        static final Resolved NONE = new Resolved(null, null);
    }

    Resolved resolve(Script script) {
        return switch (script) {
            case Script.File(String path, String directory) -> file(path, List.of(absolute(path, directory)));
            case Script.Entry(String path, String directory, boolean node) -> {
                String base = absolute(path, directory);
                yield file(path, node ? nodeFiles(base) : List.of(base, base + "/__main__.py"));
            }
            case Script.PythonModule(String name, String directory) -> {
                String base = absolute(name.replace('.', '/'), directory);
                yield file(name, List.of(base + ".py", base + "/__main__.py", base + "/__init__.py"));
            }
            case Script.JavaClass(String name, List<String> classPath, String directory) ->
                file(name, javaFiles(name, classPath, directory));
            case Script.Untold() -> Resolved.NONE;
            case Script.Native() -> Resolved.NONE;
        };
    }

    /** The same without a look at the file: where the process has another root, the path is not ours. */
    Resolved asWritten(Script script) {
        return switch (script) {
            case Script.File(String path, String ignored) -> new Resolved(path, null);
            case Script.Entry(String path, String ignored, boolean node) -> new Resolved(path, null);
            case Script.PythonModule(String name, String ignored) -> new Resolved(name, null);
            case Script.JavaClass(String name, List<String> ignored, String directory) -> new Resolved(name, null);
            case Script.Untold() -> Resolved.NONE;
            case Script.Native() -> Resolved.NONE;
        };
    }

    /** As a module is looked for (nodejs.org, "Modules: CommonJS modules"): a file, its name without suffix, a folder. */
    private List<String> nodeFiles(String base) {
        List<String> candidates = new ArrayList<>(List.of(base, base + ".js"));
        String main = main(base + "/package.json");
        if (main != null) {
            String told = base + "/" + main;
            candidates.addAll(List.of(told, told + ".js", told + "/index.js"));
        }
        candidates.add(base + "/index.js");
        return candidates;
    }

    private @Nullable String main(String manifest) {
        try {
            Matcher main = files.isFile(manifest) ? MAIN.matcher(files.readText(manifest, MOST_OF_MANIFEST)) : null;
            return main != null && main.find() ? main.group(1) : null;
        } catch (IOException e) {
            // As good as none: then node takes index.js, and so does this.
            return null;
        }
    }

    /** A class path of one jar is told by the jar; of a directory by the class file in it. */
    private static List<String> javaFiles(String name, List<String> classPath, String directory) {
        if (classPath.isEmpty()) {
            return List.of(absolute(name.replace('.', '/') + ".class", directory));
        }
        String first = absolute(classPath.getFirst(), directory);
        return List.of(first + "/" + name.replace('.', '/') + ".class", first);
    }

    private Resolved file(String written, List<String> candidates) {
        for (String candidate : candidates) {
            if (candidate.startsWith("/") && files.isFile(candidate)) {
                return new Resolved(normal(candidate), files.real(candidate));
            }
        }
        // An absolute path names its file even after that was removed; a relative one may mean another directory by
        // now.
        return new Resolved(written.startsWith("/") ? normal(written) : written, null);
    }

    private static String absolute(String path, String directory) {
        return path.startsWith("/") || directory.isEmpty() ? path : directory + "/" + path;
    }

    private static String normal(String path) {
        try {
            return Path.of(path).normalize().toString();
        } catch (InvalidPathException e) {
            return path;
        }
    }
}
