package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Languages that are not read, by the build file that their projects have. */
public final class UnreadLanguages {
    private static final Map<String, String> BUILD_FILES = new TreeMap<>(Map.ofEntries(
            Map.entry("Cargo.toml", "Rust"),
            Map.entry("Gemfile", "Ruby"),
            Map.entry("composer.json", "PHP"),
            Map.entry("mix.exs", "Elixir"),
            Map.entry("Package.swift", "Swift"),
            Map.entry("CMakeLists.txt", "C++"),
            Map.entry("build.sbt", "Scala"),
            Map.entry("pubspec.yaml", "Dart"),
            Map.entry("stack.yaml", "Haskell"),
            Map.entry("project.clj", "Clojure"),
            Map.entry("deps.edn", "Clojure"),
            Map.entry("build.zig", "Zig"),
            Map.entry("shard.yml", "Crystal"),
            Map.entry("gleam.toml", "Gleam"),
            Map.entry("rebar.config", "Erlang"),
            Map.entry("dune-project", "OCaml"),
            Map.entry("cpanfile", "Perl"),
            Map.entry("meson.build", "C or C++")));

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
