package dev.panoptes.integrity;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Registry;
import java.util.ArrayList;
import java.util.List;

/** Names of units that agents are said to have, so that an observer looks at them even where they are not in memory. */
public final class DeclaredUnits {
    private static final String SUFFIX = ".service";

    private DeclaredUnits() {}

    /** By the registry's {@code unit}, else by the profile's pattern; agents of which neither says one are left out. */
    public static List<String> names(Registry registry, Profile profile) {
        List<String> names = new ArrayList<>();
        String pattern = profile.unitPattern();
        for (DeclaredAgent agent : registry.agents()) {
            String unit = agent.unit();
            if (unit != null) {
                names.add(unit.endsWith(SUFFIX) ? unit : unit + SUFFIX);
            } else if (pattern != null) {
                names.add(pattern.replace("{key}", agent.key()));
            }
        }
        return names;
    }
}
