package dev.panoptes.integrity.declared;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ports that files name beside what starts and stands in front of the fleet.
 *
 * @param local ports of the machine or container itself that a script or a configuration asks
 * @param apps what is deployed on Fly.io
 * @param named whatever else names a port of something of the fleet, found by a search of the texts
 */
public record PortMentions(List<LocalPort> local, List<FlyApp> apps, NamedPlaces named) {
    public static final PortMentions NONE = new PortMentions(List.of(), List.of(), NamedPlaces.NONE);

    public PortMentions {
        local = List.copyOf(local);
        apps = List.copyOf(apps);
    }

    /** The same with all that was found by a search that went on. */
    PortMentions with(NamedPlaces all) {
        return new PortMentions(local, apps, all);
    }

    /**
     * @param file rootPath
     * @param inContainer true where the file may lie in a container, whose loopback is its own
     */
    public record LocalPort(String file, int line, int port, String text, boolean inContainer) {}

    /**
     * An application of Fly.io (fly.io/docs/reference/configuration).
     *
     * @param file rootPath
     * @param port the {@code internal_port} to which Fly's proxy leads
     * @param environment of {@code [env]}
     * @param checked the paths that Fly's health checks ask, each with its line; empty where none is asked by HTTP
     * @param dockerfile rootPath of the one that it is built by; null where none is found
     * @param unclear why something else than the image's own command may run; null where it does not
     */
    public record FlyApp(
            String file,
            int line,
            int port,
            Map<String, String> environment,
            Map<String, Integer> checked,
            @Nullable String dockerfile,
            @Nullable String unclear) {
        public FlyApp {
            environment = Map.copyOf(environment);
            checked = Map.copyOf(checked);
        }
    }
}
