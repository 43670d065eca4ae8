package dev.panoptes.server.detections;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.detection.intent.Declaration;
import dev.panoptes.detection.intent.Declaration.Kind;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.fleet.UnitNames;
import java.util.ArrayList;
import java.util.List;

/** What of a registry findings are weighed by: of agents that are to run, their units, programs and endpoints. */
final class DeclaredFacts {
    private static final String ADDRESS = "[0-9.]{7,15}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*";

    private final String local;

    /** @param local how events of this host name it */
    DeclaredFacts(String local) {
        this.local = local;
    }

    /** How events name a host that the registry names. */
    String host(String declared) {
        return declared.equals(DeclaredHost.LOCAL) ? local : declared;
    }

    List<Declaration> of(Registry registry, Profile profile) {
        List<Declaration> facts = new ArrayList<>();
        for (DeclaredAgent agent : registry.agents()) {
            for (String declared : registry.hostsOf(agent)) {
                String host = host(declared);
                // A name that follows from the key alone still says whose the unit is.
                UnitNames.expected(agent, profile)
                        .forEach(unit -> facts.add(new Declaration(host, Kind.UNIT, unit, agent.key())));
                if (agent.exe() != null) {
                    facts.add(new Declaration(host, Kind.PROGRAM, agent.exe(), agent.key()));
                }
            }
            if (registry.endpoint(agent) instanceof DeclaredEndpoint.At at
                    && at.address().matches(ADDRESS)) {
                facts.add(new Declaration("", Kind.ENDPOINT, at.address() + ":" + at.port(), agent.key()));
            }
        }
        return facts;
    }
}
