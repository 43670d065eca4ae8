package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommand;
import dev.panoptes.integrity.declared.DockerfileModules.Module;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which programs of supervisord the image does not hold in which it runs. For one thread. */
final class SupervisedPrograms {
    private final Declarations declarations;
    private final DockerfileModules modules;
    private final Map<String, Map<String, Module>> byImage = new HashMap<>();

    SupervisedPrograms(Declarations declarations, DockerfileModules modules) {
        this.declarations = declarations;
        this.modules = modules;
    }

    /** The path of the script that this process starts, where surely nothing puts it into its image; empty otherwise. */
    Optional<String> missing(HostProcess process, Launch launch) {
        return process.kind() == HostProcess.Kind.SUPERVISORD
                        && launch.space() instanceof Launch.Space.Container(String image)
                        && byImage.computeIfAbsent(image, this::started).get(process.id())
                                instanceof Module.Missing missing
                ? Optional.of(missing.lookedFor())
                : Optional.empty();
    }

    private Map<String, Module> started(String image) {
        return declarations.dockerfiles().stream()
                .filter(dockerfile -> dockerfile.rootPath().equals(image))
                .findFirst()
                .map(this::started)
                .orElse(Map.of());
    }

    private Map<String, Module> started(Dockerfile dockerfile) {
        Map<String, Module> started = new HashMap<>();
        StartCommand start = dockerfile.start();
        if (start == null || !SupervisedImage.isStartedBy(start)) {
            return started;
        }
        Dockerfile.Stage stage = dockerfile.stages().getLast();
        SupervisedImage supervised = new SupervisedImage(
                stage,
                command -> modules.find(dockerfile, stage, command) instanceof Module.Exists(String rootPath)
                        ? rootPath
                        : null,
                path -> declarations.code().text(path));
        for (HostProcess program : supervised.programs(start)) {
            StartCommand command = program.start();
            String directory = program.directory();
            if (command != null) {
                Dockerfile.Stage moved = directory == null ? stage : stage.in("/" + directory);
                started.put(program.id(), modules.find(dockerfile, moved, command));
            }
        }
        return started;
    }
}
