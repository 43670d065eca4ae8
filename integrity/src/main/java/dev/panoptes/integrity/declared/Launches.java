package dev.panoptes.integrity.declared;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.Program;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.Launch.Claim;
import dev.panoptes.integrity.declared.Launch.Space;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every launch that the units, compose files, manifests and Dockerfiles of a tree declare. */
public final class Launches {
    /** No launch is declared. */
    static final Launches NONE = new Launches();

    private static final int MOST = 20_000;

    private final List<Launch> all = new ArrayList<>();
    private final Map<UnitFile, Launch> units = new HashMap<>();
    private final Map<ComposeFile.Service, Launch> services = new HashMap<>();
    private final Map<HostProcess, Launch> processes = new HashMap<>();
    private final Map<String, Launch> pods = new HashMap<>();
    private final Map<HostProcess, String> missing = new HashMap<>();
    private final Set<String> programs = new HashSet<>();
    private final Set<String> directories = new HashSet<>();
    private final Map<String, String> templates = new HashMap<>();

    private Launches() {}

    Launches(Declarations declarations, Images images) {
        LaunchPlaces places = new LaunchPlaces(declarations, images.modules());
        UnitPrograms started = new UnitPrograms(declarations);
        for (UnitFile unit : declarations.units()) {
            if (unit.serves() && roomForMore()) {
                Launch launch = of(unit, started, places);
                units.put(unit, launch);
                add(launch);
            } else if (unit.template()) {
                templated(unit, declarations, places);
            }
        }
        ContainerPorts containers = images.containers();
        Set<String> built = new HashSet<>();
        for (ComposeFile file : declarations.composeFiles()) {
            for (ComposeFile.Service service : file.services()) {
                places.dockerfile(service).ifPresent(built::add);
                if (service.details().replicas() > 0 && roomForMore()) {
                    Launch launch = of(file, service, containers, places);
                    services.put(service, launch);
                    add(launch);
                }
            }
        }
        for (Manifests.ManifestSet set : declarations.manifests().sets()) {
            for (Manifests.Workload workload : set.workloads()) {
                for (Manifests.PodContainer container : workload.containers()) {
                    places.dockerfile(container.runs()).ifPresent(built::add);
                    // Overlays declare one container in several ways; the first stands for it.
                    if (!workload.ends() && roomForMore() && !pods.containsKey(container.id())) {
                        Launch launch = PodLaunches.of(set, workload, container, images.pods(), places);
                        pods.put(container.id(), launch);
                        add(launch);
                    }
                }
            }
        }
        HostPrograms hosted = new HostPrograms(declarations);
        WorkloadLaunches ofWorkloads = new WorkloadLaunches(containers, hosted, places);
        for (Workload workload : declarations.workloads()) {
            for (ComposeFile.Service container : workload.containers()) {
                places.dockerfile(container).ifPresent(built::add);
                if (roomForMore()) {
                    Launch launch = ofWorkloads.of(workload, container);
                    services.put(container, launch);
                    add(launch);
                }
            }
            for (HostProcess process : workload.processes()) {
                if (roomForMore()) {
                    Launch launch = ofWorkloads.of(workload, process);
                    processes.put(process, launch);
                    add(launch);
                }
            }
        }
        ImageProcesses inImages = new ImageProcesses(declarations, images.contexts());
        SupervisedPrograms supervised = new SupervisedPrograms(declarations, images.modules());
        Set<String> scripts = new HashSet<>(programs);
        declarations
                .dockerfiles()
                .forEach(dockerfile -> places.program(dockerfile).ifPresent(scripts::add));
        for (HostProcess process : declarations.processes()) {
            // What a unit or container runs is that launch's, and its programs are followed there.
            if (!scripts.contains(process.file()) && roomForMore()) {
                Launch launch = of(process, hosted, places, inImages.of(process));
                processes.put(process, launch);
                (launch.onHost() ? hosted.missing(process) : supervised.missing(process, launch))
                        .ifPresent(path -> missing.put(process, path));
                add(launch);
            }
        }
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            places.program(dockerfile)
                    .filter(program -> !built.contains(dockerfile.rootPath()) && !programs.contains(program))
                    .ifPresent(program -> all.add(new Launch(
                            Launch.Kind.IMAGE,
                            dockerfile.rootPath(),
                            program,
                            places.directoryOf(program).orElse(null),
                            new Space.Container(dockerfile.rootPath()),
                            List.of(),
                            List.of(),
                            List.of(),
                            "nothing of the tree starts the image")));
        }
    }

    private boolean roomForMore() {
        return all.size() < MOST;
    }

    private void add(Launch launch) {
        all.add(launch);
        if (launch.program() != null) {
            programs.add(launch.program());
        }
        if (launch.directory() != null) {
            directories.add(launch.directory());
        }
    }

    /** All of them: units, services, containers of pods, other processes, then images that nothing starts. */
    public List<Launch> all() {
        return List.copyOf(all);
    }

    /** Empty for a unit that serves nothing: a template, or a job that ends. */
    public Optional<Launch> of(UnitFile unit) {
        return Optional.ofNullable(units.get(unit));
    }

    /** Empty for a service of which no container runs. */
    public Optional<Launch> of(ComposeFile.Service service) {
        return Optional.ofNullable(services.get(service));
    }

    /** Empty for a container of a job. */
    public Optional<Launch> of(Manifests.PodContainer container) {
        return Optional.ofNullable(pods.get(container.id()));
    }

    /** Empty for one that a unit or container starts by the file that holds it. */
    public Optional<Launch> of(HostProcess process) {
        return Optional.ofNullable(processes.get(process));
    }

    /**
     * Where the script that a process starts should lie, where it does not: a path below the root, or an absolute one of its
     * container; empty where it does, or that is not known.
     */
    public Optional<String> missing(HostProcess process) {
        return Optional.ofNullable(missing.get(process));
    }

    /** True where a launch starts this program, so that its own defaults count no longer. */
    public boolean starts(Program program) {
        return programs.contains(program.rootPath());
    }

    /** The code directories that an instance works in: nobody starts them but an instance. */
    private void templated(UnitFile template, Declarations declarations, LaunchPlaces places) {
        String working = template.workingDirectory();
        if (template.details().job()) {
            return;
        }
        if (working == null || !(working.contains("%i") || working.contains("%I"))) {
            places.directory(template, null).ifPresent(path -> templates.putIfAbsent(path, template.name()));
            return;
        }
        for (CodeDirectory directory : declarations.code().directories()) {
            String path = directory.rootPath();
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (!name.isEmpty()
                    && declarations.paths().locate(working.replace("%i", name).replace("%I", name))
                            instanceof DeployedPath.Below(String rootPath, boolean exists, boolean folder)
                    && rootPath.equals(path)) {
                templates.putIfAbsent(path, template.name());
            }
        }
    }

    /** The template whose instance would start this directory, where nothing else does; empty for others. */
    public Optional<String> template(CodeDirectory directory) {
        return starts(directory) ? Optional.empty() : Optional.ofNullable(templates.get(directory.rootPath()));
    }

    /** True where a launch starts something of this directory. */
    public boolean starts(CodeDirectory directory) {
        return directories.contains(directory.rootPath());
    }

    private static Launch of(UnitFile unit, UnitPrograms started, LaunchPlaces places) {
        UnitPrograms.Ports bound = started.bound(unit);
        List<Claim> claims = new ArrayList<>();
        bound.ports()
                .forEach((port, evidence) ->
                        evidence.forEach(one -> claims.add(new Claim(port, one, bound.address(port)))));
        String program = started.module(unit) instanceof UnitPrograms.Module.Exists(String rootPath) ? rootPath : null;
        return new Launch(
                Launch.Kind.UNIT,
                unit.name(),
                program,
                places.directory(unit, program).orElse(null),
                new Space.Host(),
                List.of(),
                claims,
                List.of(),
                bound.unknown());
    }

    private static Launch of(HostProcess process, HostPrograms started, LaunchPlaces places, @Nullable String image) {
        UnitPrograms.Ports bound = started.bound(process);
        List<Claim> claims = new ArrayList<>();
        bound.ports()
                .forEach((port, evidence) ->
                        evidence.forEach(one -> claims.add(new Claim(port, one, bound.address(port)))));
        // What passes the port stands beside what binds it.
        for (int port : bound.ports().keySet()) {
            if (claims.stream().noneMatch(claim -> claim.evidence().equals(process.evidence()))) {
                claims.add(new Claim(port, process.evidence(), bound.address(port)));
            }
        }
        String program = started.program(process).orElse(null);
        String directory = process.directory();
        return new Launch(
                Launch.Kind.PROCESS,
                process.id(),
                program,
                program != null
                        ? places.directoryOf(program).orElse(null)
                        : directory == null
                                ? null
                                : places.directoryOf(directory).orElse(null),
                image == null ? new Space.Host() : new Space.Container(image),
                List.of(),
                claims,
                List.of(),
                bound.unknown());
    }

    private static Launch of(
            ComposeFile file, ComposeFile.Service service, ContainerPorts containers, LaunchPlaces places) {
        List<Claim> claims = new ArrayList<>();
        List<Claim> published = new ArrayList<>();
        String unknown = null;
        switch (containers.of(service)) {
            case Listening.On on -> {
                on.ports().forEach(bound -> claims.add(new Claim(bound.port(), bound.evidence(), bound.address())));
                unknown = on.doubt();
            }
            case Listening.Unknown(String reason) -> unknown = reason;
            case Listening.NotJudged notJudged -> unknown = Launch.IMAGE_ONLY;
        }
        for (ComposeFile.Published each : service.ports()) {
            switch (each.host()) {
                case PortValue.Known(int port, String variable) ->
                    published.add(new Claim(port, new Evidence("compose", each.file(), each.line(), each.text())));
                case PortValue.Unresolved(String reason, String variable) ->
                    unknown = unknown == null || unknown.equals(Launch.IMAGE_ONLY) ? reason : unknown;
                case null -> unknown = unknown == null ? "Docker picks the host port" : unknown;
            }
        }
        String network = service.networkOf();
        Set<String> names = new LinkedHashSet<>(List.of(service.name()));
        names.addAll(service.details().names());
        return new Launch(
                Launch.Kind.SERVICE,
                service.id(),
                containers.program(service).orElse(null),
                places.directory(service, containers.program(service).orElse(null))
                        .orElse(null),
                service.hostNetwork()
                        ? new Space.Host()
                        : new Space.Container(file.rootPath() + "#" + (network == null ? service.name() : network)),
                List.copyOf(names),
                claims,
                service.hostNetwork() ? List.of() : published,
                unknown);
    }
}
