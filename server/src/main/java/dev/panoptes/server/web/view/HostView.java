package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One host.
 *
 * @param seen when it was last looked at; null for never
 * @param processes those that hold sockets, children below their parents
 */
public record HostView(
        String name,
        @Nullable Instant seen,
        @Nullable String observer,
        List<Source> sources,
        List<Listener> listeners,
        List<Unit> units,
        List<Process> processes,
        List<AgentRow> agents,
        List<IssueLine> issues,
        List<Sensor> sensors) {
    /** @param full whether all of it was seen @param reason why not */
    public record Source(String name, boolean full, String reason) {}

    /** @param agent null where none is declared there */
    public record Listener(
            String protocol,
            String address,
            int port,
            String owner,
            String unit,
            String user,
            @Nullable AgentRow agent) {}

    public record Unit(String name, String state, String enabled, int restarts, String since) {}

    public record Process(int depth, int pid, String command, String exe, String unit, String uid) {}

    public record Sensor(String name, String state, String last, String detail) {}

    public String called() {
        return name.equals("local") ? "this host" : name;
    }
}
