package dev.panoptes.integrity.observed;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container as its engine tells it (Docker Engine API, which podman serves too).
 *
 * @param id its 64 hexadecimal digits
 * @param name without the leading slash
 * @param image as it was asked for when the container was made, such as {@code shop/api:1.4}
 * @param imageId digest of the image's configuration; empty where the engine did not tell
 * @param state {@code created}, {@code running}, {@code paused}, {@code restarting}, {@code exited} or {@code dead}
 * @param health {@code healthy}, {@code unhealthy} or {@code starting}; empty where it has no health check
 * @param exitCode of its last end; 0 while it runs
 * @param restarts how often the engine has started it again
 * @param restartPolicy {@code no}, {@code on-failure}, {@code always} or {@code unless-stopped}; empty where not told
 * @param hostNetwork true where it has the host's network
 * @param pid of its first process; 0 while it does not run
 * @param started when it was started last; null while it does not run, or where that was not told
 * @param addresses its addresses in the engine's networks
 * @param listening TCP sockets that listen in its network; null where they could not be seen
 * @param compose what started it; null where compose did not
 */
public record Container(
        String id,
        String name,
        String image,
        String imageId,
        String state,
        String health,
        int exitCode,
        int restarts,
        String restartPolicy,
        boolean hostNetwork,
        int pid,
        @Nullable Instant started,
        List<String> addresses,
        List<Published> published,
        @Nullable List<Inner> listening,
        @Nullable Compose compose) {
    public Container {
        addresses = List.copyOf(addresses);
        published = List.copyOf(published);
        listening = listening == null ? null : List.copyOf(listening);
    }

    /** With what listens in its network. */
    Container withListening(List<Inner> sockets) {
        return new Container(
                id,
                name,
                image,
                imageId,
                state,
                health,
                exitCode,
                restarts,
                restartPolicy,
                hostNetwork,
                pid,
                started,
                addresses,
                published,
                sockets,
                compose);
    }

    /** True where an IPv6 port only repeats one of IPv4: engines publish on both alike. */
    public boolean isTwin(Published port) {
        return port.address().indexOf(':') >= 0
                && published.stream()
                        .anyMatch(other -> other.address().indexOf(':') < 0
                                && other.port() == port.port()
                                && other.containerPort() == port.containerPort()
                                && other.protocol().equals(port.protocol()));
    }

    /** True while its processes run. */
    public boolean isRunning() {
        return state.equals("running") || state.equals("paused");
    }

    /**
     * A port of the host that leads to one of the container's.
     *
     * @param address of the host; {@code 0.0.0.0} and {@code ::} are every address
     * @param protocol {@code tcp}, {@code udp} or {@code sctp}
     */
    public record Published(String address, int port, int containerPort, String protocol) {}

    /** A TCP socket that listens in the container's network. @param address the literal address it is bound to */
    public record Inner(String address, int port) {
        /** True where only programs of the same container reach it. */
        public boolean isLoopback() {
            return address.startsWith("127.") || address.equals("::1");
        }
    }

    /**
     * The labels that compose gives.
     *
     * @param directory the project's, absolute on the host; empty where not told
     * @param files its compose files, absolute on the host; empty where not told
     * @param oneOff true for {@code compose run}
     */
    public record Compose(String project, String service, String directory, List<String> files, boolean oneOff) {
        public Compose {
            files = List.copyOf(files);
        }
    }
}
