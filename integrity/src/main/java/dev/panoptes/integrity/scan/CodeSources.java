package dev.panoptes.integrity.scan;

import dev.panoptes.code.CodeReader;
import dev.panoptes.code.CodeSource;
import dev.panoptes.code.FactCache;
import dev.panoptes.core.registry.Connection;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Registry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The reader of code that a scan uses. */
final class CodeSources {
    private CodeSources() {}

    /**
     * Knows the health endpoints that the registry names, beside the usual ones.
     *
     * @param cache where code facts are kept between scans; null: nowhere
     * @param clock that of the files' dates
     */
    static CodeSource of(Registry registry, @Nullable Path cache, InstantSource clock) {
        Set<String> endpoints = new HashSet<>(CodeReader.HEALTH_ENDPOINTS);
        for (DeclaredAgent agent : registry.declared()) {
            Connection connection = agent.connection();
            if (connection != null) {
                endpoints.add(connection.healthEndpoint());
            }
        }
        return new CodeReader(cache == null ? FactCache.none() : FactCache.in(cache), endpoints, clock);
    }
}
