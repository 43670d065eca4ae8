package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.ReportedName;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.Connection;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.integrity.declared.Directories;
import dev.panoptes.integrity.declared.Identity;
import dev.panoptes.integrity.declared.Links;
import dev.panoptes.integrity.world.World;

/** The world as the checks on code see it. */
record CodeView(Registry registry, Links links, Directories directories) {
    static CodeView of(World world) {
        return new CodeView(world.registry(), world.links(), world.links().code());
    }

    /** The host that this directory's agent runs on; the scanned one where it has no agent. */
    String host(CodeDirectory directory) {
        return links.agentOf(directory).map(registry::hostOf).orElse(DeclaredHost.LOCAL);
    }

    Identity identity(CodeDirectory directory) {
        return directories.identity(directory, links.agentOf(directory).orElse(null));
    }

    /** HTTPS without a port is answered by a proxy, whose port says nothing about the code's. */
    static boolean endsBefore(DeclaredEndpoint.At declared, DeclaredAgent agent) {
        String url = agent.connection() == null || agent.connection().url() == null
                ? ""
                : agent.connection().url().value();
        return (declared.scheme().equals("https") && !url.contains(":" + declared.port()))
                || isClusterName(declared.address());
    }

    /** A name that Kubernetes gives a Service, which has an address of its own and forwards its ports to others. */
    static boolean isClusterName(String address) {
        return address.endsWith(".svc") || address.endsWith(".svc.cluster.local");
    }

    /** Where the agent's key stands. */
    Evidence declared(DeclaredAgent agent) {
        return new Evidence("registry", registry.file(), agent.location().line(), "agent " + agent.key());
    }

    /** Where the agent's URL stands, or its key where it has none. */
    Evidence url(DeclaredAgent agent) {
        Connection connection = agent.connection();
        if (connection == null || connection.url() == null) {
            return declared(agent);
        }
        Location location = connection.url().location();
        return new Evidence(
                "registry",
                registry.file(),
                location.line(),
                agent.key() + ": url " + connection.url().value());
    }

    /** Where the agent's name stands, or its key where it has none. */
    Evidence name(DeclaredAgent agent) {
        return agent.name() == null
                ? declared(agent)
                : new Evidence(
                        "registry",
                        registry.file(),
                        agent.name().location().line(),
                        agent.key() + ": name " + agent.name().value());
    }

    static Evidence reported(ReportedName name) {
        return new Evidence("code", name.file(), name.line(), name.text());
    }
}
