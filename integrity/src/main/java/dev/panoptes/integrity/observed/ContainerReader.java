package dev.panoptes.integrity.observed;

import dev.panoptes.integrity.observed.Container.Compose;
import dev.panoptes.integrity.observed.Container.Published;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The answer to {@code GET /containers/ID/json} (Docker Engine API 1.24 and later, podman's compatible API) to a
 * {@link Container}. Pure; what is missing counts as not told.
 */
final class ContainerReader {
    private static final String LABELS = "com.docker.compose.";

    private ContainerReader() {}

    static Container read(JsonNode answer) {
        JsonNode state = answer.path("State");
        JsonNode config = answer.path("Config");
        JsonNode host = answer.path("HostConfig");
        String status = text(state.path("Status"));
        boolean runs = status.equals("running") || status.equals("paused");
        return new Container(
                text(answer.path("Id")),
                text(answer.path("Name")).replaceFirst("^/", ""),
                text(config.path("Image")),
                text(answer.path("Image")),
                status,
                health(state),
                state.path("ExitCode").asInt(0),
                answer.path("RestartCount").asInt(0),
                text(host.path("RestartPolicy").path("Name")),
                text(host.path("NetworkMode")).equals("host"),
                runs ? state.path("Pid").asInt(0) : 0,
                runs ? started(text(state.path("StartedAt"))) : null,
                addresses(answer.path("NetworkSettings")),
                published(answer.path("NetworkSettings").path("Ports")),
                null,
                compose(config.path("Labels")));
    }

    private static String text(JsonNode node) {
        return node.isString() ? node.asString() : "";
    }

    /** podman says {@code none} or leaves the status empty where there is no check, Docker leaves the field out. */
    private static String health(JsonNode state) {
        String health = text(state.path("Health").path("Status"));
        return health.equals("none") ? "" : health;
    }

    private static @Nullable Instant started(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static List<String> addresses(JsonNode settings) {
        Set<String> addresses = new LinkedHashSet<>();
        addresses.add(text(settings.path("IPAddress")));
        settings.path("Networks").values().forEach(network -> {
            addresses.add(text(network.path("IPAddress")));
            addresses.add(text(network.path("GlobalIPv6Address")));
        });
        addresses.remove("");
        return List.copyOf(addresses);
    }

    /** {@code "80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]}; null for a port that is only exposed. */
    private static List<Published> published(JsonNode ports) {
        List<Published> published = new ArrayList<>();
        for (String key : ports.propertyNames()) {
            String[] parts = key.split("/", 2);
            for (JsonNode binding : ports.path(key)) {
                int inner = port(parts[0]);
                int outer = port(text(binding.path("HostPort")));
                if (inner > 0 && outer > 0) {
                    String address = text(binding.path("HostIp"));
                    published.add(new Published(
                            address.isEmpty() ? "0.0.0.0" : address,
                            outer,
                            inner,
                            parts.length > 1 ? parts[1] : "tcp"));
                }
            }
        }
        return published;
    }

    private static int port(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535 ? Integer.parseInt(text) : 0;
    }

    private static @Nullable Compose compose(JsonNode labels) {
        String service = text(labels.path(LABELS + "service"));
        if (service.isEmpty()) {
            return null;
        }
        List<String> files = new ArrayList<>();
        for (String file : text(labels.path(LABELS + "project.config_files")).split(",")) {
            if (!file.isBlank()) {
                files.add(file.strip());
            }
        }
        return new Compose(
                text(labels.path(LABELS + "project")),
                service,
                text(labels.path(LABELS + "project.working_dir")),
                files,
                text(labels.path(LABELS + "oneoff")).equalsIgnoreCase("true"));
    }
}
