package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.declared.Identity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which directory without a key may be an agent's, and which agent a directory says that it is. Names and ports never link;
 * they only say where to look.
 */
final class Hints {
    private final CodeView view;
    private final Map<String, List<CodeDirectory>> byName = new HashMap<>();
    private final Map<Integer, List<CodeDirectory>> byPort = new HashMap<>();
    private final Map<String, List<DeclaredAgent>> agents = new HashMap<>();

    Hints(CodeView view) {
        this.view = view;
        for (CodeDirectory directory : view.directories().all()) {
            if (view.links().agentOf(directory).isEmpty()) {
                if (view.identity(directory) instanceof Identity.Known known) {
                    add(byName, Keys.identity(known.name().value()), directory);
                }
                view.directories().claims(directory).ports().forEach(port -> add(byPort, port, directory));
            }
        }
        for (DeclaredAgent agent : view.registry().declared()) {
            add(agents, Keys.identity(agent.key()), agent);
            if (!Keys.identity(agent.key()).equals(Keys.identity(agent.displayName()))) {
                add(agents, Keys.identity(agent.displayName()), agent);
            }
        }
    }

    /** Directories without a key that report the agent's name or bind its port, with what says so. */
    Map<CodeDirectory, List<Evidence>> directories(DeclaredAgent agent) {
        Map<CodeDirectory, List<Evidence>> found = new LinkedHashMap<>();
        List<CodeDirectory> named = new ArrayList<>(byName.getOrDefault(Keys.identity(agent.displayName()), List.of()));
        named.addAll(byName.getOrDefault(Keys.identity(agent.key()), List.of()));
        for (CodeDirectory directory : named) {
            if (view.identity(directory) instanceof Identity.Known known) {
                found.putIfAbsent(directory, List.of(CodeView.reported(known.name())));
            }
        }
        Integer port = view.directories().port(agent);
        if (port != null) {
            for (CodeDirectory directory : byPort.getOrDefault(port, List.of())) {
                found.putIfAbsent(
                        directory, view.directories().claims(directory).evidence(port));
            }
        }
        return found;
    }

    /** The agents whose name or key the directory reports. */
    List<DeclaredAgent> agents(CodeDirectory directory) {
        return view.identity(directory) instanceof Identity.Known known
                ? agents.getOrDefault(Keys.identity(known.name().value()), List.of())
                : List.of();
    }

    private static <K, V> void add(Map<K, List<V>> lists, K key, V value) {
        lists.computeIfAbsent(key, any -> new ArrayList<>()).add(value);
    }
}
