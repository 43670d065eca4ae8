package dev.panoptes.integrity.checks;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.checks.OwnerJudge.Verdict;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.observed.Container;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.world.World;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a container is the agent that the registry declares. Evidence in order of weight:
 *
 * <ol>
 *   <li>the compose file and service that the engine says it was started from, where that file is in the tree;
 *   <li>its image, where every compose service of the agent names one.
 * </ol>
 *
 * Its name proves nothing: whoever starts a container chooses it.
 */
final class ContainerJudge {
    private final World world;
    private final ContainerView containers;

    ContainerJudge(World world, ContainerView containers) {
        this.world = world;
        this.containers = containers;
    }

    /** @param owner a process of a container, or what holds a port of the host for one */
    Verdict judge(Owner owner, DeclaredAgent agent, String host) {
        Container container = container(owner, agent, host);
        if (container == null) {
            return new Verdict.Unknown(unknown(owner, host));
        }
        Optional<ComposeFile.Service> service = containers.service(container);
        return service.isPresent() ? byService(container, service.get(), agent) : byImage(container, agent);
    }

    private @Nullable Container container(Owner owner, DeclaredAgent agent, String host) {
        if (owner.container() != null) {
            return containers.byId(host, owner.container());
        }
        return world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at
                ? containers.byPort(host, at.port())
                : null;
    }

    private String unknown(Owner owner, String host) {
        String what = owner.container() != null
                ? "the process runs in a container"
                : "a container engine holds the port for a container";
        String unseen = containers.unseen(host);
        return unseen == null ? what + " that the engine does not list" : what + ", and " + unseen;
    }

    private Verdict byService(Container container, ComposeFile.Service service, DeclaredAgent agent) {
        Optional<DeclaredAgent> named = world.links().agentOf(service);
        if (named.isPresent()) {
            return named.get().key().equals(agent.key())
                    ? new Verdict.Itself()
                    : new Verdict.Another(
                            "is " + ContainerView.words(container) + ", which is compose service " + service.id()
                                    + " of " + named.get().key(),
                            List.of(named.get().key(), service.id()));
        }
        List<ComposeFile.Service> own = world.links().services(agent);
        return own.isEmpty()
                ? new Verdict.Unknown("it is " + ContainerView.words(container) + ", compose service " + service.id()
                        + ", which nothing declares to be " + agent.key())
                : new Verdict.Another(
                        "is " + ContainerView.words(container) + ", which is compose service " + service.id()
                                + " and not " + own.getFirst().id() + ", that of " + agent.key(),
                        List.of(service.id()));
    }

    private Verdict byImage(Container container, DeclaredAgent agent) {
        List<ComposeFile.Service> own = world.links().services(agent);
        boolean told = !own.isEmpty()
                && !ImageName.isId(container.image())
                && own.stream().allMatch(service -> service.image() != null && service.build() == null);
        if (!told) {
            return new Verdict.Unknown("it is " + ContainerView.words(container)
                    + ", which was started from no compose file of the scanned tree");
        }
        List<String> images =
                own.stream().map(service -> String.valueOf(service.image())).toList();
        if (images.stream().anyMatch(image -> ImageName.isSame(image, container.image()))) {
            return new Verdict.Itself();
        }
        if (images.stream()
                .anyMatch(image -> ImageName.repository(image).equals(ImageName.repository(container.image())))) {
            return new Verdict.Unknown("it is " + ContainerView.words(container) + ", another version of the declared "
                    + images.getFirst() + ", and was started from no compose file of the scanned tree");
        }
        return new Verdict.Another(
                "is " + ContainerView.words(container) + ", while compose service "
                        + own.getFirst().id() + " of " + agent.key() + " runs " + images.getFirst(),
                List.of(own.getFirst().id()));
    }
}
