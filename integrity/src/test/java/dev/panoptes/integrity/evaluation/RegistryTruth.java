package dev.panoptes.integrity.evaluation;

import dev.panoptes.integrity.evaluation.Fleet.Agent;
import dev.panoptes.integrity.evaluation.Fleet.Chain;
import dev.panoptes.integrity.evaluation.Fleet.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is wrong with the registry itself. */
final class RegistryTruth {
    private RegistryTruth() {}

    static List<Label> of(Fleet fleet) {
        List<Label> labels = new ArrayList<>();
        Map<Integer, List<String>> ports = new HashMap<>();
        for (Agent agent : fleet.agents) {
            if (agent.port != null && agent.url == null && agent.host == null) {
                ports.computeIfAbsent(agent.port, any -> new ArrayList<>()).add(agent.key);
            }
            if (agent.port == null && agent.url == null) {
                labels.add(Label.of("missing-url", agent.key));
            }
            if (agent.url != null && agent.url.startsWith("not")) {
                labels.add(Label.of("invalid-url", agent.key));
            }
            if (agent.url != null && agent.url.endsWith(":99999")) {
                labels.add(Label.of("invalid-port", agent.key));
            }
            if (agent.actions.isEmpty()) {
                labels.add(Label.of("no-actions", agent.key));
            }
            if (agent.actions.stream().anyMatch(action -> action.endpoint() == null)) {
                labels.add(Label.of("invalid-action", agent.key));
            }
        }
        ports.forEach((port, keys) -> {
            if (keys.size() > 1) {
                Label label = Label.of("port-conflict", Integer.toString(port));
                // containers may each have the port in a network of its own
                boolean contained = fleet.agents.stream()
                        .anyMatch(agent -> keys.contains(agent.key)
                                && !Truth.services(agent, fleet).isEmpty()
                                && fleet.units.stream()
                                        .noneMatch(unit ->
                                                Truth.agentsOf(unit, fleet).contains(agent)));
                labels.add(contained ? label.open() : label);
            }
        });
        for (int i = 0; i < fleet.agents.size(); i++) {
            for (int j = i + 1; j < fleet.agents.size(); j++) {
                Agent a = fleet.agents.get(i);
                Agent b = fleet.agents.get(j);
                if (Truth.identity(a.key).equals(Truth.identity(b.key))
                        || Truth.identity(a.name).equals(Truth.identity(b.name))) {
                    labels.add(Label.of("duplicate-agent", a.key, b.key));
                }
            }
        }
        chains(fleet, labels);
        return labels;
    }

    private static void chains(Fleet fleet, List<Label> labels) {
        Set<String> keys = new HashSet<>();
        fleet.agents.forEach(agent -> keys.add(Truth.link(agent.key)));
        Set<String> chains = new HashSet<>();
        fleet.chains.forEach(chain -> chains.add(chain.name()));
        for (Chain chain : fleet.chains) {
            Set<String> ids = new HashSet<>();
            for (Step step : chain.steps()) {
                if (!ids.add(step.id())) {
                    labels.add(Label.of("chain-duplicate-step", chain.name()));
                }
                if (step.agent() != null && !keys.contains(Truth.link(step.agent()))) {
                    labels.add(Label.of("invalid-chain-ref", chain.name(), step.agent()));
                } else if (step.agent() != null
                        && Truth.withKey(step.agent(), fleet).stream()
                                .noneMatch(agent -> agent.actions.stream()
                                        .anyMatch(action -> action.name().equals(step.action())))) {
                    labels.add(Label.of("chain-unknown-action", chain.name()));
                }
                if (step.chain() != null && reaches(step.chain(), chain.name(), fleet)) {
                    labels.add(Label.of("chain-cycle", chain.name()));
                }
            }
        }
        fleet.intentAgents.stream()
                .filter(agent -> !keys.contains(Truth.link(agent)))
                .forEach(agent -> labels.add(Label.of("intent-unknown-agent", agent)));
        fleet.intentChains.stream()
                .filter(chain -> !chains.contains(chain))
                .forEach(chain -> labels.add(Label.of("intent-unknown-chain", chain)));
    }

    private static boolean reaches(String from, String wanted, Fleet fleet) {
        if (from.equals(wanted)) {
            return true;
        }
        return fleet.chains.stream()
                .filter(chain -> chain.name().equals(from))
                .flatMap(chain -> chain.steps().stream())
                .anyMatch(step -> wanted.equals(step.chain()));
    }
}
