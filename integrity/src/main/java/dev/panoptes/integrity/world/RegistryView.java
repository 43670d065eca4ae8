package dev.panoptes.integrity.world;

import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.yaml.Problem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The declared view.
 *
 * @param registry without agents where the file is broken or absent
 * @param broken true where the file is there but could not be read as a registry
 * @param problems what is wrong with the file, all at once
 */
public record RegistryView(Registry registry, boolean broken, List<Problem> problems) {
    public RegistryView {
        problems = List.copyOf(problems);
    }

    /** The view of a registry that cannot be read: no agents, and why. */
    public static RegistryView broken(String file, List<Problem> problems) {
        return new RegistryView(empty(file), true, problems);
    }

    /** The view where there is no registry: nothing is declared in one. */
    public static RegistryView absent(String file) {
        return new RegistryView(empty(file), false, List.of());
    }

    private static Registry empty(String file) {
        return new Registry(file, null, null, Map.of(), List.of(), List.of(), dev.panoptes.core.registry.Intents.NONE);
    }

    /** True where the registry could be read, so that "not declared" means something. */
    public boolean usable() {
        return !broken;
    }

    public @Nullable String version() {
        return registry.version();
    }
}
