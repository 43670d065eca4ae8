package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Problem;
import java.util.List;

/** What loading a registry gave. */
public sealed interface RegistryResult {
    /** @param problems things that are wrong in a registry that could still be read; usually empty */
    record Loaded(Registry registry, List<Problem> problems) implements RegistryResult {
        public Loaded {
            problems = List.copyOf(problems);
        }
    }

    /** The file is there but unreadable or not a registry. @param problems at least one */
    record Broken(String file, List<Problem> problems) implements RegistryResult {
        public Broken {
            problems = List.copyOf(problems);
        }
    }

    /** There is no such file. */
    record Absent(String file) implements RegistryResult {}
}
