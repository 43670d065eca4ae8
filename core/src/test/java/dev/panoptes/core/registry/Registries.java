package dev.panoptes.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.yaml.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Loads registries from text. */
final class Registries {
    static final String NAME = "agent-registry.yaml";

    private Registries() {}

    static RegistryResult load(String text) {
        return new RegistryLoader().parse(text.getBytes(StandardCharsets.UTF_8), NAME);
    }

    static RegistryResult.Loaded loaded(String text) {
        RegistryResult result = load(text);
        assertThat(result).isInstanceOf(RegistryResult.Loaded.class);
        return (RegistryResult.Loaded) result;
    }

    /** A registry without problems. */
    static Registry clean(String text) {
        RegistryResult.Loaded loaded = loaded(text);
        assertThat(loaded.problems()).isEmpty();
        return loaded.registry();
    }

    static List<String> problems(String text) {
        return switch (load(text)) {
            case RegistryResult.Loaded(Registry registry, List<Problem> problems) ->
                problems.stream().map(Problem::text).toList();
            case RegistryResult.Broken(String file, List<Problem> problems) ->
                problems.stream().map(Problem::text).toList();
            case RegistryResult.Absent(String file) -> List.of(file + " is absent");
        };
    }
}
