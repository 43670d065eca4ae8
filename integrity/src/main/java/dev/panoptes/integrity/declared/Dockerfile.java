package dev.panoptes.integrity.declared;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Dockerfile, final stage.
 *
 * @param rootPath below the scan's root
 * @param directory rootPath of its folder; empty for the root itself
 * @param exposed ports of EXPOSE
 * @param start what CMD and ENTRYPOINT start; null where neither says or it cannot be told
 * @param environment variables with known values that ENV sets, ARG defaults followed; never printed whole
 */
public record Dockerfile(
        String rootPath,
        String directory,
        List<Exposed> exposed,
        @Nullable StartCommand start,
        Map<String, String> environment) {
    public Dockerfile {
        environment = Map.copyOf(environment);
        exposed = List.copyOf(exposed);
    }

    /** @param protocol {@code tcp} or {@code udp} */
    public record Exposed(PortValue port, String protocol, int line) {}
}
