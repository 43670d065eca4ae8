package dev.panoptes.integrity.checks;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.HostProxy;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.world.World;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Agents whose declared port is a gateway's, which leads on to their own (docs/registry.md). */
final class Gateways {
    private Gateways() {}

    /**
     * What stands between the declared port and those that an agent binds: a pass where a web server of the tree leads from the one
     * to another of them, unknown where one may; empty where nothing says so.
     */
    static Optional<CheckResult> before(
            World world, DeclaredAgent agent, DeclaredEndpoint.At declared, Collection<Integer> binds) {
        Declarations declarations = world.declarations();
        List<HostProxy> listening = declarations == null
                ? List.of()
                : declarations.proxies().stream()
                        .filter(proxy -> proxy.listens().stream().anyMatch(listen -> listen.port() == declared.port()))
                        .toList();
        if (listening.stream()
                .flatMap(proxy -> proxy.asked().stream())
                .anyMatch(asked -> binds.contains(asked.port()))) {
            return Optional.of(new CheckResult.Pass(agent.key()));
        }
        boolean shared = declared.path().length() > 1
                && world.registry().agents().stream()
                        .filter(other -> !other.key().equals(agent.key()))
                        .anyMatch(other -> world.registry().endpoint(other) instanceof DeclaredEndpoint.At at
                                && at.port() == declared.port()
                                && at.host().equals(declared.host())
                                && at.path().length() > 1
                                && !at.path().equals(declared.path()));
        return shared
                ? Optional.of(new CheckResult.Unknown(
                        agent.key(),
                        "Several agents are declared on port " + declared.port()
                                + " by their paths, so a gateway that was not read may lead on to them"))
                : Optional.empty();
    }
}
