package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Location;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A machine that the registry names.
 *
 * @param address host name or IP literal; null where the registry gives none
 */
public record DeclaredHost(String name, @Nullable String address, Map<String, String> labels, Location location) {
    /** The host that is being scanned. */
    public static final String LOCAL = "local";

    public DeclaredHost {
        labels = Map.copyOf(labels);
    }
}
