package dev.panoptes.integrity.checks;

import dev.panoptes.code.PathNames;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ContainerPorts;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.declared.Images;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.Launches;
import dev.panoptes.integrity.declared.NamedPlaces;
import dev.panoptes.integrity.declared.NamedPlaces.Kind;
import dev.panoptes.integrity.declared.NamedPlaces.Place;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.declared.Workload;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is known to listen in a fleet, asked by the name and port that a text names. */
final class OpenPorts {
    /** Servers that a machine often runs beside a fleet, by their usual ports, and what they are called in a fleet that has one. */
    private static final Map<Integer, String> USUAL = Map.ofEntries(
            Map.entry(5432, "postgres|pgbouncer|postgis|timescale|pgvector"),
            Map.entry(3306, "mysql|maria"),
            Map.entry(6379, "redis|valkey|keydb|dragonfly"),
            Map.entry(27017, "mongo"),
            Map.entry(9200, "elastic|opensearch"),
            Map.entry(5672, "rabbit|amqp"),
            Map.entry(1883, "mosquitto|mqtt|emqx"),
            Map.entry(11211, "memcache"),
            Map.entry(4222, "nats"),
            Map.entry(9092, "kafka|redpanda"),
            Map.entry(1025, "mailhog|mailpit|maildev"),
            Map.entry(587, "smtp|postfix"),
            Map.entry(4317, "otel|jaeger|tempo|collector|alloy"),
            Map.entry(4318, "otel|jaeger|tempo|collector|alloy"),
            Map.entry(8125, "statsd|graphite|telegraf"),
            Map.entry(6333, "qdrant"),
            Map.entry(11434, "ollama"),
            Map.entry(389, "ldap"),
            Map.entry(443, "https"));

    /** What a browser or a person asks, from outside of the container that is told so. */
    private static final Pattern ASKED_ELSEWHERE = Pattern.compile(
            "(?i).*(public|origin|cors|external|vite|react_app|site|callback|redirect|front|domain|browser|^base|app_base|self|root|app_url|host_url|issuer|advertise).*");

    /** What only developers use, who start everything by hand. */
    private static final Pattern DEVELOPERS = Pattern.compile(
            "(?i)(.*/)?(makefile|justfile|package\\.json|vite\\.config\\.\\w+|\\.env\\.(dev|development|local))");

    /** What may run in a browser, which asks the host. */
    private static final Pattern BROWSED = Pattern.compile(".*\\.(m?[jt]sx?|vue|svelte)");

    private final Declarations declarations;
    private final ContainerPorts containers;
    private final List<Launch> launches;
    private final Map<String, List<Named>> byName = new HashMap<>();
    private final Set<Integer> onHost = new HashSet<>();
    private final Set<Integer> launched = new HashSet<>();
    private final Set<Integer> inside = new HashSet<>();
    /** By their defaults: programs that nothing starts, which somebody starts by hand. */
    private final Set<Integer> byHand = new HashSet<>();

    /** Of all programs, as a developer starts them beside each other. */
    private final Set<Integer> byDefault = new HashSet<>();

    private @Nullable Set<Integer> byImages;
    private final StringBuilder words = new StringBuilder();

    /** @param folder of the file that names it so; null where the name counts everywhere */
    private record Named(@Nullable String folder, Collection<Integer> ports) {}

    OpenPorts(World world, Declarations declarations) {
        this.declarations = declarations;
        Launches started = world.links().launches();
        Images images = world.links().images().orElseThrow();
        this.containers = images.containers();
        this.launches = started.all();
        for (Launch launch : launches) {
            onHost.addAll(launch.hostPorts());
            launched.addAll(launch.hostPorts());
            inside.addAll(launch.bound());
            launch.forwarded().forEach(claim -> inside.add(claim.port()));
            words.append(launch.id()).append(' ');
            if (launch.kind() == Launch.Kind.POD) {
                Set<Integer> ports = new HashSet<>();
                launch.forwarded().forEach(claim -> ports.add(claim.port()));
                launch.names().forEach(name -> name(name, null, ports.isEmpty() ? launch.bound() : ports));
            }
        }
        for (ComposeFile file : declarations.composeFiles()) {
            file.services().forEach(service -> service(service, PathNames.parent(file.rootPath())));
        }
        for (Workload workload : declarations.workloads()) {
            workload.containers().forEach(container -> service(container, PathNames.parent(workload.file())));
        }
        for (DeclaredAgent agent : world.registry().declared()) {
            if (world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at) {
                onHost.add(at.port());
                name(agent.key(), null, List.of(at.port()));
                name(at.address(), null, List.of(at.port()));
            }
        }
        declarations.units().stream()
                .map(UnitFile::name)
                .forEach(name -> words.append(name).append(' '));
        declarations.code().directories().stream()
                .flatMap(directory -> directory.programs().stream())
                .forEach(program -> (started.starts(program) ? byDefault : byHand).addAll(program.ports()));
        launches.forEach(launch -> byDefault.addAll(launch.bound()));
    }

    private void service(ComposeFile.Service service, String folder) {
        Set<Integer> ports = new HashSet<>();
        if (containers.of(service) instanceof Listening.On on) {
            on.ports().forEach(bound -> ports.add(bound.port()));
        }
        inside.addAll(ports);
        name(service.name(), folder, ports);
        service.details().names().forEach(name -> name(name, folder, ports));
        words.append(service.name()).append(' ').append(service.image()).append(' ');
    }

    private void name(String name, @Nullable String folder, Collection<Integer> ports) {
        byName.computeIfAbsent(name.toLowerCase(Locale.ROOT), unused -> new ArrayList<>())
                .add(new Named(folder, ports));
    }

    /** True for the usual port of a server of which the fleet has none: it is somebody else's. */
    boolean isOfOthers(Place place) {
        if (place.variable().equals(NamedPlaces.PORT)) {
            // What a service is told of itself is its own.
            ComposeFile.Service service = place.kind() == Kind.COMPOSE ? serviceAt(place) : null;
            return service != null && service.name().equalsIgnoreCase(place.host());
        }
        String called = place.isLocal() ? USUAL.get(place.port()) : null;
        return called != null
                && !onHost.contains(place.port())
                && !inside.contains(place.port())
                && !Pattern.compile(called).matcher(words).find();
    }

    /** True where a launch takes this port of the host, or a program has it by itself. */
    boolean isTaken(int port) {
        return launched.contains(port) || byHand.contains(port) || byDefault.contains(port);
    }

    /** True where something listens that the place can mean. */
    boolean includes(Place place) {
        return place.isLocal() ? local(place) : named(place);
    }

    private boolean named(Place place) {
        List<Named> all = byName.getOrDefault(place.host(), List.of());
        // A name is that of the project in whose folder it is written, where there is one.
        int nearest = all.stream()
                .filter(each -> each.folder() != null && isBelow(place.file(), each.folder()))
                .mapToInt(each -> String.valueOf(each.folder()).length())
                .max()
                .orElse(-1);
        List<Named> near = all.stream()
                .filter(each -> each.folder() != null
                        && each.folder().length() == nearest
                        && isBelow(place.file(), each.folder()))
                .toList();
        List<Named> cluster = isOfCluster(place)
                ? all.stream().filter(each -> each.folder() == null).toList()
                : List.of();
        if (!cluster.isEmpty()) {
            return cluster.stream().anyMatch(each -> each.ports().contains(place.port()));
        }
        boolean fromOutside = place.variable().equals(NamedPlaces.PORT) || isDomain(place.host());
        return (near.isEmpty() ? all : near)
                        .stream().anyMatch(each -> each.ports().contains(place.port()))
                || (fromOutside && onHost.contains(place.port()));
    }

    /** An object of Kubernetes, or a patch of one, which asks the cluster's services and not those of compose. */
    private boolean isOfCluster(Place place) {
        String text = place.file().endsWith("ml") ? declarations.code().text(place.file()) : null;
        return text != null && text.contains("apiVersion:") && text.contains("kind:");
    }

    /** A name that may be known outside of the network of the containers too. */
    private static boolean isDomain(String host) {
        return host.indexOf('.') > 0 && !host.contains(".svc");
    }

    private boolean local(Place place) {
        if (place.variable().equals(NamedPlaces.INSIDE)) {
            return within(place);
        }
        boolean host = onHost.contains(place.port())
                || byHand.contains(place.port())
                || (DEVELOPERS.matcher(place.file()).matches() && byDefault.contains(place.port()));
        List<ComposeFile.Service> given = given(place);
        if (!given.isEmpty() && !ASKED_ELSEWHERE.matcher(place.variable()).matches()) {
            return given.stream().anyMatch(service -> listens(service, place.port()));
        }
        if (place.kind() == Kind.COMPOSE) {
            ComposeFile.Service service = serviceAt(place);
            boolean own = service != null && listens(service, place.port());
            boolean outside = service == null
                    || service.hostNetwork()
                    || ASKED_ELSEWHERE.matcher(place.variable()).matches();
            return own || (host && outside);
        }
        if (place.kind() == Kind.SOURCE) {
            List<Launch> running = launches.stream()
                    .filter(launch -> place.file().equals(launch.program())
                            || (!BROWSED.matcher(place.file()).matches()
                                    && launch.directory() != null
                                    && isBelow(place.file(), launch.directory())))
                    .toList();
            if (!running.isEmpty() && running.stream().noneMatch(Launch::onHost)) {
                return launches.stream()
                        .filter(launch ->
                                running.stream().anyMatch(each -> each.space().equals(launch.space())))
                        .anyMatch(launch -> launch.bound().contains(place.port()));
            }
        }
        return host || ((place.inContainer() || place.kind() == Kind.IMAGE) && inside.contains(place.port()));
    }

    /** The services whose {@code env_file} a place stands in, and which get it so, in a network of their own; their loopback is meant. */
    private List<ComposeFile.Service> given(Place place) {
        List<ComposeFile.Service> given = new ArrayList<>();
        if (place.kind() != Kind.SETTING || place.variable().isEmpty()) {
            return given;
        }
        for (ComposeFile file : declarations.composeFiles()) {
            for (ComposeFile.Service service : file.services()) {
                String value = service.environment().known().get(place.variable());
                boolean reads = service.details().environmentFiles().stream()
                        .anyMatch(each -> place.file().equals(each.rootPath()));
                if (reads
                        && value != null
                        && (value.contains("localhost:" + place.port())
                                || value.contains("127.0.0.1:" + place.port()))) {
                    if (service.hostNetwork()) {
                        return List.of();
                    }
                    given.add(service);
                }
            }
        }
        return given;
    }

    private boolean within(Place place) {
        ComposeFile.Service service = place.kind() == Kind.COMPOSE ? serviceAt(place) : null;
        if (service != null) {
            return listens(service, place.port());
        }
        return inside.contains(place.port())
                || byHand.contains(place.port())
                || byDefault.contains(place.port())
                || onHost.contains(place.port())
                || byImages().contains(place.port());
    }

    private boolean listens(ComposeFile.Service service, int port) {
        return containers.of(service) instanceof Listening.On on && on.includes(port);
    }

    /** Where the programs of images listen that are started by themselves, or by Fly. */
    private Set<Integer> byImages() {
        Set<Integer> known = byImages;
        if (known == null) {
            known = new HashSet<>();
            List<ComposeFile.Service> alone = new ArrayList<>();
            for (Dockerfile dockerfile : declarations.dockerfiles()) {
                alone.add(ContainerPorts.alone(dockerfile));
                declarations.mentions().apps().stream()
                        .filter(app -> dockerfile.rootPath().equals(app.dockerfile()))
                        .forEach(app -> alone.add(ContainerPorts.alone(dockerfile, app.environment())));
            }
            for (ComposeFile.Service each : alone) {
                if (containers.of(each) instanceof Listening.On on) {
                    for (Bound bound : on.ports()) {
                        known.add(bound.port());
                    }
                }
            }
            byImages = known;
        }
        return known;
    }

    /** The service in whose lines a place of a compose file stands; null where that cannot be told. */
    private ComposeFile.@Nullable Service serviceAt(Place place) {
        ComposeFile.Service last = null;
        for (ComposeFile file : declarations.composeFiles()) {
            for (ComposeFile.Service service : file.services()) {
                if (service.file().equals(place.file())
                        && service.line() <= place.line()
                        && (last == null || service.line() > last.line())) {
                    last = service;
                }
            }
        }
        return last;
    }

    private static boolean isBelow(String file, String folder) {
        return folder.isEmpty() || file.startsWith(folder + "/");
    }
}
