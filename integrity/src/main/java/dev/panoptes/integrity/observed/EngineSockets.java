package dev.panoptes.integrity.observed;

import dev.panoptes.core.Boundary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where container engines listen. */
@Boundary("reads where container engines listen from the environment")
public final class EngineSockets {
    private static final String UNIX = "unix://";

    private EngineSockets() {}

    /** As the environment of this program says. */
    public static List<Path> usual() {
        return of(System.getenv("DOCKER_HOST"), System.getenv("CONTAINER_HOST"), System.getenv("XDG_RUNTIME_DIR"));
    }

    /**
     * The usual places of Docker and podman, of the system and of the user who looks, and those that the engines' own variables
     * name.
     *
     * @param dockerHost {@code DOCKER_HOST}; null where unset; what is no Unix socket is another machine and is left out
     * @param containerHost {@code CONTAINER_HOST}, podman's; null where unset
     * @param runtimeDirectory {@code XDG_RUNTIME_DIR}, where rootless engines listen; null where unset
     */
    public static List<Path> of(
            @Nullable String dockerHost, @Nullable String containerHost, @Nullable String runtimeDirectory) {
        List<Path> sockets = new ArrayList<>();
        for (String host : new String[] {dockerHost, containerHost}) {
            if (host != null && host.startsWith(UNIX + "/")) {
                sockets.add(Path.of(host.substring(UNIX.length())));
            }
        }
        sockets.add(Path.of("/run/docker.sock"));
        sockets.add(Path.of("/var/run/docker.sock"));
        sockets.add(Path.of("/run/podman/podman.sock"));
        if (runtimeDirectory != null && runtimeDirectory.startsWith("/")) {
            sockets.add(Path.of(runtimeDirectory, "docker.sock"));
            sockets.add(Path.of(runtimeDirectory, "podman", "podman.sock"));
        }
        return List.copyOf(sockets);
    }
}
