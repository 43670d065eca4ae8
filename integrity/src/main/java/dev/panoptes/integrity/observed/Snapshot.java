package dev.panoptes.integrity.observed;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an observer saw on one host, when, and what it was not allowed to see. Checks judge snapshots, never the machine.
 *
 * @param schema version of this format, {@link #SCHEMA}
 * @param taken when the observation ended
 * @param sources what was looked at and how far; a source that is missing was not looked at
 */
public record Snapshot(
        int schema,
        HostIdentity host,
        Instant taken,
        String observer,
        Map<Source, Coverage> sources,
        List<Listener> listeners,
        List<UnitState> units,
        List<Probe> probes,
        List<Container> containers) {
    public static final int SCHEMA = 1;

    public Snapshot {
        sources = Map.copyOf(sources);
        listeners = List.copyOf(listeners);
        units = List.copyOf(units);
        probes = List.copyOf(probes);
        containers = List.copyOf(containers);
    }

    /** Of a host without containers, or of an observer that did not look at them. */
    public Snapshot(
            int schema,
            HostIdentity host,
            Instant taken,
            String observer,
            Map<Source, Coverage> sources,
            List<Listener> listeners,
            List<UnitState> units,
            List<Probe> probes) {
        this(schema, host, taken, observer, sources, listeners, units, probes, List.of());
    }

    /** What an observer looks at. */
    public enum Source {
        SOCKETS,
        OWNERS,
        UNITS,
        PROBES,
        CONTAINERS
    }

    /** How far a source could be seen. */
    public sealed interface Coverage {
        record Complete() implements Coverage {}

        /** @param reason for example {@code owners hidden from uid 1000} */
        record Denied(String reason) implements Coverage {}

        /** The host has no such thing, for example no systemd. */
        record Absent(String reason) implements Coverage {}
    }

    /**
     * @param id stable id of the host as its observer knows it
     * @param name the name that the registry's {@code hosts} uses, or {@code local}
     * @param machineId an attribute, never identity: cloned images share it
     */
    public record HostIdentity(
            String id,
            String name,
            @Nullable String machineId,
            @Nullable String bootId) {}

    /**
     * A listening socket.
     *
     * @param protocol {@code tcp} or {@code udp}
     * @param address the literal address it is bound to; {@code 0.0.0.0} and {@code ::} are every address
     * @param dualStack true for an IPv6 wildcard that also takes IPv4
     * @param owners the processes that hold it, with SO_REUSEPORT and forked workers several; empty where unknown
     * @param ownerUnknown why the owners are not known; null where they are
     */
    public record Listener(
            String protocol,
            String address,
            int port,
            boolean dualStack,
            long inode,
            int uid,
            List<Owner> owners,
            @Nullable String ownerUnknown) {
        public Listener {
            owners = List.copyOf(owners);
        }
    }

    /**
     * A process that holds a socket.
     *
     * @param startTicks start time in clock ticks since boot (proc_pid_stat(5), field 22); with the pid it is an identity
     * @param exe resolved executable; null where it could not be read
     * @param exeDeleted true where the executable was removed or replaced since the start
     * @param cwd null where it could not be read
     * @param command arguments, masked
     * @param script the script, jar or module that an interpreter runs, absolute where it can be told; null for a native
     *     program or where it cannot be told
     * @param realScript {@code script} with links resolved; null where there is no such file
     * @param unit systemd unit of its cgroup, {@code user@UID.service/NAME} for one of a user's manager; null where none
     * @param container id of its container; null where none
     * @param apart why its paths or addresses are not the host's: a container, another root directory, another network
     *     namespace; null where they are the host's
     * @param codeDigest SHA-256 over the script, or the executable of a native program; null where it could not be read
     */
    public record Owner(
            int pid,
            long startTicks,
            int parentPid,
            int uid,
            @Nullable String exe,
            boolean exeDeleted,
            @Nullable String cwd,
            List<String> command,
            @Nullable String script,
            @Nullable String realScript,
            @Nullable String unit,
            @Nullable String container,
            @Nullable String apart,
            @Nullable String codeDigest) {
        public Owner {
            command = List.copyOf(command);
        }
    }

    /**
     * A unit as {@code systemctl show} tells it.
     *
     * @param loadState {@code loaded}, {@code not-found}, {@code masked} ...
     * @param unitFileState {@code enabled}, {@code disabled}, {@code static} ...; empty where unknown
     * @param restarts automatic restarts since somebody last started it; 0 where systemd does not count
     * @param mainPid 0 where it has none
     * @param fragmentPath the installed file; empty where none
     * @param fragmentDigest SHA-256 of the installed file; null where it could not be read
     * @param result why it ended last: {@code success}, {@code exit-code} ...
     * @param aliases its other names
     * @param type {@code simple}, {@code oneshot} ...; empty where unknown
     * @param activeSeconds for how long it has been active; null where it is not, or where that could not be told
     * @param triggeredBy timers, sockets and paths that start it
     * @param wantedBy units that want or require it
     * @param workingDirectory empty where none
     * @param effective what systemd makes of its files; null where the observer did not tell
     */
    public record UnitState(
            String name,
            String loadState,
            String activeState,
            String subState,
            String unitFileState,
            int restarts,
            int mainPid,
            String fragmentPath,
            @Nullable String fragmentDigest,
            String result,
            List<String> aliases,
            String type,
            @Nullable Long activeSeconds,
            List<String> triggeredBy,
            List<String> wantedBy,
            String workingDirectory,
            @Nullable Effective effective) {
        public UnitState {
            aliases = List.copyOf(aliases);
            triggeredBy = List.copyOf(triggeredBy);
            wantedBy = List.copyOf(wantedBy);
        }

        /** A unit of which no more is known. */
        public UnitState(
                String name,
                String loadState,
                String activeState,
                String subState,
                String unitFileState,
                int restarts,
                int mainPid,
                String fragmentPath,
                @Nullable String fragmentDigest,
                String result) {
            this(
                    name,
                    loadState,
                    activeState,
                    subState,
                    unitFileState,
                    restarts,
                    mainPid,
                    fragmentPath,
                    fragmentDigest,
                    result,
                    List.of(),
                    "",
                    null,
                    List.of(),
                    List.of(),
                    "",
                    null);
        }
    }

    /**
     * A unit as systemd runs it: its file, the drop-ins, and what changed since it read them.
     *
     * @param execStart the command lines that it starts, masked; empty where none
     * @param dropIns paths of the drop-ins that apply
     * @param needsReload true where a file has changed since systemd read it
     */
    public record Effective(List<String> execStart, List<String> dropIns, boolean needsReload) {
        public Effective {
            execStart = List.copyOf(execStart);
            dropIns = List.copyOf(dropIns);
        }
    }

    /**
     * One health request to one declared agent.
     *
     * @param agent the agent's key
     * @param url as requested
     * @param address the literal address that was connected to, or would have been; null where none was found
     * @param proof what signed the nonce of the request; null where the answer bore no signature
     */
    public record Probe(
            String agent,
            String url,
            int port,
            @Nullable String address,
            ProbeAnswer answer,
            @Nullable IdentityProof proof) {
        /** Without a signature. */
        public Probe(String agent, String url, int port, @Nullable String address, ProbeAnswer answer) {
            this(agent, url, port, address, answer, null);
        }
    }

    public Optional<Probe> probe(String agentKey) {
        return probes.stream().filter(probe -> probe.agent().equals(agentKey)).findFirst();
    }

    /** How far this source was seen; {@code Absent} where the observer did not look at it at all. */
    public Coverage coverage(Source source) {
        return sources.getOrDefault(source, new Coverage.Absent("not observed"));
    }
}
