package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Languages that are not read, by the build file that their projects have. */
public final class UnreadLanguages {
    private static final Map<String, String> BUILD_FILES = new TreeMap<>(Map.of(
            "Cargo.toml", "Rust",
            "Gemfile", "Ruby",
            "composer.json", "PHP",
            "mix.exs", "Elixir",
            "Package.swift", "Swift",
            "CMakeLists.txt", "C++",
            "build.sbt", "Scala",
            "pubspec.yaml", "Dart",
            "stack.yaml", "Haskell",
            "project.clj", "Clojure"));

    private UnreadLanguages() {}

    /** The language of a folder below the root; empty where no build file tells. */
    public static Optional<String> of(Declarations declarations, String rootPath) {
        for (Map.Entry<String, String> file : BUILD_FILES.entrySet()) {
            if (declarations.paths().below(PathNames.join(rootPath, file.getKey())) instanceof DeployedPath.Below below
                    && below.exists()) {
                return Optional.of(file.getValue());
            }
        }
        return Optional.empty();
    }
}
