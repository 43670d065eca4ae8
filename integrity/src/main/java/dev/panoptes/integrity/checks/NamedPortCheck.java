package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.NamedPlaces;
import dev.panoptes.integrity.declared.NamedPlaces.Place;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The net below all checks on ports: a place that names a port of something of the fleet, and that none of them has judged, passes
 * where that is known to listen there and is unknown otherwise. It accuses nobody, for it knows nothing of what it reads.
 */
final class NamedPortCheck implements Check {
    static final String NOBODY =
            "Nothing of the tree is known to listen on the port that is named here, and no other check judges the place";
    static final String MORE = "There are more texts or places that name ports than are searched";

    static final String NO_LAUNCH =
            "Nothing of the tree is known to take the port of this host that the registry declares, nor what starts the agent";

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "named-port",
                Severity.LOW,
                CheckGroup.CODE,
                "a port that a text names, which no other check judges, is not known to be open");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        NamedPlaces named = declarations.mentions().named();
        List<DeclaredAgent> unlinked = unlinked(world);
        if (named.places().isEmpty() && unlinked.isEmpty()) {
            return results;
        }
        OpenPorts open = new OpenPorts(world, declarations);
        for (DeclaredAgent agent : unlinked) {
            if (world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at && !open.isTaken(at.port())) {
                results.add(new CheckResult.Unknown(agent.key(), NO_LAUNCH));
            }
        }
        Map<String, CheckResult> judged = new LinkedHashMap<>();
        for (Place place : named.places()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between ports that are named");
            }
            if (!open.isOfOthers(place)) {
                String subject = place.file() + "#" + place.host() + ":" + place.port();
                if (!open.includes(place)) {
                    judged.put(subject, new CheckResult.Unknown(subject, NOBODY));
                } else {
                    judged.putIfAbsent(subject, new CheckResult.Pass(subject));
                }
            }
        }
        results.addAll(judged.values());
        if (!named.complete()) {
            results.add(new CheckResult.Unknown("more", MORE));
        }
        return results;
    }

    /** Agents of this host whose launches are not known, so that no check compares their ports with anything. */
    private static List<DeclaredAgent> unlinked(World world) {
        if (world.links().launches().all().isEmpty()) {
            return List.of();
        }
        return world.registry().agents().stream()
                .filter(agent -> world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at
                        && (at.address().equals("localhost") || at.address().startsWith("127."))
                        && world.links().launches(agent).isEmpty()
                        && world.links().directory(agent).isEmpty())
                .toList();
    }
}
