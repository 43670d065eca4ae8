package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommand;
import dev.panoptes.integrity.declared.DockerfileModules.Module;
import dev.panoptes.integrity.declared.ServiceImages.Image;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the containers of services start: the command, and which module of the tree that is. */
final class ContainerCommands {
    private final Declarations declarations;
    private final DockerfileModules modules;
    private final JarSource jars;

    ContainerCommands(Declarations declarations, DockerfileModules modules) {
        this.declarations = declarations;
        this.modules = modules;
        this.jars = new JarSource(declarations);
    }

    /** The class that a jar of the image starts; null where it starts none, or that is not known. */
    @Nullable
    String jar(Image image, StartCommand start) {
        return image.dockerfile() == null || image.stage() == null || image.context() == null
                ? null
                : jars.program(image.dockerfile(), image.stage(), image.context(), start);
    }

    /** Entrypoint and command as they apply: the service's own, which clear its image's. */
    record Invoked(
            @Nullable Invocation entrypoint, @Nullable Invocation command) {
        /** The one whose words say what is started; null where both are absent. */
        @Nullable
        Invocation decisive() {
            return command == null || command.words().isEmpty() ? entrypoint : command;
        }

        /** What they start with variables as they are written, for evidence; null where both are absent or empty. */
        @Nullable
        StartCommand written() {
            return ContainerStart.of(
                    entrypoint == null ? null : entrypoint.asWritten(),
                    command == null ? null : command.asWritten(),
                    Map.of());
        }
    }

    Invoked invoked(ComposeFile.Service service, Image image) {
        Invocation entrypoint = service.entrypoint();
        Invocation command = service.command();
        if (image.stage() != null) {
            command = command == null && entrypoint == null ? image.stage().command() : command;
            entrypoint = entrypoint == null ? image.stage().entrypoint() : entrypoint;
        }
        String base = image.stage() == null ? service.image() : image.stage().base();
        return new Invoked(
                entrypoint, command == null || entrypoint != null ? command : ImageEntrypoint.of(base, command));
    }

    /** What is started in it; null where neither the service nor its image says. */
    @Nullable
    StartCommand start(ComposeFile.Service service, Image image, ContainerEnvironment environment) {
        Invoked invoked = invoked(service, image);
        StartCommand start = ContainerStart.of(invoked.entrypoint(), invoked.command(), environment.known());
        return start == null ? null : followed(service, image, start, environment);
    }

    /** The same after the scripts of the package file that it runs. */
    StartCommand followed(
            ComposeFile.Service service, Image image, StartCommand start, ContainerEnvironment environment) {
        String folder = image.context() == null ? mounted(service, image) : image.context();
        return folder == null
                ? start
                : PackageScripts.followed(
                        start, folder, path -> declarations.code().text(path), environment.known());
    }

    /** The rootPath of the folder that a pulled image works in, because it is mounted there; null where none is. */
    private @Nullable String mounted(ComposeFile.Service service, Image image) {
        String workdir = service.workingDirectory();
        if (workdir == null || image.unclear() != null) {
            return null;
        }
        for (ComposeFile.Mount mount : service.mounts()) {
            String below = ContainerPath.below(
                    ContainerPath.resolve("/", mount.target()), ContainerPath.resolve("/", workdir));
            String source = mount.source();
            if (below != null && source != null && source.startsWith(".")) {
                return ContainerPath.belowRoot(mount.directory(), source + "/" + below);
            }
        }
        return null;
    }

    /** The module of the tree that this command loads in the container. */
    Module module(ComposeFile.Service service, Image image, StartCommand start) {
        Dockerfile dockerfile = image.dockerfile();
        Dockerfile.Stage stage = image.stage();
        String context = image.context();
        String workdir = service.workingDirectory();
        if (dockerfile == null || stage == null || context == null) {
            Dockerfile pulled = new Dockerfile("", "", List.of());
            Dockerfile.Stage empty =
                    ContainerEnvironment.pulled(workdir == null ? "?" : ContainerPath.resolve("?", workdir));
            return modules.find(pulled, empty, start, new LinkedHashSet<>(), service.mounts());
        }
        Dockerfile.Stage moved = workdir == null ? stage : stage.in(ContainerPath.resolve(stage.workdir(), workdir));
        return modules.find(dockerfile, moved, start, new LinkedHashSet<>(List.of(context)), service.mounts());
    }
}
