package dev.panoptes.integrity.fleet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One fleet's habits, from a shipped data file.
 *
 * @param registry absolute path of its registry, or null
 * @param agentsPath absolute path of its agents' code, or null
 * @param unitPattern name of an agent's unit with {@code {key}} for the key, or null
 * @param coreAgents keys of the agents that must have a unit
 * @param hermesUrl where alerts go, or null
 * @param eventBusUrl where events go, or null
 * @param heartbeatDir where sensors leave heartbeat files, or null
 * @param launchDate the day it counts down to, as ISO 8601 has it, or null
 */
public record Profile(
        String name,
        @Nullable String registry,
        @Nullable String agentsPath,
        @Nullable String unitPattern,
        List<String> coreAgents,
        @Nullable String hermesUrl,
        @Nullable String eventBusUrl,
        @Nullable String heartbeatDir,
        @Nullable String launchDate) {
    /** No profile: nothing is assumed. */
    public static final Profile NONE = new Profile("", null, null, null, List.of(), null, null, null, null);

    public Profile {
        coreAgents = List.copyOf(coreAgents);
    }
}
