package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Location;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an agent is reached, as written.
 *
 * @param url null where absent, empty, or a list or map
 * @param healthEndpoint path that begins with {@code /}; {@code /health} where the registry gives none
 * @param timeout null where absent or not a positive number of milliseconds
 */
public record Connection(
        @Nullable Located<String> url,
        String healthEndpoint,
        @Nullable Duration timeout,
        Location location) {
    public static final String DEFAULT_HEALTH_ENDPOINT = "/health";
}
