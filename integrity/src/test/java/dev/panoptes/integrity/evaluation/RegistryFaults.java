package dev.panoptes.integrity.evaluation;

import dev.panoptes.integrity.evaluation.Fleet.Action;
import dev.panoptes.integrity.evaluation.Fleet.Agent;
import dev.panoptes.integrity.evaluation.Fleet.Chain;
import dev.panoptes.integrity.evaluation.Fleet.Step;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Mistakes in the registry alone. */
final class RegistryFaults {
    private RegistryFaults() {}

    static void plant(Fleet fleet, Supplier<Agent> sound, Prose prose) {
        // two agents on one port
        Agent first = sound.get();
        sound.get().port = first.port;
        // without a URL, with one that is none, with a port that is none
        Agent silent = sound.get();
        silent.port = null;
        Agent wrong = sound.get();
        wrong.url = "not a url";
        wrong.port = null;
        Agent high = sound.get();
        high.url = "http://" + high.key + ":99999";
        high.port = null;
        // without actions, and with ones that cannot be called
        sound.get().actions.clear();
        Agent careless = sound.get();
        careless.actions.add(new Action("broken", null, "POST"));
        // two keys that differ in the separator only
        Agent twin = sound.get();
        if (twin.key.contains("-")) {
            Agent other = new Agent(twin.key.replace('-', '_'), prose.word(), prose.port());
            other.actions.add(new Action("run", "/run", "POST"));
            fleet.agents.add(other);
        } else {
            Agent other = new Agent(twin.key.toUpperCase(Locale.ROOT), prose.word(), prose.port());
            other.actions.add(new Action("run", "/run", "POST"));
            fleet.agents.add(other);
        }
        String key = first.key;
        fleet.chains.add(new Chain("lost", List.of(new Step("one", "nobody-" + prose.word(), "run", null))));
        fleet.chains.add(new Chain("wish", List.of(new Step("one", key, "fly-" + prose.word(), null))));
        fleet.chains.add(new Chain("round", List.of(new Step("one", null, null, "about"))));
        fleet.chains.add(new Chain("about", List.of(new Step("one", null, null, "round"))));
        fleet.chains.add(new Chain(
                "double", List.of(new Step("same", key, "run", null), new Step("same", key, "status", null))));
        fleet.intentAgents.add("nobody-" + prose.word());
        fleet.intentChains.add("no-chain-" + prose.word());
    }
}
