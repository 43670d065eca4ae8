package dev.panoptes.integrity.declared;

import dev.panoptes.code.CodeDirectory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which code directory a launch belongs to, by what it starts; nothing is run for it. */
final class LaunchPlaces {
    private final Declarations declarations;
    private final DockerfileModules modules;
    private final Map<String, CodeDirectory> byRootPath = new HashMap<>();
    private final Map<String, Dockerfile> dockerfiles = new HashMap<>();

    LaunchPlaces(Declarations declarations, DockerfileModules modules) {
        this.declarations = declarations;
        this.modules = modules;
        declarations.code().directories().forEach(directory -> byRootPath.put(directory.rootPath(), directory));
        declarations.dockerfiles().forEach(dockerfile -> dockerfiles.put(dockerfile.rootPath(), dockerfile));
    }

    /** The code directory that holds this path below the root. */
    Optional<String> directoryOf(String rootPath) {
        String path = rootPath;
        while (!byRootPath.containsKey(path)) {
            int slash = path.lastIndexOf('/');
            if (slash < 0) {
                return Optional.empty();
            }
            path = path.substring(0, slash);
        }
        return Optional.of(path);
    }

    /** @param program rootPath of what it starts; null where that is not known */
    Optional<String> directory(UnitFile unit, @Nullable String program) {
        Optional<String> started = program == null ? Optional.empty() : directoryOf(program);
        String working = unit.workingDirectory();
        if (started.isPresent()) {
            return started;
        }
        Optional<String> works =
                working != null && declarations.paths().locate(working) instanceof DeployedPath.Below below
                        ? directoryOf(below.rootPath())
                        : Optional.empty();
        return works.isPresent() ? works : named(unit);
    }

    /** The directory that a word of the command leads to, as in {@code npm --prefix /opt/fleet/agents/a start}. */
    private Optional<String> named(UnitFile unit) {
        String text = unit.start() == null ? "" : unit.start().text();
        for (String word : text.split("[\\s='\"]+")) {
            if (word.startsWith("/")
                    && declarations.paths().locate(word)
                            instanceof DeployedPath.Below(String rootPath, boolean exists, boolean folder)
                    && exists) {
                Optional<String> directory = directoryOf(rootPath).filter(path -> !path.isEmpty());
                if (directory.isPresent()) {
                    return directory;
                }
            }
        }
        return Optional.empty();
    }

    /** The rootPath of the program that the image of this Dockerfile starts. */
    Optional<String> program(Dockerfile dockerfile) {
        return modules.find(dockerfile) instanceof DockerfileModules.Module.Exists(String rootPath)
                ? Optional.of(rootPath)
                : Optional.empty();
    }

    /** The rootPath of the Dockerfile that builds this service. */
    Optional<String> dockerfile(ComposeFile.Service service) {
        ComposeFile.Build build = service.build();
        return build != null
                        && BuildContext.of(declarations, build) instanceof BuildContext.Local context
                        && BuildContext.dockerfile(declarations, build, context) instanceof BuildContext.Local file
                ? Optional.of(file.rootPath())
                : Optional.empty();
    }

    /**
     * By build context and program; where the context holds several agents, the directory that holds its Dockerfile or from
     * which the Dockerfile copies.
     */
    Optional<String> directory(ComposeFile.Service service, @Nullable String program) {
        ComposeFile.Build build = service.build();
        if (build == null || !(BuildContext.of(declarations, build) instanceof BuildContext.Local context)) {
            return Optional.empty();
        }
        Optional<String> whole = directoryOf(context.rootPath());
        if (whole.isPresent() && !whole.get().isEmpty()) {
            return whole;
        }
        Optional<String> started = program == null ? Optional.empty() : directoryOf(program);
        if (started.isPresent() && !started.get().isEmpty()) {
            return started;
        }
        Dockerfile file = dockerfile(service).map(dockerfiles::get).orElse(null);
        Optional<String> beside = file == null ? Optional.empty() : directoryOf(file.directory());
        if (beside.isPresent() && !beside.get().isEmpty()) {
            return beside;
        }
        List<String> copied = new ArrayList<>();
        for (Dockerfile.Copy copy : file == null || file.stages().isEmpty()
                ? List.<Dockerfile.Copy>of()
                : file.stages().stream()
                        .flatMap(stage -> stage.copies().stream())
                        .toList()) {
            for (String source : copy.from() == null ? copy.sources() : List.<String>of()) {
                String rootPath = ContainerPath.belowRoot(context.rootPath(), source);
                if (rootPath != null) {
                    directoryOf(rootPath)
                            .filter(path -> !path.isEmpty() && !copied.contains(path))
                            .ifPresent(copied::add);
                }
            }
        }
        if (copied.size() == 1) {
            return Optional.of(copied.getFirst());
        }
        List<String> below = declarations.code().directories().stream()
                .map(CodeDirectory::rootPath)
                .filter(path -> ContainerPath.below("/" + context.rootPath(), "/" + path) != null)
                .toList();
        return below.size() == 1 ? Optional.of(below.getFirst()) : whole;
    }
}
