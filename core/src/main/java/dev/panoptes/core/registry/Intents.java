package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Located;
import java.util.List;

/** The routes from what people say to agents and chains; only the targets matter here. */
public record Intents(List<Located<String>> agents, List<Located<String>> chains) {
    public static final Intents NONE = new Intents(List.of(), List.of());

    public Intents {
        agents = List.copyOf(agents);
        chains = List.copyOf(chains);
    }
}
