package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.Connection;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Location;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The registry as the checks of its own text look at it: agents by key, and lines as evidence. */
final class RegistryText {
    private final Registry registry;
    private final Map<String, DeclaredAgent> agents = new HashMap<>();

    RegistryText(Registry registry) {
        this.registry = registry;
        for (DeclaredAgent agent : registry.declared()) {
            agents.putIfAbsent(Keys.link(agent.key()), agent);
        }
    }

    /** The agent under this key, as {@link Keys#same} compares; null where none is declared. */
    @Nullable
    DeclaredAgent agent(String key) {
        return agents.get(Keys.link(key));
    }

    /** A hint where this unknown key is the name of a declared agent; empty where it is not. Names never link. */
    String renamed(String key) {
        String identity = Keys.identity(key);
        for (DeclaredAgent agent : registry.declared()) {
            Located<String> name = agent.name();
            if (name != null
                    && !identity.isEmpty()
                    && Keys.identity(name.value()).equals(identity)) {
                return " '" + name.value() + "' is the name of the agent '" + agent.key() + "': was it renamed?";
            }
        }
        return "";
    }

    Evidence line(Location location, String text) {
        return new Evidence("registry", registry.file(), location.line(), text);
    }

    /** The line of an agent's URL; of the agent itself where it has none. */
    Evidence url(DeclaredAgent agent) {
        Connection connection = agent.connection();
        Located<String> url = connection == null ? null : connection.url();
        return url == null
                ? line(agent.location(), agent.key())
                : line(url.location(), agent.key() + ": url " + url.value());
    }

    /** True where the value is only known when the fleet runs: <code>{{...}}</code> and <code>${...}</code>. */
    static boolean isTemplate(String value) {
        return value.contains("{{") || value.contains("${") || value.contains("{%");
    }

    /** {@code 'a', 'b' and 'c'}; the first few of many. */
    static String names(List<String> names) {
        int shown = Math.min(names.size(), 6);
        String first = names.subList(0, names.size() > shown ? shown : shown - 1).stream()
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(", "));
        if (names.size() > shown) {
            return first + " and " + (names.size() - shown) + " more";
        }
        String last = "'" + names.getLast() + "'";
        return first.isEmpty() ? last : first + " and " + last;
    }
}
