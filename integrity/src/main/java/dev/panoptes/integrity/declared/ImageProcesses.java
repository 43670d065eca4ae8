package dev.panoptes.integrity.declared;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which image runs the processes of a file: supervisord, PM2 and scripts often live in a container. Only an image that can hold the
 * file does: one that copies this very file, or whose command names it out of a build context that holds it.
 */
final class ImageProcesses {
    private static final Pattern PACKAGES = Pattern.compile("\\b(npm|yarn|pnpm|bun)\\b");

    private final List<Dockerfile> dockerfiles;
    private final BuildContexts contexts;
    /** By Dockerfile: what a context is, is found out by looking for all that is copied. */
    private final Map<String, List<String>> known = new HashMap<>();

    ImageProcesses(Declarations declarations, BuildContexts contexts) {
        this.dockerfiles = declarations.dockerfiles();
        this.contexts = contexts;
    }

    /** The rootPath of the Dockerfile; null where none runs it. One that copies it comes first, then the one that lies nearest. */
    @Nullable
    String of(HostProcess process) {
        if (process.kind() == HostProcess.Kind.PROCFILE) {
            return null;
        }
        String file = process.file();
        boolean packages = file.substring(file.lastIndexOf('/') + 1).equals("package.json");
        Dockerfile nearest = null;
        for (Dockerfile dockerfile : dockerfiles) {
            if (packages
                    ? runsPackage(dockerfile, file)
                    : contexts(dockerfile).stream().anyMatch(context -> copies(dockerfile, context, file))) {
                return dockerfile.rootPath();
            }
            if (!packages
                    && contexts(dockerfile).stream().anyMatch(context -> names(dockerfile, context, file))
                    && (nearest == null
                            || dockerfile.directory().length()
                                    > nearest.directory().length())) {
                nearest = dockerfile;
            }
        }
        return nearest == null ? null : nearest.rootPath();
    }

    private List<String> contexts(Dockerfile dockerfile) {
        return known.computeIfAbsent(dockerfile.rootPath(), _ -> {
            List<String> found = contexts.of(dockerfile).stream()
                    .flatMap(answer -> answer instanceof BuildContexts.Answer.Known one
                            ? Stream.of(one.context())
                            : Stream.empty())
                    .toList();
            return found.isEmpty() ? List.of(dockerfile.directory()) : found;
        });
    }

    private static boolean copies(Dockerfile dockerfile, String context, String file) {
        return dockerfile.stages().stream()
                .flatMap(stage -> stage.copies().stream())
                .filter(copy -> copy.from() == null)
                .flatMap(copy -> copy.sources().stream())
                .anyMatch(source -> file.equals(ContainerPath.belowRoot(context, source)));
    }

    private static boolean names(Dockerfile dockerfile, String context, String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return ContainerPath.below("/" + context, "/" + file) != null
                && commands(dockerfile).anyMatch(command -> command.contains(name));
    }

    private static boolean runsPackage(Dockerfile dockerfile, String file) {
        return dockerfile.directory().equals(HostProcessReader.folder(file))
                && commands(dockerfile)
                        .anyMatch(command -> PACKAGES.matcher(command).find());
    }

    private static Stream<String> commands(Dockerfile dockerfile) {
        return dockerfile.stages().stream()
                .flatMap(stage -> Stream.of(stage.command(), stage.entrypoint()).filter(Objects::nonNull))
                .map(command -> String.join(" ", command.words()));
    }
}
