package dev.panoptes.integrity.world;

import dev.panoptes.integrity.observed.Container;
import dev.panoptes.integrity.observed.Container.Compose;
import dev.panoptes.integrity.observed.Container.Inner;
import dev.panoptes.integrity.observed.Container.Published;
import dev.panoptes.integrity.observed.IdentityProof;
import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.HostIdentity;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Builds a {@link Snapshot} for the test of a check, taken a second before {@link WorldBuilder#NOW}, all of it seen. */
public final class Seen {
    private final String host;
    private String machineId;
    private String bootId;
    private Instant taken = WorldBuilder.NOW.minus(Duration.ofSeconds(1));
    private final Map<Source, Coverage> sources = new EnumMap<>(Source.class);
    private final List<Listener> listeners = new ArrayList<>();
    private final List<UnitState> units = new ArrayList<>();
    private final List<Probe> probes = new ArrayList<>();
    private final List<Container> containers = new ArrayList<>();

    private Seen(String host) {
        this.host = host;
        for (Source source : Source.values()) {
            sources.put(source, new Coverage.Complete());
        }
    }

    /** On the scanned host. */
    public static Seen here() {
        return new Seen("local");
    }

    public static Seen on(String host) {
        return new Seen(host);
    }

    /** Null for an id that its observer could not read. */
    public Seen machine(String id, String boot) {
        machineId = id;
        bootId = boot;
        return this;
    }

    public Seen taken(Duration age) {
        taken = WorldBuilder.NOW.minus(age);
        return this;
    }

    public Seen denied(Source source, String reason) {
        sources.put(source, new Coverage.Denied(reason));
        return this;
    }

    public Seen absent(Source source, String reason) {
        sources.put(source, new Coverage.Absent(reason));
        return this;
    }

    /** On every IPv4 address. */
    public Seen listener(int port, Process... owners) {
        return listener("0.0.0.0", port, owners);
    }

    public Seen listener(String address, int port, Process... owners) {
        List<Owner> held = Arrays.stream(owners).map(Process::build).toList();
        listeners.add(new Listener(
                "tcp",
                address,
                port,
                address.equals("::"),
                1_000 + listeners.size(),
                0,
                held,
                held.isEmpty() ? "owners hidden from uid 1000" : null));
        return this;
    }

    public Seen listener(Listener listener) {
        listeners.add(listener);
        return this;
    }

    public Seen unit(UnitState unit) {
        units.add(unit);
        return this;
    }

    public Seen probe(String agent, int port, ProbeAnswer answer) {
        return probe(agent, port, "127.0.0.1", answer);
    }

    public Seen probe(String agent, int port, String address, ProbeAnswer answer) {
        probes.add(new Probe(agent, "http://" + agent + ":" + port + "/health", port, address, answer));
        return this;
    }

    /** @param proof null for none */
    public Seen probe(String agent, int port, ProbeAnswer answer, IdentityProof proof) {
        probes.add(new Probe(agent, "http://" + agent + ":" + port + "/health", port, "127.0.0.1", answer, proof));
        return this;
    }

    public Seen container(Box box) {
        containers.add(box.build());
        return this;
    }

    public Snapshot build() {
        return new Snapshot(
                Snapshot.SCHEMA,
                new HostIdentity(host, host, machineId, bootId),
                taken,
                "test",
                sources,
                listeners,
                units,
                probes,
                containers);
    }

    /** An answer of status 200 that names an agent, and nothing else. */
    public static ProbeAnswer healthy(String identity) {
        return healthy(identity, null, null);
    }

    public static ProbeAnswer healthy(String identity, Integer port, String version) {
        return new ProbeAnswer.Healthy(200, identity, port, version, "ok", 3);
    }

    /** An answer that names an agent and tells what it offers; null where it does not tell all. */
    public static ProbeAnswer offering(String identity, List<String> offers) {
        return new ProbeAnswer.Healthy(200, identity, null, null, null, offers, 3);
    }

    public static ProbeAnswer faulty(String reason) {
        return new ProbeAnswer.Faulty(500, reason, true, 3);
    }

    /** Python that runs this script. */
    public static Process python(String script) {
        Process process = new Process();
        process.exe = "/usr/bin/python3.11";
        process.script = script;
        process.command = List.of("python3", script);
        return process;
    }

    /** A program of its own. */
    public static Process program(String exe) {
        Process process = new Process();
        process.exe = exe;
        process.command = List.of(exe);
        return process;
    }

    /** A process whose executable the observer may not see; no words where its command line is hidden too. */
    public static Process hidden(String... command) {
        Process process = new Process();
        process.command = List.of(command);
        return process;
    }

    /** The owner of a socket; the pid is 4000 unless said. */
    public static final class Process {
        private int pid = 4000;
        private int parent = 1;
        private String exe;
        private String cwd = "/";
        private List<String> command = List.of();
        private String script;
        private String realScript;
        private boolean resolved = true;
        private String unit;
        private String container;
        private String apart;
        private String digest;

        public Process pid(int value) {
            pid = value;
            return this;
        }

        public Process parent(int value) {
            parent = value;
            return this;
        }

        public Process cwd(String value) {
            cwd = value;
            return this;
        }

        /** The script is a link to this file. */
        public Process real(String value) {
            realScript = value;
            return this;
        }

        /** Whether the script is a link, and where to, could not be told. */
        public Process unresolved() {
            resolved = false;
            return this;
        }

        public Process unit(String value) {
            unit = value;
            return this;
        }

        public Process container(String value) {
            container = value;
            apart = "it runs in container " + value;
            return this;
        }

        public Process apart(String value) {
            apart = value;
            return this;
        }

        public Process digest(String value) {
            digest = value;
            return this;
        }

        public Process command(String... value) {
            command = List.of(value);
            return this;
        }

        Owner build() {
            return new Owner(
                    pid,
                    77,
                    parent,
                    0,
                    exe,
                    false,
                    cwd,
                    command,
                    script,
                    realScript != null
                            ? realScript
                            : resolved && script != null && script.startsWith("/") ? script : null,
                    unit,
                    container,
                    apart,
                    digest);
        }
    }

    /** A container that runs for an hour, with nothing published. */
    public static Box box(String name, String image) {
        return new Box(name, image);
    }

    public static final class Box {
        private final String name;
        private final String image;
        private String state = "running";
        private String health = "";
        private int exitCode;
        private int restarts;
        private String policy = "unless-stopped";
        private boolean hostNetwork;
        private Instant started = WorldBuilder.NOW.minus(Duration.ofHours(1));
        private final List<Published> published = new ArrayList<>();
        private List<Inner> listening = new ArrayList<>();
        private Compose compose;

        private Box(String name, String image) {
            this.name = name;
            this.image = image;
        }

        /** Its id: the name, filled up with zeros. */
        public static String id(String name) {
            return name + "0".repeat(64 - name.length());
        }

        /** Started from this file of the deployed tree. */
        public Box compose(String file, String service) {
            compose = new Compose(
                    "shop", service, WorldBuilder.DEPLOYED_AT, List.of(WorldBuilder.DEPLOYED_AT + "/" + file), false);
            return this;
        }

        /** By {@code docker compose run}. */
        public Box oneOff() {
            compose = new Compose(compose.project(), compose.service(), compose.directory(), compose.files(), true);
            return this;
        }

        public Box publishes(int port, int containerPort) {
            published.add(new Published("0.0.0.0", port, containerPort, "tcp"));
            published.add(new Published("::", port, containerPort, "tcp"));
            return this;
        }

        public Box listens(String address, int port) {
            listening.add(new Inner(address, port));
            return this;
        }

        public Box unseen() {
            listening = null;
            return this;
        }

        public Box state(String value, int code) {
            state = value;
            exitCode = code;
            return this;
        }

        public Box health(String value) {
            health = value;
            return this;
        }

        public Box restarts(int value, Duration lastAgo) {
            restarts = value;
            started = WorldBuilder.NOW.minus(lastAgo);
            return this;
        }

        public Box policy(String value) {
            policy = value;
            return this;
        }

        public Box onHostNetwork() {
            hostNetwork = true;
            return this;
        }

        Container build() {
            return new Container(
                    id(name),
                    name,
                    image,
                    "sha256:" + "a".repeat(64),
                    state,
                    health,
                    exitCode,
                    restarts,
                    policy,
                    hostNetwork,
                    state.equals("running") ? 4321 : 0,
                    started,
                    List.of("172.17.0.2"),
                    published,
                    listening,
                    compose);
        }
    }
}
