package dev.panoptes.integrity.declared;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What files say is built that start nothing themselves: those of {@code docker buildx bake}, and devcontainer.json.
 *
 * @param namedContexts true where a target names further contexts, from which a Dockerfile may copy as from a stage
 */
public record BuildFiles(
        List<Target> targets, List<Reference> references, List<Forward> forwards, boolean namedContexts) {
    public static final BuildFiles NONE = new BuildFiles(List.of(), List.of(), List.of(), false);

    public BuildFiles {
        targets = List.copyOf(targets);
        references = List.copyOf(references);
        forwards = List.copyOf(forwards);
    }

    /** All that both hold. */
    BuildFiles with(BuildFiles other) {
        return new BuildFiles(
                joined(targets, other.targets),
                joined(references, other.references),
                joined(forwards, other.forwards),
                namedContexts || other.namedContexts);
    }

    private static <T> List<T> joined(List<T> some, List<T> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /**
     * Something that is built.
     *
     * @param id how reports name it
     * @param developers true where only a devcontainer says so
     * @param builds what it is built from, one for each folder that its paths may be relative to
     */
    public record Target(String id, boolean developers, List<ComposeFile.Build> builds) {
        public Target {
            builds = List.copyOf(builds);
        }
    }

    /**
     * Something that is named: a file, a service, another target.
     *
     * @param what its kind, as reports say it
     * @param found true where it is there
     * @param unclear why that is not known; null where it is
     */
    public record Reference(
            boolean developers,
            String what,
            String name,
            boolean found,
            @Nullable String unclear,
            String file,
            int line) {}

    /** A port of a service that is led to whoever develops. */
    public record Forward(ComposeFile.Service service, int port, String file, int line) {}
}
