package dev.panoptes.integrity.declared;

import dev.panoptes.code.Language;
import dev.panoptes.code.PathNames;
import dev.panoptes.code.Program;
import dev.panoptes.code.command.ModuleName;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.integrity.declared.UnitPrograms.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks the module of a unit up: as a path, or as an import from where the command runs, from {@code src} there and from
 * PYTHONPATH. What an installed package may hold is not missing, nor is a native program that a build makes.
 */
final class UnitModules {
    private final Declarations declarations;
    private final CompiledSource compiled;

    UnitModules(Declarations declarations) {
        this.declarations = declarations;
        this.compiled = new CompiledSource(declarations);
    }

    Module find(UnitFile unit) {
        StartCommand start = unit.start();
        StartCommand celery = start == null ? null : CeleryApp.of(start);
        if (celery != null) {
            Module app = find(CeleryApp.files(celery), celery, unit);
            // It is imported and not run, so it is no program of a launch.
            return app instanceof Module.Exists ? new Module.None() : app;
        }
        if (start != null && start.runner() == null) {
            return compiled(start);
        }
        if (start == null || start.runner() == null || start.module() == null) {
            return new Module.None();
        }
        return switch (ModuleName.of(start.runner(), start.module())) {
            case ModuleName.Open(String reason) -> isStandard(start) ? new Module.None() : new Module.Unclear(reason);
            case ModuleName.Files files -> find(files, start, unit);
        };
    }

    /** A file that this command names as its script, where the unit runs. */
    Module file(UnitFile unit, StartCommand named) {
        return ModuleName.of(String.valueOf(named.runner()), String.valueOf(named.module()))
                        instanceof ModuleName.Files files
                ? find(files, named, unit)
                : new Module.None();
    }

    /**
     * A native program in an agent's directory that is not in the tree was compiled there: from the directory's only Go
     * program, where it has only one.
     */
    private Module compiled(StartCommand start) {
        String executable = start.text().split(" ", 2)[0];
        if (!executable.startsWith("/")
                || !(declarations.paths().locate(executable) instanceof DeployedPath.Below below)
                || below.exists()) {
            return new Module.None();
        }
        List<Program> sources = declarations.code().directories().stream()
                .filter(directory -> ContainerPath.below(directory.rootPath(), below.rootPath()) != null)
                .flatMap(directory -> directory.programs().stream())
                .filter(program -> program.language() == Language.GO && program.runnable())
                .toList();
        return sources.size() == 1 ? new Module.Exists(sources.getFirst().rootPath()) : new Module.None();
    }

    private static boolean isStandard(StartCommand start) {
        String module = Objects.requireNonNull(start.module());
        return "python".equals(start.runner()) && ModuleName.STANDARD_PYTHON.contains(module.split("\\.", 2)[0]);
    }

    private Module find(ModuleName.Files files, StartCommand start, UnitFile unit) {
        Search search = new Search();
        if (TreePaths.rooted(files.paths().getFirst()).startsWith("/")) {
            search.in("", files.paths().stream().map(TreePaths::rooted).toList());
            return search.result(start);
        }
        String written = base(start, unit);
        String base = written == null ? null : TreePaths.rooted(written);
        if (base == null || !base.startsWith("/")) {
            String own = written == null ? installed(files, start) : null;
            if (own != null) {
                return new Module.Exists(own);
            }
            return new Module.Unclear(
                    base == null ? "the unit sets no WorkingDirectory" : "its working directory is not absolute");
        }
        search.in(base, files.paths());
        if (files.packaged()) {
            search.packages(base, files, unit.environment().get("PYTHONPATH"));
        }
        Module found = search.result(start);
        return found instanceof Module.Missing && files.packaged() && mayBeInstalled(files, start, base)
                ? new Module.Unclear(start.module() + " is not in " + base + ", but an installed package may hold it")
                : found;
    }

    /** The module of a package that the tree itself installs; null where it holds none of that name. */
    private @Nullable String installed(ModuleName.Files files, StartCommand start) {
        boolean dotted = String.valueOf(start.module()).split(":", 2)[0].indexOf('.') >= 0;
        String project = declarations.code().text("pyproject.toml");
        if (!files.packaged() || !dotted || project == null || !project.contains("[build-system]")) {
            return null;
        }
        for (String folder : List.of("", "src/")) {
            for (String path : files.paths()) {
                if (declarations.paths().below(folder + path)
                                instanceof DeployedPath.Below(String rootPath, boolean exists, boolean directory)
                        && exists
                        && !directory) {
                    return rootPath;
                }
            }
        }
        return null;
    }

    /** Where the command runs, absolute; null where the unit does not say. */
    private static @Nullable String base(StartCommand start, UnitFile unit) {
        String directory = start.directory();
        if (directory != null && directory.startsWith("/")) {
            return directory;
        }
        String working = unit.workingDirectory();
        return working == null || directory == null ? working : working + "/" + directory;
    }

    /**
     * A part of the fleet's own code is not installed: one of a package that is there, one of a directory that is gone, a
     * plain module that a server loads, or a package that a server loads from a directory with Python code.
     */
    private boolean mayBeInstalled(ModuleName.Files files, StartCommand start, String base) {
        DeployedPath folder = declarations.paths().locate(base);
        if (!(folder instanceof DeployedPath.Below below) || !below.exists()) {
            return false;
        }
        boolean partOfPackage = isThere(base + "/" + files.topLevel());
        if (partOfPackage) {
            return false;
        }
        boolean server = !"python".equals(start.runner());
        boolean dotted = String.valueOf(start.module()).split(":", 2)[0].indexOf('.') >= 0;
        if (server && !dotted) {
            return false;
        }
        return !server || !hasPython(below.rootPath()) || isElsewhere(files, below.rootPath());
    }

    private boolean isThere(String absolute) {
        return declarations.paths().locate(absolute) instanceof DeployedPath.Below below && below.exists();
    }

    private boolean hasPython(String rootPath) {
        String prefix = rootPath.isEmpty() ? "" : rootPath + "/";
        return declarations.code().directories().stream()
                .flatMap(directory -> directory.files().stream())
                .anyMatch(file ->
                        file.language() == Language.PYTHON && file.rootPath().startsWith(prefix));
    }

    /** The code of another directory has a package of this name, which may be installed from there. */
    private boolean isElsewhere(ModuleName.Files files, String rootPath) {
        String wanted = "/" + files.topLevel() + "/";
        return declarations.code().directories().stream()
                .filter(directory -> !directory.rootPath().equals(rootPath))
                .flatMap(directory -> directory.files().stream())
                .anyMatch(file -> ("/" + file.rootPath()).contains(wanted));
    }

    /** One look in several places. */
    private final class Search {
        private @Nullable String found;
        private @Nullable String doubt;
        private @Nullable String lookedFor;
        private @Nullable String outside;

        void in(String base, List<String> paths) {
            for (String path : paths) {
                if (found != null) {
                    return;
                }
                String absolute = PathNames.join(base, path);
                switch (declarations.paths().locate(TreePaths.normalized(absolute))) {
                    case DeployedPath.Below(String rootPath, boolean exists, boolean directory) -> {
                        found = exists && !directory ? rootPath : null;
                        lookedFor = lookedFor == null ? rootPath : lookedFor;
                    }
                    case DeployedPath.Outside unused ->
                        outside = outside == null ? TreePaths.normalized(absolute) : outside;
                    case DeployedPath.BuildProduct(String component) -> {
                        found = source(absolute, component);
                        doubt = "it lies in " + component + ", which a build or installation makes";
                    }
                    case DeployedPath.Unclear(String reason) -> doubt = reason;
                }
            }
        }

        private @Nullable String source(String absolute, String component) {
            String path = TreePaths.normalized(absolute);
            int at = path.indexOf("/" + component + "/");
            return at > 0
                            && declarations.paths().locate(path.substring(0, at))
                                    instanceof DeployedPath.Below(String folder, boolean exists, boolean directory)
                    ? compiled.of(PathNames.join(folder, path.substring(at + 1)))
                    : null;
        }

        void packages(String base, ModuleName.Files files, @Nullable String pythonPath) {
            List<String> places = new ArrayList<>(List.of(base + "/src"));
            for (String entry : pythonPath == null ? new String[0] : pythonPath.split(":")) {
                if (!entry.isBlank()) {
                    places.add(entry.startsWith("/") ? entry : base + "/" + entry);
                }
            }
            boolean outsideBefore = outside != null;
            for (String place : places) {
                in(place, files.paths());
            }
            if (outside != null && !outsideBefore) {
                doubt = "PYTHONPATH leads out of the scanned tree";
                outside = null;
            }
        }

        Module result(StartCommand start) {
            if (found != null) {
                return new Module.Exists(found);
            }
            if (doubt != null) {
                return new Module.Unclear(doubt);
            }
            if (outside != null && !TreePaths.fromPackages(outside)) {
                return new Module.Unclear(TreePaths.shortened(outside) + " lies outside of where the tree is deployed");
            }
            return outside != null || lookedFor == null
                    ? new Module.None()
                    : new Module.Missing(String.valueOf(start.module()), lookedFor);
        }
    }
}
