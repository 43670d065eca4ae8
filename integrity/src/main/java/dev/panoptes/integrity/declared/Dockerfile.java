package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.command.StartCommand;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Dockerfile (Dockerfile reference, docs.docker.com).
 *
 * @param rootPath below the scan's root
 * @param directory rootPath of its folder; empty for the root itself
 * @param stages in file order; the last is what a build makes unless it names another. Empty where no FROM could be read
 */
public record Dockerfile(String rootPath, String directory, List<Stage> stages) {
    public Dockerfile {
        stages = List.copyOf(stages);
    }

    /** Ports of EXPOSE in the final stage. */
    public List<Exposed> exposed() {
        return stages.isEmpty() ? List.of() : stages.getLast().exposed();
    }

    /** What CMD and ENTRYPOINT of the final stage start; null where neither says or it cannot be told. */
    public @Nullable StartCommand start() {
        return stages.isEmpty() ? null : stages.getLast().start();
    }

    /** What ENV sets in the final stage, variables with known values only; never printed whole. */
    public Map<String, String> environment() {
        return stages.isEmpty() ? Map.of() : stages.getLast().environment();
    }

    /** The stage a build with this target makes; the last one for null. */
    public Optional<Stage> stage(@Nullable String target) {
        if (target == null) {
            return stages.isEmpty() ? Optional.empty() : Optional.of(stages.getLast());
        }
        return stages.stream()
                .filter(stage -> target.equalsIgnoreCase(stage.name()))
                .findFirst();
    }

    /**
     * One stage, with all that it inherits from the earlier stage it begins with.
     *
     * @param name of {@code AS}; null where it has none
     * @param base the image that FROM names, at the root of the stages this one builds on; null where it cannot be told
     * @param workdir absolute; begins with {@code ?} where the base image's own working directory is not known
     * @param environment ENV, variables replaced; the values are never printed
     * @param unclear names of ENV variables whose value cannot be told
     * @param arguments ENV variables whose whole value is a build argument, and that argument
     * @param entrypoint null where the stage has none, so that the base image's applies
     * @param command null where the stage has none
     * @param start what both start together, with this stage's environment
     * @param copies COPY and ADD, in order
     * @param runs RUN, in order
     * @param healthcheck what HEALTHCHECK runs; null where there is none or NONE
     */
    public record Stage(
            @Nullable String name,
            @Nullable String base,
            String workdir,
            Map<String, String> environment,
            Set<String> unclear,
            Map<String, String> arguments,
            @Nullable Invocation entrypoint,
            @Nullable Invocation command,
            @Nullable StartCommand start,
            List<Exposed> exposed,
            List<Copy> copies,
            List<Run> runs,
            @Nullable Invocation healthcheck) {
        /** A stage without a health check of its own. */
        public Stage(
                @Nullable String name,
                @Nullable String base,
                String workdir,
                Map<String, String> environment,
                Set<String> unclear,
                Map<String, String> arguments,
                @Nullable Invocation entrypoint,
                @Nullable Invocation command,
                @Nullable StartCommand start,
                List<Exposed> exposed,
                List<Copy> copies,
                List<Run> runs) {
            this(
                    name,
                    base,
                    workdir,
                    environment,
                    unclear,
                    arguments,
                    entrypoint,
                    command,
                    start,
                    exposed,
                    copies,
                    runs,
                    null);
        }

        public Stage {
            environment = Map.copyOf(environment);
            unclear = Set.copyOf(unclear);
            arguments = Map.copyOf(arguments);
            exposed = List.copyOf(exposed);
            copies = List.copyOf(copies);
            runs = List.copyOf(runs);
        }

        /** The same with another working directory, as a compose file may give it. */
        Stage in(String otherWorkdir) {
            return new Stage(
                    name,
                    base,
                    otherWorkdir,
                    environment,
                    unclear,
                    arguments,
                    entrypoint,
                    command,
                    start,
                    exposed,
                    copies,
                    runs,
                    healthcheck);
        }
    }

    /** @param protocol {@code tcp} or {@code udp} */
    public record Exposed(PortValue port, String protocol, int line) {}

    /**
     * A COPY or ADD.
     *
     * @param sources as written, variables replaced; relative to the build context, to the root of {@code from} where that is
     *     not null
     * @param destination like {@link Stage#workdir}, without a trailing slash
     * @param intoFolder true where the destination is surely a folder, so that a file keeps its name
     * @param from the earlier stage or image it copies from; null for the build context
     * @param unclear true where what it puts there cannot be told: a variable without a value, a URL, an archive, a heredoc
     */
    public record Copy(
            List<String> sources,
            String destination,
            boolean intoFolder,
            @Nullable String from,
            boolean unclear,
            int line) {
        public Copy {
            sources = List.copyOf(sources);
        }
    }

    /** A RUN, its command on one line, shortened. */
    public record Run(String text, int line) {}
}
