package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Location;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an agent is reached, as written.
 *
 * @param url null where absent, empty, or a list or map
 * @param protocol {@link Protocol#HTTP} where the registry gives none, or none that is known
 * @param healthEndpoint path that begins with {@code /}; where the registry gives none that of the protocol, which may be
 *     empty
 * @param timeout null where absent or not a positive number of milliseconds
 */
public record Connection(
        @Nullable Located<String> url,
        Protocol protocol,
        String healthEndpoint,
        @Nullable Duration timeout,
        Location location) {
    public static final String DEFAULT_HEALTH_ENDPOINT = Protocol.HTTP.endpoint();
}
