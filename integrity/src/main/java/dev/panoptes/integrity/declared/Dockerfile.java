package dev.panoptes.integrity.declared;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Dockerfile, final stage.
 *
 * @param rootPath below the scan's root
 * @param directory rootPath of its folder; empty for the root itself
 * @param exposed ports of EXPOSE
 * @param start what CMD and ENTRYPOINT start; null where neither says or it cannot be told
 */
public record Dockerfile(
        String rootPath,
        String directory,
        List<Exposed> exposed,
        @Nullable StartCommand start) {
    public Dockerfile {
        exposed = List.copyOf(exposed);
    }

    /** @param protocol {@code tcp} or {@code udp} */
    public record Exposed(PortValue port, String protocol, int line) {}
}
