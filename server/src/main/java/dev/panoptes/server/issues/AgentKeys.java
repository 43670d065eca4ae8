package dev.panoptes.server.issues;

import dev.panoptes.core.registry.Keys;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Under which agents an issue is found: what it affects, as keys link; of a compose service its name too. */
public final class AgentKeys {
    private AgentKeys() {}

    public static List<String> of(List<String> affected) {
        Set<String> keys = new LinkedHashSet<>();
        for (String each : affected) {
            keys.add(Keys.link(each));
            int service = each.lastIndexOf('#');
            if (service >= 0) {
                keys.add(Keys.link(each.substring(service + 1)));
            }
        }
        return List.copyOf(keys);
    }
}
