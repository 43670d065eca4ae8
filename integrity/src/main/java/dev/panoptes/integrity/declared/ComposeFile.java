package dev.panoptes.integrity.declared;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A compose file. */
public record ComposeFile(String rootPath, List<Service> services) {
    public ComposeFile {
        services = List.copyOf(services);
    }

    /**
     * @param hostNetwork true for {@code network_mode: host}: what the container listens on is on the host
     * @param build null where the service has no build section
     * @param command the service's {@code command} or {@code entrypoint}; null where absent
     * @param environment variables with known values
     */
    public record Service(
            String name,
            int line,
            List<Published> ports,
            List<String> profiles,
            boolean hostNetwork,
            @Nullable Build build,
            @Nullable StartCommand command,
            @Nullable HealthcheckPort healthcheck,
            Map<String, String> environment) {
        public Service {
            ports = List.copyOf(ports);
            profiles = List.copyOf(profiles);
            environment = Map.copyOf(environment);
        }
    }

    /**
     * One published port; a range gives one each.
     *
     * @param address the host address, {@code ""} for every address
     * @param host null where Docker picks one
     */
    public record Published(
            String address, @Nullable PortValue host, PortValue container, String protocol, int line, String text) {}

    /** @param context as written, relative to the file's folder; @param dockerfile as written, null where absent */
    public record Build(String context, @Nullable String dockerfile, int line) {}

    public record HealthcheckPort(PortValue port, int line, String text) {}
}
