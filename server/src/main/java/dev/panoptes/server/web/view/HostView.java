package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One host.
 *
 * @param tab overview, processes or sensors
 * @param watched the name under which its sensors report
 * @param server where this server listens, for commands to copy
 * @param seen when it was last looked at; null for never
 * @param sockets how many listeners there are; those of one program on one port are one
 * @param further where the next listeners are; null on the last part
 * @param containers the first of them, those that run first
 * @param usage charts of the last 24 hours; empty where nothing measures
 * @param processes null on other tabs
 * @param sensors how they are, where its daemon tells, and what came of each
 */
public record HostView(
        String name,
        String tab,
        String watched,
        String server,
        @Nullable Instant seen,
        @Nullable String observer,
        List<Source> sources,
        List<Listener> listeners,
        int sockets,
        @Nullable String further,
        List<Unit> units,
        List<Container> containers,
        int containersInAll,
        List<AgentRow> agents,
        List<IssueLine> issues,
        List<Chart> usage,
        @Nullable Processes processes,
        Sensors sensors) {
    /** @param full whether all of it was seen @param reason why not */
    public record Source(String name, boolean full, String reason) {}

    /** @param agent null where none is declared there */
    public record Listener(
            String protocol,
            String address,
            int port,
            String owner,
            String unit,
            @Nullable AgentRow agent) {}

    /** @param tone of its state @param ports of the host that lead to it @param of what started it; empty where that is not known */
    public record Container(
            String name,
            String image,
            String state,
            String tone,
            String ports,
            String of,
            int restarts,
            String since) {}

    public record Unit(String name, String state, String enabled, int restarts, String since) {}

    /**
     * @param looked when all were last looked at; null where no sensor does, and only owners of sockets are known
     * @param sort tree, cpu, memory or ended
     * @param rows a part of them
     * @param left how many the filter leaves
     * @param sorts where each order is
     */
    public record Processes(
            @Nullable Instant looked,
            long running,
            long ended,
            String sort,
            String text,
            List<Process> rows,
            int left,
            int from,
            Map<String, String> sorts,
            @Nullable String previous,
            @Nullable String next) {}

    /**
     * @param ended null while it runs
     * @param end how it ended; empty while it runs
     * @param cpu empty where it was not measured
     */
    public record Process(
            int depth,
            int pid,
            String name,
            String command,
            String user,
            String unit,
            String cpu,
            String memory,
            @Nullable Instant started,
            @Nullable Instant ended,
            String end) {}

    /**
     * @param known whether a daemon can be told anything: a host whose observer has a token, or that was seen
     * @param daemon in a sentence; empty where none was heard
     * @param version of the newest configuration; 0 where there is none
     * @param state PENDING, APPLIED or FAILED; empty where no daemon was heard
     * @param error why the newest could not be applied; empty where it could
     * @param config null on other tabs
     */
    public record Sensors(
            boolean known,
            String daemon,
            boolean stale,
            int version,
            String state,
            String error,
            List<Sensor> all,
            AgentView.@Nullable Config config) {}

    /** @param state running, degraded, error, stopped, unknown; reports or silent where only its events tell */
    public record Sensor(
            String name,
            boolean enabled,
            String state,
            String reason,
            String interval,
            long events,
            long behind,
            long missing,
            String losses,
            @Nullable Instant last) {
        public String tone() {
            return switch (state) {
                case "running", "reports" -> "ok";
                case "degraded", "silent" -> "med";
                case "error" -> "crit";
                default -> "off";
            };
        }

        public boolean came() {
            return last != null;
        }
    }

    public String called() {
        return name.equals("local") ? "this host" : name;
    }
}
