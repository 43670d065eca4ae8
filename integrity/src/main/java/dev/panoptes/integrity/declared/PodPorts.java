package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.Manifests.ContainerPort;
import dev.panoptes.integrity.declared.Manifests.PodContainer;
import dev.panoptes.integrity.declared.Manifests.Workload;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/** On which ports the containers of pods listen, as far as commands, images and code of the tree tell it. */
public final class PodPorts {
    private final ContainerPorts containers;

    PodPorts(ContainerPorts containers) {
        this.containers = containers;
    }

    /** As {@link ContainerPorts#of}; a command is the manifest's. */
    public Listening of(PodContainer container) {
        return switch (containers.of(container.runs())) {
            case Listening.On on -> {
                List<Bound> ports = on.ports().stream()
                        .map(bound -> new Bound(bound.port(), manifest(bound.evidence()), bound.address()))
                        .toList();
                Evidence command = on.command();
                yield new Listening.On(
                        ports,
                        command == null ? null : manifest(command),
                        on.doubt() == null ? container.doubt() : on.doubt());
            }
            case Listening.Unknown unknown -> unknown;
            case Listening.NotJudged notJudged -> notJudged;
        };
    }

    private static Evidence manifest(Evidence evidence) {
        return evidence.source().equals("compose")
                ? new Evidence("manifest", evidence.file(), evidence.line(), evidence.text())
                : evidence;
    }

    Optional<String> program(PodContainer container) {
        return containers.program(container.runs());
    }

    /** Whether a port is opened in the network of a pod. */
    public sealed interface Opened {
        /** Some container says so, or its code does. */
        record Yes() implements Opened {}

        /** @param others the ports that are opened; @param evidence what says so */
        record No(SequencedSet<Integer> others, List<Evidence> evidence) implements Opened {}

        /** @param reason one sentence without a full stop */
        record Unknown(String reason) implements Opened {}
    }

    /**
     * What is known of a port of a pod. It is not opened where every container tells which ports it opens, by its command and code or by
     * declaring some, and it is none of them.
     */
    public Opened opens(Workload workload, int port, Set<String> protocols) {
        SequencedSet<Integer> others = new LinkedHashSet<>();
        List<Evidence> evidence = new ArrayList<>();
        String unknown = null;
        for (PodContainer container : workload.containers()) {
            boolean told = false;
            for (ContainerPort declared : container.ports()) {
                if (!(declared.number() instanceof PortValue.Known(int number, String _))) {
                    unknown = "a port of " + container.id() + " is filled in by a tool";
                } else if (number == port && protocols.contains(declared.protocol())) {
                    return new Opened.Yes();
                } else if (protocols.contains(declared.protocol())) {
                    told = true;
                    others.add(number);
                    evidence.add(declared.evidence());
                }
            }
            switch (of(container)) {
                case Listening.On on -> {
                    if (on.includes(port)) {
                        return new Opened.Yes();
                    }
                    on.ports().forEach(bound -> others.add(bound.port()));
                    evidence.addAll(on.evidence());
                    if (on.doubt() != null && !told) {
                        unknown = container.id() + " may open others: " + on.doubt();
                    }
                }
                case Listening.Unknown(String reason) ->
                    unknown = told ? unknown : "what " + container.id() + " opens is not known: " + reason;
                case Listening.NotJudged notJudged ->
                    unknown = told ? unknown : "only the image of " + container.id() + " knows what it opens";
            }
        }
        if (unknown != null || others.isEmpty()) {
            return new Opened.Unknown(unknown == null ? "its containers are not known" : unknown);
        }
        return new Opened.No(others, evidence.stream().distinct().toList());
    }

    /**
     * What holds a port of a pod on the loopback only, so that nobody outside of it reaches it. Told of pods of one container of which
     * all is known: in others a neighbour may lead to it.
     *
     * @return empty where somebody else than the loopback is served, and where that is not known
     */
    public List<Bound> onLoopback(Workload workload, int port) {
        if (workload.containers().size() != 1
                || !(of(workload.containers().getFirst()) instanceof Listening.On on)
                || on.doubt() != null) {
            return List.of();
        }
        List<Bound> bound =
                on.ports().stream().filter(each -> each.port() == port).toList();
        return bound.stream().allMatch(Bound::onLoopback) ? bound : List.of();
    }
}
