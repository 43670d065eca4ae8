package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.Launch.Claim;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The launches of quadlets and of jobs of Nomad. */
final class WorkloadLaunches {
    private final ContainerPorts containers;
    private final HostPrograms programs;
    private final LaunchPlaces places;

    WorkloadLaunches(ContainerPorts containers, HostPrograms programs, LaunchPlaces places) {
        this.containers = containers;
        this.programs = programs;
        this.places = places;
    }

    Launch of(Workload workload, ComposeFile.Service container) {
        List<Claim> claims = new ArrayList<>();
        String unknown = null;
        switch (containers.of(container)) {
            case Listening.On on -> {
                on.ports().forEach(bound -> claims.add(new Claim(bound.port(), bound.evidence(), bound.address())));
                unknown = on.doubt();
            }
            case Listening.Unknown(String reason) -> unknown = reason;
            case Listening.NotJudged notJudged -> unknown = Launch.IMAGE_ONLY;
        }
        Set<String> names = new LinkedHashSet<>(List.of(container.name()));
        names.addAll(container.details().names());
        List<Claim> published = new ArrayList<>();
        String open = published(workload, claims, published);
        return new Launch(
                Launch.Kind.WORKLOAD,
                container.id(),
                containers.program(container).orElse(null),
                places.directory(container, containers.program(container).orElse(null))
                        .orElse(null),
                container.hostNetwork() ? new Launch.Space.Host() : workload.space(),
                List.copyOf(names),
                claims,
                published,
                either(unknown, either(open, workload.unknown())));
    }

    private static @Nullable String either(@Nullable String first, @Nullable String second) {
        return first == null || (first.equals(Launch.IMAGE_ONLY) && second != null) ? second : first;
    }

    /** Ports of the host that lead to it; of several containers in one network those that lead to what it binds. */
    private static @Nullable String published(Workload workload, List<Claim> claims, List<Claim> into) {
        String unknown = null;
        boolean alone = workload.containers().size() == 1;
        for (ComposeFile.Published each : workload.ports()) {
            boolean leads = alone
                    || claims.stream()
                            .anyMatch(claim -> each.container() instanceof PortValue.Known inside
                                    && inside.port() == claim.port());
            if (!leads) {
                continue;
            }
            switch (each.host()) {
                case PortValue.Known(int port, String variable) ->
                    into.add(new Claim(
                            port, Workload.evidence(each), each.address().isEmpty() ? null : each.address()));
                case PortValue.Unresolved(String reason, String variable) -> unknown = reason;
                case null -> unknown = "the host's port is picked when it starts";
            }
        }
        return unknown;
    }

    Launch of(Workload workload, HostProcess process) {
        UnitPrograms.Ports bound = programs.bound(process);
        List<Claim> claims = new ArrayList<>();
        bound.ports()
                .forEach((port, evidence) ->
                        evidence.forEach(one -> claims.add(new Claim(port, one, bound.address(port)))));
        String program = programs.program(process).orElse(null);
        List<Claim> published = new ArrayList<>();
        workload.ports().stream()
                .filter(each -> each.host() instanceof PortValue.Known
                        && each.container() instanceof PortValue.Known inside
                        && bound.ports().containsKey(inside.port()))
                .forEach(each ->
                        published.add(new Claim(((PortValue.Known) each.host()).port(), Workload.evidence(each))));
        return new Launch(
                Launch.Kind.WORKLOAD,
                process.id(),
                program,
                program == null ? null : places.directoryOf(program).orElse(null),
                workload.space(),
                List.of(process.name()),
                claims,
                published,
                either(bound.unknown(), workload.unknown()));
    }
}
