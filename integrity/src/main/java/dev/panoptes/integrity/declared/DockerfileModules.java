package dev.panoptes.integrity.declared;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.PathNames;
import dev.panoptes.code.command.ModuleName;
import dev.panoptes.code.command.StartCommand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the module that a Dockerfile starts is there: in the folder that it is built from, as COPY and WORKDIR place
 * it. Built once for all Dockerfiles of a tree.
 */
public final class DockerfileModules {
    private static final int MOST_USES = 32;
    /** Where Python's projects say what they need (pip, "Requirements File Format"; packaging.python.org, "pyproject.toml"). */
    private static final Pattern PLAIN = Pattern.compile("\\s*|#.*|\\w[^@/]*");

    private static final List<String> REQUIREMENTS =
            List.of("requirements.txt", "requirements/base.txt", "requirements/prod.txt", "pyproject.toml");

    private final Declarations declarations;
    private final CompiledSource compiled;
    private final Map<String, List<Use>> uses = new HashMap<>();

    /** @param context rootPath of the build context */
    private record Use(String context, ComposeFile.Service service) {}

    private final BuildContexts builds;

    private final Map<Dockerfile, Module> found = Collections.synchronizedMap(new IdentityHashMap<>());

    DockerfileModules(Declarations declarations, BuildContexts builds) {
        this.builds = builds;
        this.declarations = declarations;
        this.compiled = new CompiledSource(declarations);
        for (ComposeFile file : declarations.composeFiles()) {
            for (ComposeFile.Service service : file.services()) {
                ComposeFile.Build build = service.build();
                if (build != null
                        && BuildContext.of(declarations, build) instanceof BuildContext.Local context
                        && BuildContext.dockerfile(declarations, build, context)
                                instanceof BuildContext.Local(String rootPath, boolean exists, boolean directory)) {
                    uses.computeIfAbsent(rootPath, key -> new ArrayList<>()).add(new Use(context.rootPath(), service));
                }
            }
        }
    }

    /** What became of the module. */
    public sealed interface Module {
        /** @param rootPath of the file; a package's {@code __init__.py} or {@code __main__.py} */
        record Exists(String rootPath) implements Module {}

        /** @param module as the command names it; @param lookedFor rootPath of the file that it most likely is */
        record Missing(String module, String lookedFor) implements Module {}

        /** @param reason one sentence without a full stop */
        record Unclear(String reason) implements Module {}

        /** The Dockerfile starts nothing, or a program that is no module. */
        record None() implements Module {}
    }

    /** For the final stage, built as the compose files say, else from its own folder. */
    public Module find(Dockerfile dockerfile) {
        Module known = found.get(dockerfile);
        if (known == null) {
            known = search(dockerfile);
            found.put(dockerfile, known);
        }
        return known;
    }

    private Module search(Dockerfile dockerfile) {
        if (dockerfile.stages().isEmpty() || dockerfile.start() == null) {
            return new Module.None();
        }
        Module module = find(dockerfile, dockerfile.stages().getLast(), dockerfile.start());
        boolean unused = uses.getOrDefault(dockerfile.rootPath(), List.of()).isEmpty();
        return module instanceof Module.Missing && unused && mayBeForMany(dockerfile)
                ? new Module.Unclear(
                        "no compose file says which of the directories that have it the image is built from")
                : module;
    }

    /** For what a stage of it starts beside or instead of its command, built as {@link #find(Dockerfile)} has it. */
    public Module find(Dockerfile dockerfile, Dockerfile.Stage stage, StartCommand start) {
        List<Use> used = uses.getOrDefault(dockerfile.rootPath(), List.of());
        SequencedSet<String> contexts = new LinkedHashSet<>();
        List<ComposeFile.Mount> mounts = new ArrayList<>();
        for (Use use : used.subList(0, Math.min(used.size(), MOST_USES))) {
            contexts.add(use.context());
            mounts.addAll(use.service().mounts());
        }
        if (used.isEmpty() && builds.of(dockerfile).getFirst() instanceof BuildContexts.Answer.Known known) {
            contexts.add(known.context());
        }
        contexts.add(dockerfile.directory());
        contexts.addAll(foldersAbove(dockerfile));
        Module module = find(dockerfile, stage, start, contexts, mounts, used.size() == 1);
        return module instanceof Module.Missing
                        && used.isEmpty()
                        && builds.of(dockerfile).getFirst() instanceof BuildContexts.Answer.Unclear(String reason)
                ? new Module.Unclear(reason)
                : module;
    }

    /**
     * A Dockerfile that lies apart from all code, such as {@code docker/python.Dockerfile}, is meant to be built from
     * directories of agents: one that has the module will do.
     */
    private boolean mayBeForMany(Dockerfile dockerfile) {
        StartCommand start = dockerfile.start();
        String folder = dockerfile.directory();
        if (folder.isEmpty() || start == null || start.runner() == null || start.module() == null) {
            return false;
        }
        List<CodeDirectory> directories = declarations.code().directories();
        boolean apart = directories.stream()
                .noneMatch(directory -> ContainerPath.below("/" + directory.rootPath(), "/" + folder) != null
                        || ContainerPath.below("/" + folder, "/" + directory.rootPath()) != null);
        return apart
                && ModuleName.of(start.runner(), start.module()) instanceof ModuleName.Files files
                && directories.stream()
                        .anyMatch(directory ->
                                files.paths().stream().anyMatch(path -> allExist(directory.rootPath(), List.of(path))));
    }

    /**
     * For one stage and one command, such as a compose service's.
     *
     * @param contexts rootPaths of the build contexts it may be built from; it is there when it is in one of them
     */
    Module find(
            Dockerfile dockerfile,
            Dockerfile.Stage stage,
            StartCommand start,
            SequencedSet<String> contexts,
            List<ComposeFile.Mount> mounts) {
        return find(dockerfile, stage, start, contexts, mounts, true);
    }

    private Module find(
            Dockerfile dockerfile,
            Dockerfile.Stage stage,
            StartCommand start,
            SequencedSet<String> contexts,
            List<ComposeFile.Mount> mounts,
            boolean mounted) {
        String runner = start.runner();
        String module = start.module();
        StartCommand celery = CeleryApp.of(start);
        if (celery != null) {
            Module app = new ModuleSearch(
                            declarations.paths(),
                            dockerfile,
                            stage,
                            CeleryApp.files(celery),
                            mounts,
                            mounted,
                            builds,
                            compiled)
                    .find(celery, contexts);
            // It is imported and not run, so it is no program of a launch.
            return app instanceof Module.Exists(String found) ? imported(celery, found, contexts) : app;
        }
        DotnetAssembly.Otherwise assembly =
                DotnetAssembly.of(dockerfile, stage, start.text(), contexts, declarations.code()::text);
        if (assembly != null && mounts.isEmpty()) {
            return new Module.Missing(
                    assembly.started(), assembly.started() + ": " + assembly.project() + " makes " + assembly.made());
        }
        if (runner == null || module == null) {
            String missing = ReleaseBinaries.missing(declarations, dockerfile, stage, start);
            return missing == null ? new Module.None() : new Module.Missing(missing, missing);
        }
        return switch (ModuleName.of(runner, module)) {
            case ModuleName.Open(String reason) -> new Module.Unclear(reason);
            case ModuleName.Files files -> {
                Module looked = new ModuleSearch(
                                declarations.paths(), dockerfile, stage, files, mounts, mounted, builds, compiled)
                        .find(start, contexts);
                yield looked instanceof Module.Missing && files.packaged() && isRequired(files.topLevel(), contexts)
                        ? new Module.Unclear("an installed package may hold it")
                        : looked;
            }
        };
    }

    private Module imported(StartCommand celery, String found, SequencedSet<String> contexts) {
        String lacking = CeleryApp.lacking(celery, found, declarations.code().text(found));
        if (lacking == null
                || !(declarations.paths().below(lacking) instanceof DeployedPath.Below below)
                || below.exists()) {
            String scheduler = CeleryApp.scheduler(celery);
            return scheduler == null || !isUnheardOf(scheduler, contexts)
                    ? new Module.None()
                    : new Module.Unclear(
                            "nothing that is required is called like its scheduler's package " + scheduler);
        }
        return new Module.Missing(String.valueOf(celery.module()), lacking);
    }

    /** True where a plain list of requirements names no such package, and no folder is called so: another package may bring it yet. */
    private boolean isUnheardOf(String topLevel, SequencedSet<String> contexts) {
        return !isRequired(topLevel, contexts)
                && contexts.stream()
                        .noneMatch(context -> allExist(context, List.of(topLevel))
                                || allExist(context, List.of(topLevel + ".py"))
                                || allExist(context, List.of("src/" + topLevel)))
                && contexts.stream()
                        .map(context -> declarations.code().text(PathNames.join(context, "requirements.txt")))
                        .anyMatch(text -> text != null
                                && text.lines()
                                        .allMatch(line -> PLAIN.matcher(line).matches()));
    }

    /** True where what the project requires has a package of this name. */
    private boolean isRequired(String topLevel, SequencedSet<String> contexts) {
        Pattern required = Pattern.compile(
                "(?im)^[\\s\"']*" + Pattern.quote(topLevel).replace("_", "\\E[-_.]\\Q") + "(?:[\\s\"'=<>~!;,@\\[]|$)");
        return contexts.stream()
                .flatMap(context -> REQUIREMENTS.stream().map(name -> PathNames.join(context, name)))
                .map(declarations.code()::text)
                .anyMatch(text -> text != null && required.matcher(text).find());
    }

    /** Where a source is not beside the Dockerfile, the build runs in the nearest folder above that holds all of them. */
    private List<String> foldersAbove(Dockerfile dockerfile) {
        List<String> sources = new ArrayList<>();
        for (Dockerfile.Copy copy : dockerfile.stages().getLast().copies()) {
            if (copy.from() == null && !copy.unclear()) {
                copy.sources().stream()
                        .filter(source -> !ModuleSearch.isGlob(source))
                        .forEach(sources::add);
            }
        }
        if (allExist(dockerfile.directory(), sources)) {
            return List.of();
        }
        for (String folder = above(dockerfile.directory()); folder != null; folder = above(folder)) {
            if (allExist(folder, sources)) {
                return List.of(folder);
            }
        }
        return List.of();
    }

    private static @Nullable String above(String folder) {
        return folder.isEmpty() ? null : folder.substring(0, Math.max(0, folder.lastIndexOf('/')));
    }

    private boolean allExist(String folder, List<String> sources) {
        for (String source : sources) {
            String rootPath = ContainerPath.belowRoot(folder, source);
            if (rootPath == null
                    || !(declarations.paths().below(rootPath) instanceof DeployedPath.Below below && below.exists())) {
                return false;
            }
        }
        return true;
    }
}
