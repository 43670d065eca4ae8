package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.declared.BuildContext;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ContainerPorts;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DirectoryNames;
import dev.panoptes.integrity.declared.Links;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The compose files of a world as the checks on them see it. */
record ComposeView(Declarations declarations, Links links, ContainerPorts containers, Set<String> paths) {
    /** Empty where nothing is declared in compose files. */
    static Optional<ComposeView> of(World world) {
        Declarations declarations = world.declarations();
        if (declarations == null || declarations.composeFiles().isEmpty()) {
            return Optional.empty();
        }
        Set<String> paths = declarations.composeFiles().stream()
                .flatMap(file -> file.project().files().stream())
                .collect(Collectors.toUnmodifiableSet());
        return Optional.of(new ComposeView(
                declarations,
                world.links(),
                world.links().images().orElseThrow().containers(),
                paths));
    }

    List<ComposeFile> files() {
        return declarations.composeFiles();
    }

    /** False for what a service only took over from a compose file that is judged itself. */
    boolean isOwn(ComposeFile file, String writtenIn) {
        return file.holds(writtenIn) || !paths.contains(writtenIn);
    }

    /** The service, and the agent or code directory that it stands for. */
    List<String> affected(ComposeFile.Service service) {
        List<String> affected = new ArrayList<>(List.of(service.id()));
        Optional<DeclaredAgent> agent = links.agentOf(service);
        ComposeFile.Build build = service.build();
        if (agent.isPresent()) {
            affected.add(agent.get().key());
        } else if (build != null && BuildContext.of(declarations, build) instanceof BuildContext.Local context) {
            DirectoryNames.of(declarations, context.rootPath(), true).ifPresent(affected::add);
        }
        return affected;
    }

    static Evidence evidence(ComposeFile.Published published) {
        return new Evidence("compose", published.file(), published.line(), published.text());
    }

    static Evidence evidence(ComposeFile.Service service) {
        String image = service.image() == null ? "" : ", image " + service.image();
        return new Evidence("compose", service.file(), service.line(), "service " + service.name() + image);
    }

    static Evidence evidence(ComposeFile.Build build) {
        String dockerfile = build.dockerfile() == null ? "" : ", dockerfile " + build.dockerfile();
        return new Evidence("compose", build.file(), build.line(), "build " + build.context() + dockerfile);
    }

    /** Nobody can tell on what port a container listens: the same words for every check and service, so that a report folds them. */
    static CheckResult nothingTells(String subject, String reason) {
        return new CheckResult.Unknown(subject, "Nothing tells on what port the container listens: " + reason);
    }

    /** A service and the build section that it is judged by. */
    record Built(ComposeFile.Service service, ComposeFile.Build build) {}

    /** Every service with a build section of its own. */
    List<Built> built() {
        List<Built> built = new ArrayList<>();
        for (ComposeFile file : files()) {
            for (ComposeFile.Service service : file.services()) {
                ComposeFile.Build build = service.build();
                if (build != null && isOwn(file, build.file())) {
                    built.add(new Built(service, build));
                }
            }
        }
        return built;
    }

    /** Why others may listen in the container's network; null where none can. */
    static @Nullable String sharing(ComposeFile file, ComposeFile.Service service) {
        if (service.networkOf() != null) {
            return "it shares the network of " + service.networkOf();
        }
        for (ComposeFile.Service other : file.services()) {
            if (service.name().equals(other.networkOf())) {
                return other.name() + " shares its network";
            }
        }
        return null;
    }

    /** A port of the host that a service takes. */
    record Exposure(
            ComposeFile file,
            ComposeFile.Service service,
            String address,
            int port,
            String protocol,
            Evidence evidence) {}

    /**
     * What a file takes of the host.
     *
     * @param unknowns per service that may take more, why; at most one for each
     */
    record Exposures(List<Exposure> known, List<Unknown> unknowns) {}

    record Unknown(ComposeFile.Service service, String reason) {
        /** The same for all checks that it stops. */
        String text() {
            return "Which ports of the host " + service.id() + " takes is not known: " + reason;
        }
    }

    /** The host's ports that the services of a file take: those it publishes, and on the host's network what they bind. */
    Exposures exposures(ComposeFile file) {
        List<Exposure> known = new ArrayList<>();
        List<Unknown> unknowns = new ArrayList<>();
        for (ComposeFile.Service service : file.services()) {
            if (service.details().replicas() == 0) {
                continue;
            }
            if (service.hostNetwork()) {
                onHost(file, service, known, unknowns);
                continue;
            }
            Optional<String> open = Optional.empty();
            for (ComposeFile.Published published : service.ports()) {
                switch (published.host()) {
                    case PortValue.Known(int port, String variable) -> {
                        if (isOwn(file, published.file())) {
                            known.add(new Exposure(
                                    file,
                                    service,
                                    published.address(),
                                    port,
                                    published.protocol(),
                                    evidence(published)));
                        }
                    }
                    case PortValue.Unresolved(String reason, String variable) ->
                        open = isOwn(file, published.file()) ? Optional.of(reason) : open;
                    case null -> {
                        // Docker picks one that is free.
                    }
                }
            }
            open.ifPresent(reason -> unknowns.add(new Unknown(service, reason)));
        }
        return new Exposures(known, unknowns);
    }

    private void onHost(ComposeFile file, ComposeFile.Service service, List<Exposure> known, List<Unknown> unknowns) {
        switch (containers.of(service)) {
            case Listening.On on -> {
                String doubt = on.doubt();
                for (Bound bound : doubt == null ? on.ports() : List.<Bound>of()) {
                    known.add(new Exposure(file, service, "", bound.port(), "tcp", bound.evidence()));
                }
                if (doubt != null) {
                    unknowns.add(new Unknown(service, doubt));
                }
            }
            case Listening.Unknown(String reason) -> unknowns.add(new Unknown(service, reason));
            case Listening.NotJudged unused -> {
                // An image that is not in the tree.
            }
        }
    }
}
